// What packets, streams, events and answers say, in one line each: transcripts, replay and logs share this rendering.

import { explainWhy } from '../status/index.ts';
import {
	type Accusation,
	type Ack,
	type Address,
	type Alive,
	type BeaconMessage,
	type ByteRange,
	type Codec,
	type CommandResult,
	formatAddress,
	type IndirectPing,
	ipText,
	type MeshEvent,
	type Nack,
	type PacketHandler,
	type Ping,
	type PushPull,
	type RejectCode,
	STATE_NAMES,
	type StreamHandler,
	type SyncPage,
	type SyncRequest,
	utf8Text,
	WireError,
} from '../swim/index.ts';

/** How addresses and numbers are shown. A transcript shows them relative to the run, so that they stay put. */
export interface Naming {
	/** Who is at the address. */
	place(address: Address): string;
	/** `owner`: the place whose count the number stands in. */
	seqNo(owner: string, seqNo: number): string;
	/** A member at an incarnation: `c+1`. */
	member(name: string, incarnation: number): string;
	/** A view digest (X2). */
	view(a: number, b: number): string;
	/** An exchange of views (X3). */
	exchange(nonce: number): string;
}

/** Everything as it is on the wire. */
export const PLAIN_NAMING: Naming = {
	place: formatAddress,
	seqNo: (_owner, seqNo) => `#${seqNo}`,
	member: (name, incarnation) => `${name}@${incarnation}`,
	view: (a, b) => hex32(a) + hex32(b),
	exchange: hex32,
};

/** More records than this are counted, not listed. */
const LISTED_MAX = 8;
const LISTED: readonly string[] = ['alive ', 'suspect ', 'dead ', 'left '];

export interface DescribedPacket {
	readonly bytes: Uint8Array;
	readonly from: string;
	readonly to: string;
}

/** The messages of a packet, joined by ` + `: `ping #12 view=3 + suspect c+0 by a`. */
export function describePacket(codec: Codec, naming: Naming, packet: DescribedPacket): string {
	const text = new PacketText(codec, naming, packet);
	codec.readPacket(packet.bytes, text);
	return text.parts.join(' + ');
}

/** The messages of one write on a stream, whole ones, as the machine writes them. */
export function describeStream(
	codec: Codec,
	naming: Naming,
	written: DescribedPacket & { readonly by: 'dialer' | 'listener' },
): string {
	const parts: string[] = [];
	const { by, from, to, bytes } = written;
	// What the dialer wrote is read as a listener reads it.
	const decoder = codec.streamDecoder(by === 'dialer' ? 'listener' : 'dialer', streamText(parts, naming, from, to));
	try {
		decoder.push(bytes);
	} catch (error) {
		if (!(error instanceof WireError)) throw error;
		parts.push(`not readable (${error.code})`);
	}
	return parts.join(' + ');
}

class PacketText implements PacketHandler {
	readonly parts: string[] = [];
	readonly #codec: Codec;
	readonly #naming: Naming;
	readonly #packet: DescribedPacket;
	/** What the open page says, and about how many members. */
	#records: string[] | undefined;
	#recordCount = 0;

	constructor(codec: Codec, naming: Naming, packet: DescribedPacket) {
		this.#codec = codec;
		this.#naming = naming;
		this.#packet = packet;
	}

	ping(message: Ping): void {
		const { from, to } = this.#packet;
		const name = message.node.text();
		let addressee = '';
		if (name === '') addressee = ' to whoever is there';
		else if (name !== to) addressee = ` for ${name}`;
		this.#say(`ping ${this.#naming.seqNo(from, message.seqNo)}${addressee}${this.#view(message)}`);
	}

	indirectPing(message: IndirectPing): void {
		const number = this.#naming.seqNo(this.#packet.from, message.seqNo);
		this.#say(`indirect ping ${number}: please ping ${message.node.text()}`);
	}

	ack(message: Ack): void {
		const payload = message.payload.length > 0 ? ` payload=${message.payload.length} bytes` : '';
		this.#say(`ack ${this.#naming.seqNo(this.#packet.to, message.seqNo)}${payload}${this.#view(message)}`);
	}

	nack(message: Nack): void {
		this.#say(`nack ${this.#naming.seqNo(this.#packet.to, message.seqNo)}`);
	}

	alive(message: Alive): void {
		const name = message.node.text();
		const host = ipText(message.addr.view());
		const place = host === undefined ? 'a bad address' : this.#naming.place({ host, port: message.port });
		const tags = this.#codec.decodeTags(message.meta.view());
		this.#say(
			`alive ${this.#naming.member(name, message.incarnation)}${place === name ? '' : ` at ${place}`}${tagsText(tags)}`,
		);
	}

	suspect(message: Accusation): void {
		this.#say(`suspect ${this.#accused(message)} by ${message.from.text()}`);
	}

	dead(message: Accusation): void {
		const left = message.node.text() === message.from.text();
		this.#say(left ? `left ${this.#accused(message)}` : `dead ${this.#accused(message)} by ${message.from.text()}`);
	}

	user(body: ByteRange): void {
		this.#say(`user message of ${body.length} bytes`);
	}

	syncRequest(message: SyncRequest): void {
		const from = message.cursor === 0 ? '' : ` from ${hex32(message.cursor)} on`;
		this.#say(`what differs? ${this.#naming.exchange(message.nonce)}${from} (${message.packetBytes} bytes)`);
	}

	beacon({ number, ageMs }: BeaconMessage): void {
		this.#say(`beacon ${number}, ${ageMs} ms old`);
	}

	syncPage(): void {
		this.#records = [];
		this.#recordCount = 0;
	}

	syncPageEnd(message: SyncPage): void {
		const records = this.#records ?? [];
		this.#records = undefined;
		const kind = message.push ? 'for you' : 'page';
		const more = message.end ? '' : ', more follows';
		const said =
			this.#recordCount > LISTED_MAX
				? `${this.#recordCount} records (${this.#packet.bytes.length} bytes)`
				: records.join(' + ');
		this.parts.push(`${kind} ${this.#naming.exchange(message.nonce)}: ${said === '' ? 'nothing' : said}${more}`);
	}

	rejected(code: RejectCode, _detail: string): void {
		this.#say(`garbage (${code})`);
	}

	#accused(message: Accusation): string {
		return this.#naming.member(message.node.text(), message.incarnation);
	}

	#view(message: Ping | Ack): string {
		return message.extension === 0 ? '' : ` view=${this.#naming.view(message.digestA, message.digestB)}`;
	}

	/** `alive a+1` and `alive b+0` in a row are `alive a+1, b+0`. */
	#say(text: string): void {
		const said = this.#records ?? this.parts;
		this.#recordCount++;
		const kind = text.slice(0, text.indexOf(' ') + 1);
		if (LISTED.includes(kind) && said.at(-1)?.startsWith(kind)) said.push(`${said.pop()}, ${text.slice(kind.length)}`);
		else said.push(text);
	}
}

function streamText(parts: string[], naming: Naming, from: string, to: string): StreamHandler {
	const entry = ({ name, incarnation, state }: PushPull['nodes'][number]): string =>
		`${naming.member(utf8Text(name), incarnation)} ${STATE_NAMES[state] ?? `state ${state}`}`;
	return {
		streamPing: (seqNo) => parts.push(`ping ${naming.seqNo(from, seqNo)}`),
		streamAck: (seqNo) => parts.push(`ack ${naming.seqNo(to, seqNo)}`),
		pushPull: ({ join, nodes }) => {
			const said = nodes.length > LISTED_MAX ? `${nodes.length} members` : nodes.map(entry).join(', ');
			parts.push(`push/pull${join ? ' (join)' : ''}: ${said}`);
		},
		streamUser: (body) => parts.push(`user message of ${body.length} bytes`),
		streamError: (text) => parts.push(`error: ${text}`),
	};
}

/** One event in a sentence, without the node that tells it. */
export function describeEvent(event: MeshEvent, naming: Naming): string {
	switch (event.type) {
		case 'state':
			return stateText(event, naming);
		case 'update':
			return updateText(event, naming);
		case 'probe':
			return probeText(event);
		case 'confirmed': {
			const restMs = Math.round(event.deadAt - event.at);
			return `${member(event.member, naming)} suspicion confirmed by ${event.by}: verdict in ${restMs} ms`;
		}
		case 'refuted':
			return `refutes ${event.by === '' ? 'an accusation' : `the accusation by ${event.by}`}`;
		case 'transfer':
			return `no answer from ${naming.place(event.peer)} to ${event.requests} requests for its state`;
		case 'joined':
			return `joined through ${naming.place(event.through)} by ${event.via}: ${event.members} members`;
		case 'conflict': {
			const where = `${naming.place(event.held)} and ${naming.place(event.claimed)}`;
			return `name conflict: ${event.name} is at ${where}${event.lost ? '; the later start wins, so we claim nothing' : ''}`;
		}
		case 'health':
			return `own health ${event.from} → ${event.to}`;
		case 'stall':
			return `did not run for ${Math.round(event.lateMs)} ms`;
		case 'rejected':
			return `rejected (${event.code}): ${event.detail}`;
		case 'leaving':
			return 'is leaving';
		default:
			return event satisfies never;
	}
}

/** What became of a command. */
export function describeResult(result: CommandResult, naming: Naming): string {
	switch (result.type) {
		case 'join':
			return result.answers
				.map(({ address, ok, via, members, reason }) =>
					ok
						? `join: ${naming.place(address)} answered by ${via}, ${members} members`
						: `join: ${naming.place(address)}: ${reason}`,
				)
				.join('; ');
		case 'leave':
			return `left: told ${result.told} of ${result.of} members in ${Math.round(result.tookMs)} ms`;
		case 'set-tags':
			return 'tags are set';
		case 'remove':
			return 'removed';
		case 'error':
			return `error ${result.code}: ${result.message}`;
		default:
			return result satisfies never;
	}
}

function stateText(event: Extract<MeshEvent, { type: 'state' }>, naming: Naming): string {
	const who = member(event.member, naming);
	const step = `${event.from === 'none' ? 'new' : event.from} → ${event.to === 'none' ? 'forgotten' : event.to}`;
	return `${who} ${step}: ${explainWhy(event.why, { at: event.at })}`;
}

function probeText({ member: name, answer, helpers, stream }: Extract<MeshEvent, { type: 'probe' }>): string {
	const how = {
		late: 'it answered late',
		helper: 'it answered through a helper',
		stream: 'it answered on TCP alone',
		none: stream ? 'no answer, on TCP neither' : 'no answer',
	}[answer];
	// Once it is settled nobody waits for the other helpers: only in the end is silence an answer.
	const asked = helpers
		.filter((helper) => answer === 'none' || helper.answer !== undefined)
		.map((helper) => `${helper.name}: ${helper.answer ?? 'silent'}`);
	return `probe of ${name}: ${how}${asked.length === 0 ? '' : ` (${asked.join(', ')})`}`;
}

function updateText({ member: now, previous }: Extract<MeshEvent, { type: 'update' }>, naming: Naming): string {
	const changes: string[] = [];
	const from = naming.place(previous.address);
	const to = naming.place(now.address);
	if (from !== to) changes.push(`moved from ${from} to ${to}`);
	const before = tagsText(previous.tags);
	const after = tagsText(now.tags);
	if (before !== after) changes.push(`tags${after === '' ? ' none' : after}`);
	return `${member(now, naming)} update: ${changes.length > 0 ? changes.join(', ') : 'versions'}`;
}

function member({ name, incarnation }: { name: string; incarnation: number }, naming: Naming): string {
	return naming.member(name, incarnation);
}

/** The user's tags; our own mark says nothing here, its absence does. */
export function tagsText(tags: Readonly<Record<string, string>>): string {
	const { lb, ...rest } = tags;
	const entries = Object.entries(rest).map(([key, value]) => ` ${key}=${value}`);
	return (lb === undefined ? ' foreign' : '') + entries.join('');
}

function hex32(n: number): string {
	return n.toString(16).padStart(8, '0');
}
