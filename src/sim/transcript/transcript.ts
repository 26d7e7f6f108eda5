// A transcript: what the nodes of a simulated cluster say, a line each, with the simulated time.

import type { Address, Codec, CommandResult, Input, MeshEvent, NetworkOutput, StreamId } from '../../swim/index.ts';
import { createCodec } from '../../wire/index.ts';
import {
	describeEvent,
	describePacket,
	describeResult,
	describeStream,
	type Naming,
	PLAIN_NAMING,
} from '../describe.ts';
import type { SimHost } from '../host.ts';
import type { Observer } from '../observer.ts';
import type { SimTime } from '../time-queue.ts';
import type { RelativeNaming } from './naming.ts';

/** Which lines are written. */
export interface Shown {
	readonly events: boolean;
	/** Events of probes that their ping did not settle. */
	readonly probes: boolean;
	/** Packets and what is said on streams. */
	readonly packets: boolean;
	/** Only what these nodes say or are sent; empty = all. */
	readonly of: readonly string[];
	/** Only what these nodes say; empty = all. */
	readonly from: readonly string[];
	/** Only what is said to, by or of one of these members, or holds this word; empty = all. */
	readonly about: readonly string[];
}

export const NOTHING: Shown = { events: false, probes: false, packets: false, of: [], from: [], about: [] };

/** Writes `time  who  what` lines. It has to observe the cluster from its first start on. */
export class Transcript implements Observer {
	readonly #naming: RelativeNaming;
	/** For a look at what is then not shown: it numbers nothing. */
	readonly #glance: Naming;
	readonly #now: () => SimTime;
	readonly #codec: Codec = createCodec({ packetBytes: 65_000 });
	readonly #peers = new Map<SimHost, Map<StreamId, string>>();
	#lines: string[] = [];
	#column = 0;
	shown: Shown = { ...NOTHING, events: true };

	constructor(naming: RelativeNaming, now: () => SimTime) {
		this.#naming = naming;
		this.#now = now;
		this.#glance = {
			...PLAIN_NAMING,
			exchange: () => '(exchange)',
			place: (address) => naming.place(address),
			member: (name, incarnation) => naming.member(name, incarnation),
		};
	}

	/** The lines since the last time. */
	take(): readonly string[] {
		const lines = this.#lines;
		this.#lines = [];
		return lines;
	}

	write(who: string, what: string): void {
		const line = `${this.#now().toFixed(1).padStart(9)}  ${who.padEnd(this.#column)}  ${what}`;
		this.#lines.push(line.trimEnd());
	}

	started(host: SimHost): void {
		// Room for `a → b`.
		this.#column = Math.max(this.#column, 2 * this.#naming.started(host).length + 3);
		this.#peers.set(host, new Map());
	}

	event(host: SimHost, event: MeshEvent): void {
		if (event.type === 'state' && event.why.code === 'started') this.#naming.born(event.member);
		const place = this.#place(host);
		const wanted = event.type === 'probe' ? this.shown.probes : this.shown.events;
		if (!wanted || !this.#concerns(place)) return;
		const text = describeEvent(event, this.#naming);
		if (this.#mentions(`${place} ${text}`)) this.write(place, text);
	}

	settled(host: SimHost, _id: number, result: CommandResult): void {
		const place = this.#place(host);
		if (this.shown.events && this.#concerns(place)) this.write(place, describeResult(result, this.#naming));
	}

	packet(host: SimHost, address: Address, bytes: Uint8Array, _at: SimTime, arrivals: readonly number[]): void {
		const from = this.#place(host);
		const to = this.#naming.place(address);
		this.#naming.sent(from, bytes, this.#codec);
		this.#conversation(from, arrivals.length > 0 ? '→' : '↛', to, (naming) =>
			describePacket(this.#codec, naming, { bytes, from, to }),
		);
	}

	stepped(host: SimHost, input: Input): void {
		if (input.type === 'accept') this.#peers.get(host)?.set(input.stream, this.#naming.place(input.from));
	}

	stream(host: SimHost, output: Exclude<NetworkOutput, { type: 'packet' }>): void {
		const from = this.#place(host);
		const peers = this.#peers.get(host);
		if (output.type === 'open') peers?.set(output.stream, this.#naming.place(output.to));
		const to = peers?.get(output.stream) ?? '?';
		// After its end or reset the host says nothing more on it.
		if (output.type === 'end' || output.type === 'reset') peers?.delete(output.stream);
		if (output.type === 'reset') this.#conversation(from, '⇒', to, () => 'tcp reset');
		if (output.type !== 'write') return;
		const { bytes, stream } = output;
		// Odd numbers are those of streams that the machine itself opened.
		const by = stream % 2 === 1 ? 'dialer' : 'listener';
		this.#conversation(
			from,
			'⇒',
			to,
			(naming) => `tcp ${describeStream(this.#codec, naming, { bytes, from, to, by })}`,
		);
	}

	#conversation(from: string, arrow: string, to: string, describe: (naming: Naming) => string): void {
		if (!this.shown.packets || !this.#concerns(from, to)) return;
		if (!this.#mentions(`${from} ${to} ${describe(this.#glance)}`)) return;
		this.write(`${from} ${arrow} ${to}`, describe(this.#naming));
	}

	#place(host: SimHost): string {
		return this.#naming.place(host.address);
	}

	#concerns(speaker: string, listener: string = speaker): boolean {
		const { of, from } = this.shown;
		if (from.length > 0 && !from.includes(speaker)) return false;
		return of.length === 0 || of.includes(speaker) || of.includes(listener);
	}

	#mentions(text: string): boolean {
		const { about } = this.shown;
		return about.length === 0 || about.some((name) => text.split(/[^\w@.]+/).includes(name));
	}
}
