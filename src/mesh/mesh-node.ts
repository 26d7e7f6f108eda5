// A running node: the machine, its driver, its ring and its listeners behind the `Mesh` interface.

import type { Discovery, DiscoveryHealth } from '../discovery/index.ts';
import type { FileJournal } from '../journal/index.ts';
import type { Transport } from '../net/index.ts';
import type { RingView } from '../ring/index.ts';
import { NodeStatus, type StatusSource } from '../status/index.ts';
import type {
	Address,
	Command,
	CommandResult,
	JoinAnswer,
	Member,
	Memberlist,
	MeshEvent,
	NetworkInput,
	Output,
} from '../swim/index.ts';
import { formatAddress } from '../swim/index.ts';
import type { Keyring } from '../wire/index.ts';
import type { AlarmClock } from './alarm-clock.ts';
import { type Clock, startIncarnation } from './clock.ts';
import { Diagnostics } from './diagnostics.ts';
import { Driver } from './driver.ts';
import { MeshError, stoppedError } from './errors.ts';
import type { EventHub, OwnerChange } from './events.ts';
import type { Mesh, MeshListeners } from './mesh.ts';
import { checkPeers } from './options.ts';
import { resolvePeers } from './peers.ts';
import { checkUserTags } from './tags.ts';

type Tags = Readonly<Record<string, string>>;
type Goodbye = Awaited<ReturnType<Mesh['leave']>>;
type Question = Extract<Command, { id: number }>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

export interface MeshNodeParts {
	readonly machine: Memberlist;
	readonly transport: Transport;
	readonly clock: Clock;
	/** The one of the process. */
	readonly alarmClock: AlarmClock;
	readonly hub: EventHub;
	/** What others are told. */
	readonly address: Address;
	/** Port of peers that name none. */
	readonly defaultPort: number;
	/** Tags that the user cannot set. */
	readonly ownTags: Tags;
	readonly discovery: readonly Discovery[];
	readonly keyring: Keyring | undefined;
	/** What records the machine; closed with the node. */
	readonly journal: FileJournal | undefined;
}

export class MeshNode implements Mesh {
	readonly address: Address;
	readonly status: StatusSource;
	readonly #parts: MeshNodeParts;
	readonly #driver: Driver;
	readonly #status: NodeStatus;
	readonly #diagnostics: Diagnostics;
	readonly #waiting = new Map<number, (result: CommandResult) => void>();
	readonly #closing = new AbortController();
	#commands = 0;
	#leaving: Promise<Goodbye> | undefined;
	#closed: Promise<void> | undefined;

	constructor(parts: MeshNodeParts) {
		const { machine, transport, clock, hub } = parts;
		this.#parts = parts;
		this.address = parts.address;
		const diagnostics = new Diagnostics(machine.config.name);
		this.#diagnostics = diagnostics;
		this.#status = new NodeStatus({
			machine,
			now: () => clock.now(),
			wallMs: (instant) => clock.wallMs(instant),
			onEvent: (listener) => hub.on('event', listener),
			onProbe: (member, answer, tookMs) => diagnostics.probe(member, answer, tookMs),
		});
		this.status = this.#status.source;
		this.#driver = new Driver({
			machine,
			transport: {
				perform: (output) => {
					diagnostics.sent(output);
					transport.perform(output);
				},
			},
			clock,
			alarmClock: parts.alarmClock,
			note: (output) => this.#note(output),
			publish: () => hub.publish(),
		});
	}

	get name(): string {
		return this.#parts.machine.config.name;
	}

	get self(): Member {
		return this.#parts.machine.self;
	}

	get members(): readonly Member[] {
		return this.#parts.machine.members().filter((member) => member.state === 'alive' || member.state === 'suspect');
	}

	get ring(): RingView {
		return this.#status.ring;
	}

	get keyring(): Keyring | undefined {
		return this.#parts.keyring;
	}

	get discovery(): readonly DiscoveryHealth[] {
		return this.#parts.discovery.map((provider) => provider.health);
	}

	member(name: string): Member | undefined {
		return this.#parts.machine.member(name);
	}

	on<E extends keyof MeshListeners>(event: E, listener: MeshListeners[E]): () => void {
		return this.#parts.hub.on(event, listener);
	}

	events(signal?: AbortSignal): AsyncIterable<MeshEvent> {
		const stream = this.#parts.hub.stream(signal);
		if (this.#closed) stream.end();
		return stream;
	}

	/** First step of the node's life; from here on it speaks. */
	start(): void {
		const incarnation = startIncarnation(this.#parts.clock.wallMs(this.#parts.clock.now()));
		this.#driver.input({ type: 'start', advertise: this.address, incarnation });
		for (const provider of this.#parts.discovery) void this.#follow(provider);
	}

	/** Closes without a goodbye when the signal aborts. */
	closeOn(signal: AbortSignal): void {
		signal.addEventListener('abort', () => void this.close(), { once: true, signal: this.#closing.signal });
	}

	deliver(input: NetworkInput): void {
		this.#diagnostics.received(input);
		this.#driver.deliver(input);
	}

	join(peers: readonly string[]): Promise<readonly JoinAnswer[]> {
		return this.#diagnostics.command('join', () => this.#join(peers));
	}

	setTags(tags: Tags): Promise<void> {
		return this.#diagnostics.command('set-tags', () => this.#setTags(tags));
	}

	remove(name: string): Promise<void> {
		return this.#diagnostics.command('remove', async () => void (await this.#ask({ type: 'remove', name })));
	}

	leave(): Promise<Goodbye> {
		this.#leaving ??= this.#diagnostics.command('leave', () => this.#leave());
		return this.#leaving;
	}

	async #join(peers: readonly string[]): Promise<readonly JoinAnswer[]> {
		checkPeers('join', peers);
		const resolving = resolvePeers(peers, this.#parts.defaultPort);
		const { addresses, failed } = await beforeAbort(resolving, this.#closing.signal);
		let answers = failed;
		if (addresses.length > 0) {
			const result = await this.#ask({ type: 'join', addresses });
			if (result.type === 'join') answers = [...result.answers, ...failed];
		}
		if (!answers.some((answer) => answer.ok)) throw new MeshError('MESH_JOIN_FAILED', joinFailure(answers));
		return answers;
	}

	async #setTags(tags: Tags): Promise<void> {
		checkUserTags(tags);
		await this.#ask({ type: 'set-tags', tags: { ...tags, ...this.#parts.ownTags } });
	}

	close(): Promise<void> {
		this.#closed ??= this.#close();
		return this.#closed;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		if (this.#closed) await this.#closed;
		else await this.leave();
	}

	async #leave(): Promise<Goodbye> {
		const result = await this.#ask({ type: 'leave' });
		await this.close();
		const { told, of, tookMs } = result as Extract<CommandResult, { type: 'leave' }>;
		return { told, of, tookMs };
	}

	async #close(): Promise<void> {
		this.#driver.stop();
		this.#closing.abort();
		this.#waiting.clear();
		await this.#parts.transport.close();
		await this.#parts.journal?.close();
		this.#parts.hub.close();
	}

	/** Sends a command that the machine settles. @throws {MeshError} */
	async #ask(question: WithoutId<Question>): Promise<CommandResult> {
		const id = ++this.#commands;
		const settled = new Promise<CommandResult>((resolve) => this.#waiting.set(id, resolve));
		this.#driver.input({ ...question, id } as Question);
		const result = await beforeAbort(settled, this.#closing.signal);
		if (result.type === 'error') throw new MeshError(result.code, result.message);
		return result;
	}

	// The ring is brought up to date with the state at once; listeners hear of it when the step is done.
	#note(output: Extract<Output, { type: 'event' | 'settled' }>): void {
		if (output.type === 'settled') {
			this.#waiting.get(output.id)?.(output.result);
			this.#waiting.delete(output.id);
			return;
		}
		const { event } = output;
		const member = subject(event, this.#parts.machine);
		const { ring } = this.#status;
		const before = member !== undefined && ring.has(member.name);
		this.#status.note(event);
		this.#diagnostics.event(event);
		this.#parts.hub.note(event, member && ownerChange(member, before, ring.has(member.name)));
	}

	/** Never rejects: a provider that breaks its promise never to throw is reported, and the others go on. */
	async #follow(provider: Discovery): Promise<void> {
		try {
			for await (const addresses of provider.watch(this.#closing.signal)) {
				this.#driver.input({ type: 'discovered', source: provider.name, addresses });
			}
		} catch (error) {
			const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
			process.emitWarning(`discovery by ${provider.name} has failed`, { code: 'MESH_DISCOVERY_FAILED', detail });
		}
	}
}

/** Whom an event may make an owner of keys, or an owner no longer. */
function subject(event: MeshEvent, machine: Memberlist): Member | undefined {
	if (event.type === 'state') return event.member;
	return event.type === 'leaving' ? machine.self : undefined;
}

function ownerChange(member: Member, before: boolean, after: boolean): OwnerChange | undefined {
	if (before === after) return undefined;
	return { type: after ? 'joined' : 'left', member };
}

function joinFailure(answers: readonly JoinAnswer[]): string {
	if (answers.length === 0) return 'no peers to join were given';
	const each = answers.map((answer) => `${formatAddress(answer.address)}: ${answer.reason ?? 'no answer'}`);
	return `none of ${answers.length} answered: ${each.join('; ')}`;
}

/** What the promise does, unless the signal aborts before: then `MESH_STOPPED`. */
function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	return new Promise((resolve, reject) => {
		const abort = (): void => reject(stoppedError());
		if (signal.aborted) abort();
		signal.addEventListener('abort', abort);
		promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
	});
}
