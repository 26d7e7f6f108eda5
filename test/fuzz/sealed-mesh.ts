// A mesh that encrypts, and somebody without its key: whatever he sends, on packets or on streams, no view changes.

import { type Address, DEFAULTS, type Input, type Random, randomBelow, type StreamId } from '../../src/swim/index.ts';
import { Keyring } from '../../src/wire/index.ts';
import { type Host, World } from '../support/world.ts';
import { fuzzedBytes, oneOf } from './mutate.ts';

const OUTSIDER: Address = { host: '10.66.6.6', port: 6_666 };
/** Inputs after which time goes on for a moment, so that the mesh does its own work in between. */
const BATCH = 1_000;
const BATCH_MS = 50;

export class SealedMesh {
	readonly #world: World;
	readonly #hosts: readonly Host[];
	/** What the members have said to each other, sealed: to begin with. */
	readonly #overheard: readonly Uint8Array[];
	readonly #view: string;
	#inputs = 0;
	#lastStream: StreamId = 1_000_000;

	constructor() {
		// All of it is to be read: an outsider that nobody listens to any more would find nothing.
		const limits = { ...DEFAULTS.limits, nonsensePerSecond: Number.POSITIVE_INFINITY };
		this.#world = new World({ limits, wire: { keyring: new Keyring([new Uint8Array(32).fill(3)]) } });
		this.#world.recording = true;
		this.#hosts = this.#world.cluster(3);
		this.#world.until(() => this.#world.complete, 5_000);
		this.#world.setTags(this.#hosts[1]!, { role: 'web' });
		this.#world.run(5_000);
		this.#world.recording = false;
		this.#overheard = this.#world.sent.splice(0).map(({ bytes }) => bytes);
		this.#view = this.view;
	}

	/** What everybody believes of everybody. */
	get view(): string {
		return JSON.stringify(
			this.#hosts.map(({ machine }) => [
				machine.digest,
				machine
					.members()
					.map(({ name, state, incarnation, address, tags }) => [name, state, incarnation, address, tags]),
			]),
		);
	}

	/** Packets and chunks so far. */
	get inputs(): number {
		return this.#inputs;
	}

	/** One packet, or one stream in a few chunks. @throws {Error} with the bytes, when it was more than refused. */
	attack(random: Random, seeds: readonly Uint8Array[]): void {
		const host = oneOf(random, this.#hosts);
		const bytes = fuzzedBytes(random, randomBelow(random, 3) ? this.#overheard : seeds);
		if (randomBelow(random, 4) > 0) this.#input(host, { type: 'packet', from: OUTSIDER, bytes }, bytes);
		else this.#stream(host, bytes, random);
		if (this.#inputs % BATCH > 0) return;
		this.#world.run(BATCH_MS);
		// What the test world keeps of each host's life is none of the mesh's memory.
		for (const { events } of this.#hosts) events.length = 0;
		if (this.view !== this.#view) throw new Error(`the view is another one after ${this.#inputs} inputs: ${this.view}`);
	}

	#stream(host: Host, bytes: Uint8Array, random: Random): void {
		this.#lastStream += 2;
		const stream = this.#lastStream;
		this.#input(host, { type: 'accept', stream, from: OUTSIDER }, bytes);
		for (let at = 0; at < bytes.length; ) {
			const end = at + 1 + randomBelow(random, bytes.length);
			this.#input(host, { type: 'data', stream, bytes: bytes.slice(at, end) }, bytes);
			at = end;
		}
		this.#input(
			host,
			randomBelow(random, 2) ? { type: 'end', stream } : { type: 'fail', stream, reason: 'gone' },
			bytes,
		);
	}

	#input(host: Host, input: Input, bytes: Uint8Array): void {
		if (input.type === 'packet' || input.type === 'data') this.#inputs++;
		try {
			this.#world.input(host, input);
		} catch (cause) {
			throw new Error(`thrown by ${Buffer.from(bytes).toString('hex')}`, { cause });
		}
	}
}
