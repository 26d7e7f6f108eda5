// Who watches a run, and what: a step costs nothing that nobody watches.

import type { Address, CommandResult, Input, MeshEvent, NetworkOutput } from '../swim/index.ts';
import type { SimHost } from './host.ts';
import type { SimTime } from './time-queue.ts';

/** Watches a run from outside: checkers, transcripts, statistics. All optional; called in the order of the run. */
export interface Observer {
	/** A host tells something. */
	event?(host: SimHost, event: MeshEvent, at: SimTime): void;
	/** `arrivals`: after how many milliseconds it comes, once for each copy; none when it is lost or nobody is there. */
	packet?(from: SimHost, to: Address, bytes: Uint8Array, at: SimTime, arrivals: readonly number[]): void;
	/** What a host does to a stream, before the network has it. */
	stream?(host: SimHost, output: Exclude<NetworkOutput, { type: 'packet' }>, at: SimTime): void;
	/** A command of a host is done. */
	settled?(host: SimHost, id: number, result: CommandResult): void;
	/** A host has begun to run; its first input is still to come. */
	started?(host: SimHost): void;
	/** A host has stopped, by whatever cause. */
	stopped?(host: SimHost): void;
	/** After every step of a host. */
	stepped?(host: SimHost, input: Input, at: SimTime): void;
}

/** Those who watch, by what they watch, each list in the order in which they came. */
export class Observers implements Readonly<Record<keyof Observer, readonly Observer[]>> {
	readonly event: Observer[] = [];
	readonly packet: Observer[] = [];
	readonly stream: Observer[] = [];
	readonly settled: Observer[] = [];
	readonly started: Observer[] = [];
	readonly stopped: Observer[] = [];
	readonly stepped: Observer[] = [];

	add(observer: Observer): void {
		for (const kind of Object.keys(this) as (keyof Observer)[]) if (observer[kind]) this[kind].push(observer);
	}
}
