// Hooks for tracing: what a node sends, hears, measures and is asked, on channels of node:diagnostics_channel.

import { type Channel, channel, type TracingChannel, tracingChannel } from 'node:diagnostics_channel';
import type { Address, MeshEvent, NetworkInput, NetworkOutput, ProbeAnswer } from '../swim/index.ts';

/**
 * What is published, by channel. `node` is the name of the node that tells. While nobody has subscribed to a channel nothing
 * is made for it. Subscribers run at once, in the middle of the node's work: they should take notes and return.
 *
 * Commands (`join`, `leave`, `set-tags`) are on the tracing channel `longbow-mesh:command`: `tracing:longbow-mesh:command:start`,
 * `…:asyncEnd`, `…:error` and so on, with a {@link CommandMessage}.
 */
export interface DiagnosticMessages {
	/** One datagram. */
	readonly 'longbow-mesh:packet': {
		readonly node: string;
		readonly direction: 'sent' | 'received';
		readonly peer: Address;
		/** As on the wire, sealed when there are keys. Not to be changed, nor kept beyond the call. */
		readonly bytes: Uint8Array;
	};
	/** The end of one probe, also of those that go well. */
	readonly 'longbow-mesh:probe': {
		readonly node: string;
		readonly member: string;
		readonly answer: ProbeAnswer;
		/** The round trip in milliseconds, where the member itself answered by packet. */
		readonly rttMs: number | undefined;
	};
	/** What `mesh.events()` tells, before the listeners of the mesh hear of it. */
	readonly 'longbow-mesh:event': { readonly node: string; readonly event: MeshEvent };
}

/** The context of a command's trace; Node adds `result` or `error`. */
export interface CommandMessage {
	readonly node: string;
	readonly command: 'join' | 'leave' | 'remove' | 'set-tags';
}

type Name = keyof DiagnosticMessages;

const PACKET: Channel = channel('longbow-mesh:packet' satisfies Name);
const PROBE: Channel = channel('longbow-mesh:probe' satisfies Name);
const EVENT: Channel = channel('longbow-mesh:event' satisfies Name);
const COMMAND: TracingChannel = tracingChannel('longbow-mesh:command');

/** What one node publishes. */
export class Diagnostics {
	readonly #node: string;

	constructor(node: string) {
		this.#node = node;
	}

	received(input: NetworkInput): void {
		if (PACKET.hasSubscribers && input.type === 'packet') this.#packet('received', input.from, input.bytes);
	}

	sent(output: NetworkOutput): void {
		if (PACKET.hasSubscribers && output.type === 'packet') this.#packet('sent', output.to, output.bytes);
	}

	probe(member: string, answer: ProbeAnswer, tookMs: number): void {
		if (!PROBE.hasSubscribers) return;
		const rttMs = answer === 'direct' || answer === 'late' ? tookMs : undefined;
		const message: DiagnosticMessages['longbow-mesh:probe'] = { node: this.#node, member, answer, rttMs };
		PROBE.publish(message);
	}

	event(event: MeshEvent): void {
		if (!EVENT.hasSubscribers) return;
		const message: DiagnosticMessages['longbow-mesh:event'] = { node: this.#node, event };
		EVENT.publish(message);
	}

	/** Runs a command within its trace. */
	command<Result>(command: CommandMessage['command'], run: () => Promise<Result>): Promise<Result> {
		const message: CommandMessage = { node: this.#node, command };
		return COMMAND.tracePromise(run, message);
	}

	#packet(direction: 'sent' | 'received', peer: Address, bytes: Uint8Array): void {
		const message: DiagnosticMessages['longbow-mesh:packet'] = { node: this.#node, direction, peer, bytes };
		PACKET.publish(message);
	}
}
