// Simulated streams: ordered bytes in chunks between two hosts, which wait while nothing passes and break when it lasts.

import { type Address, type NetworkOutput, type Random, randomBelow, type StreamId } from '../swim/index.ts';
import type { SimHost } from './host.ts';
import type { Network } from './network.ts';
import type { SimTime, TimeQueue } from './time-queue.ts';

interface End {
	readonly host: SimHost;
	readonly id: StreamId;
	peer: End | undefined;
	/** The latest planned arrival: order is kept. */
	lastArrival: SimTime;
	open: boolean;
}

type StreamOutput = Exclude<NetworkOutput, { type: 'packet' }>;
type StreamInput =
	| { readonly type: 'accept'; readonly stream: StreamId; readonly from: Address }
	| { readonly type: 'data'; readonly stream: StreamId; readonly bytes: Uint8Array }
	| { readonly type: 'end'; readonly stream: StreamId }
	| { readonly type: 'fail'; readonly stream: StreamId; readonly reason: string };

export interface StreamNetOptions {
	readonly time: TimeQueue;
	readonly network: Network;
	readonly random: Random;
	at(address: Address): SimHost | undefined;
	deliver(host: SimHost, input: StreamInput): void;
}

/** While a link is cut, bytes are tried again so often, as a kernel retransmits; after so long the stream breaks. */
const RETRANSMIT_MS = 200;
const BREAK_MS = 15_000;
const CHUNK_BYTES_MAX = 65_536;

export class StreamNet {
	readonly #options: StreamNetOptions;
	readonly #ends = new Map<SimHost, Map<StreamId, End>>();
	#nextAccepted: StreamId = 2;

	constructor(options: StreamNetOptions) {
		this.#options = options;
	}

	perform(host: SimHost, output: StreamOutput): void {
		if (output.type === 'open') {
			this.#open(host, output.stream, output.to);
			return;
		}
		const end = this.#ends.get(host)?.get(output.stream);
		if (!end?.open) return;
		switch (output.type) {
			case 'write':
				for (const bytes of this.#chunks(output.bytes)) {
					this.#send(end, (peer) => ({ type: 'data', stream: peer.id, bytes }));
				}
				break;
			case 'end':
				this.#send(end, (peer) => ({ type: 'end', stream: peer.id }));
				break;
			case 'reset':
				end.open = false;
				this.#send(end, (peer) => ({ type: 'fail', stream: peer.id, reason: 'ECONNRESET' }));
				break;
			default:
				output satisfies never;
		}
	}

	/** The process is gone: its kernel resets what it held. */
	drop(host: SimHost): void {
		for (const end of this.#ends.get(host)?.values() ?? []) {
			if (end.open) this.#send(end, (peer) => ({ type: 'fail', stream: peer.id, reason: 'ECONNRESET' }));
			end.open = false;
		}
		this.#ends.delete(host);
	}

	#open(host: SimHost, id: StreamId, to: Address): void {
		const { time } = this.#options;
		const dialer: End = { host, id, peer: undefined, lastArrival: time.now, open: true };
		this.#register(dialer);
		this.#whenPassable(
			dialer,
			() => this.#options.at(to),
			(target) => {
				if (!target?.machine.config.streams) {
					this.#fail(dialer, 'ECONNREFUSED');
					return;
				}
				const accepted: End = { host: target, id: this.#nextAccepted, peer: dialer, lastArrival: time.now, open: true };
				this.#nextAccepted += 2;
				dialer.peer = accepted;
				this.#register(accepted);
				this.#options.deliver(target, { type: 'accept', stream: accepted.id, from: host.address });
			},
		);
	}

	/** In order behind all that was sent before; to whatever peer there is by then. */
	#send(end: End, make: (peer: End) => StreamInput): void {
		this.#whenPassable(
			end,
			() => end.peer?.host,
			() => {
				const { peer } = end;
				if (!peer?.open || !peer.host.up) return;
				const input = make(peer);
				if (input.type === 'fail') peer.open = false;
				this.#options.deliver(peer.host, input);
			},
		);
	}

	#whenPassable(end: End, target: () => SimHost | undefined, arrive: (target: SimHost | undefined) => void): void {
		const { time, network } = this.#options;
		const begun = time.now;
		const attempt = (): void => {
			const host = target();
			const delay = host ? network.streamDelay(end.host, host) : 1;
			if (delay === undefined) {
				if (time.now - begun >= BREAK_MS) this.#fail(end, 'ETIMEDOUT');
				else time.after(RETRANSMIT_MS, attempt);
				return;
			}
			end.lastArrival = Math.max(end.lastArrival, time.now + delay);
			time.at(end.lastArrival, () => arrive(target()));
		};
		// What is sent now goes behind what waits.
		time.at(Math.max(time.now, end.lastArrival), attempt);
	}

	#fail(end: End, reason: string): void {
		if (!end.open) return;
		end.open = false;
		if (end.host.up) this.#options.deliver(end.host, { type: 'fail', stream: end.id, reason });
	}

	#register(end: End): void {
		const ends = this.#ends.get(end.host) ?? new Map<StreamId, End>();
		ends.set(end.id, end);
		this.#ends.set(end.host, ends);
	}

	*#chunks(bytes: Uint8Array): Generator<Uint8Array> {
		for (let at = 0; at < bytes.length; ) {
			const length = 1 + randomBelow(this.#options.random, Math.min(CHUNK_BYTES_MAX, bytes.length - at));
			yield bytes.slice(at, at + length);
			at += length;
		}
	}
}
