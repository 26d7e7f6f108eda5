// Conversations over streams: one request each, from either side (memberlist net.go: handleConn).

import type { Address } from './address.ts';
import { sameBytes } from './bytes.ts';
import { type StreamDecoder, type StreamHandler, WireError } from './codec.ts';
import type { Identity } from './identity.ts';
import type { NetworkInput, StreamId } from './io.ts';
import type { Instant } from './member.ts';
import type { PushPull } from './message.ts';
import type { Node } from './node.ts';
import { memberPorts } from './sources.ts';
import { Timer } from './timers.ts';

interface Stream {
	readonly id: StreamId;
	readonly role: 'dialer' | 'listener';
	readonly peer: Address;
	readonly decoder: StreamDecoder;
	readonly deadline: Instant;
	/** Told once how a conversation that we began has ended; undefined = well. */
	readonly done: ((refusal: string | undefined) => void) | undefined;
	/** Memory of its incomplete message. */
	held: number;
	/** We have all that we wanted, or have answered all that was asked. */
	complete: boolean;
}

/**
 * Parts of `limits.streams` that others may open: hosts of members, any host, and one host alone. What we dial is counted
 * apart, so that nobody can keep us from asking.
 */
const STRANGERS_PART = 1 / 2;
const HOST_PART = 1 / 4;
/** Each stream may hold so much. What it needs beyond comes out of `limits.streamBytes`, of which strangers get a quarter. */
const FREE_BYTES = 64 * 1024;
const STRANGERS_BYTES_PART = 1 / 4;

export interface StreamUses {
	localState(join: boolean): PushPull;
	/** Merges; the reason when it is refused. */
	remoteState(remote: PushPull): string | undefined;
	pingAcked(seqNo: number): void;
	user(body: Uint8Array): void;
}

export class Streams {
	readonly #node: Node;
	readonly #uses: StreamUses;
	readonly #streams = new Map<StreamId, Stream>();
	#nextId: StreamId = 1;
	#dialed = 0;
	#heldBytes = 0;

	constructor(node: Node, uses: StreamUses) {
		this.#node = node;
		this.#uses = uses;
	}

	/** The larger half of those that are open: by us, or by others. */
	get most(): number {
		return Math.max(this.#dialed, this.#streams.size - this.#dialed);
	}

	/** What incomplete messages take beyond what every stream may hold. */
	get heldBytes(): number {
		return this.#heldBytes;
	}

	/** Pings over a stream where packets got no answer; undefined when streams are off or too many are open. */
	ping(target: Identity, seqNo: number): StreamId | undefined {
		const { codec } = this.#node;
		return this.#dial(target.address, codec.streamPing('dialer', seqNo, target.nameBytes));
	}

	/** Begins a push/pull; false when streams are off or too many are open. */
	pushPull(to: Address, join: boolean, done?: Stream['done']): boolean {
		const { codec, counters } = this.#node;
		const opened = this.#dial(to, codec.streamPushPull('dialer', this.#uses.localState(join)), done);
		if (opened !== undefined) counters.pushPulls++;
		return opened !== undefined;
	}

	input(input: Exclude<NetworkInput, { type: 'packet' }>): void {
		if (input.type === 'accept') {
			this.#accept(input.stream, input.from);
			return;
		}
		const stream = this.#streams.get(input.stream);
		if (!stream) return;
		switch (input.type) {
			case 'data':
				this.#read(stream, input.bytes);
				break;
			case 'end':
				if (stream.complete) this.#close(stream, undefined);
				else this.#abort(stream, 'the stream ended too early');
				break;
			case 'fail':
				this.#forget(stream, stream.complete ? undefined : input.reason);
				break;
			default:
				input satisfies never;
		}
	}

	/** Serves the stream timer: conversations that take too long are cut off. */
	expire(): void {
		for (const stream of this.#streams.values()) {
			if (stream.deadline <= this.#node.now) this.#abort(stream, 'no complete answer in time');
			else this.#node.timers.setEarlier(Timer.stream, stream.deadline);
		}
	}

	#dial(to: Address, request: Uint8Array, done?: Stream['done']): StreamId | undefined {
		const node = this.#node;
		if (!node.config.streams || this.#dialed >= node.config.limits.streams) return undefined;
		const id = this.#nextId;
		this.#nextId += 2;
		this.#register(id, 'dialer', to, done);
		node.counters.streamsOpened++;
		node.counters.streamBytesSent += request.length;
		node.output({ type: 'open', stream: id, to });
		node.output({ type: 'write', stream: id, bytes: request });
		return id;
	}

	#accept(id: StreamId, from: Address): void {
		const node = this.#node;
		if (!node.config.streams || !this.#mayAccept(from)) {
			node.output({ type: 'reset', stream: id });
			node.reject('too-many', 'streams', from);
			return;
		}
		if (!node.admission.allowsHost(from.host)) {
			node.output({ type: 'reset', stream: id });
			node.reject('address-not-allowed', 'a stream', from);
			return;
		}
		node.counters.streamsAccepted++;
		this.#register(id, 'listener', from);
	}

	#mayAccept(from: Address): boolean {
		const { streams } = this.#node.config.limits;
		const accepted = this.#streams.size - this.#dialed;
		if (accepted >= streams) return false;
		if (accepted >= streams * HOST_PART) {
			let ofHost = 0;
			for (const { role, peer } of this.#streams.values()) if (role === 'listener' && peer.host === from.host) ofHost++;
			if (ofHost >= streams * HOST_PART) return false;
		}
		return accepted < streams * STRANGERS_PART || this.#isMemberHost(from);
	}

	#isMemberHost({ host }: Address): boolean {
		return memberPorts(this.#node.table, host).size > 0;
	}

	#register(id: StreamId, role: Stream['role'], peer: Address, done?: Stream['done']): void {
		const { codec, now, config, timers } = this.#node;
		const deadline = now + config.streamTimeoutMs;
		const decoder = codec.streamDecoder(role, this.#handler(id));
		this.#streams.set(id, { id, role, peer, decoder, deadline, done, held: 0, complete: false });
		if (role === 'dialer') this.#dialed++;
		timers.setEarlier(Timer.stream, deadline);
	}

	#read(stream: Stream, bytes: Uint8Array): void {
		this.#node.counters.streamBytesReceived += bytes.length;
		try {
			stream.decoder.push(bytes);
			if (this.#streams.has(stream.id)) this.#weigh(stream);
		} catch (error) {
			if (!(error instanceof WireError)) throw error;
			this.#node.reject(error.code, error.message, stream.peer);
			if (stream.role === 'listener') this.#write(stream, this.#node.codec.streamError(stream.role, error.message));
			this.#close(stream, error.message);
		}
	}

	/**
	 * Whatever a stream claims, only what has arrived is held; but that is held before anybody is known to be who he says.
	 * @throws {WireError} `too-many` when all of them together hold too much.
	 */
	#weigh(stream: Stream): void {
		if (stream.role === 'dialer') return;
		const held = Math.max(0, stream.decoder.held - FREE_BYTES);
		const most = this.#node.config.limits.streamBytes;
		const all = this.#heldBytes - stream.held + held;
		const grows = held > stream.held;
		if (grows && (all > most || (all > most * STRANGERS_BYTES_PART && !this.#isMemberHost(stream.peer))))
			throw new WireError('too-many', 'bytes of incomplete messages');
		this.#heldBytes = all;
		stream.held = held;
	}

	#handler(id: StreamId): StreamHandler {
		const node = this.#node;
		const current = (): Stream | undefined => this.#streams.get(id);
		return {
			streamPing: (seqNo, name) => {
				const stream = current();
				if (stream?.role !== 'listener') return;
				if (name.length > 0 && !sameBytes(name, node.nameBytes)) {
					this.#abort(stream, 'a ping for another member');
					return;
				}
				this.#write(stream, node.codec.streamAck('listener', seqNo));
				this.#answered(stream);
			},
			streamAck: (seqNo) => {
				const stream = current();
				if (stream?.role !== 'dialer') return;
				this.#uses.pingAcked(seqNo);
				this.#close(stream, undefined);
			},
			pushPull: (remote) => {
				const stream = current();
				if (!stream) return;
				// As memberlist does, the answer goes out before the peer's state is judged.
				if (stream.role === 'listener')
					this.#write(stream, node.codec.streamPushPull('listener', this.#uses.localState(remote.join)));
				const refusal = this.#uses.remoteState(remote);
				if (refusal !== undefined) node.reject('bad-version', refusal, stream.peer);
				if (stream.role === 'listener') this.#answered(stream);
				else this.#close(stream, refusal);
			},
			streamUser: (body) => {
				const stream = current();
				if (!stream) return;
				this.#uses.user(body);
				stream.complete = true;
			},
			streamError: (text) => {
				const stream = current();
				if (stream) this.#close(stream, `the peer refused: ${text}`);
			},
		};
	}

	#write(stream: Stream, bytes: Uint8Array): void {
		this.#node.counters.streamBytesSent += bytes.length;
		this.#node.output({ type: 'write', stream: stream.id, bytes });
	}

	/** Our side is done; the stream stays until the peer ends it too. */
	#answered(stream: Stream): void {
		stream.complete = true;
		this.#node.output({ type: 'end', stream: stream.id });
	}

	#close(stream: Stream, refusal: string | undefined): void {
		this.#node.output({ type: 'end', stream: stream.id });
		this.#forget(stream, refusal);
	}

	#abort(stream: Stream, reason: string): void {
		this.#node.output({ type: 'reset', stream: stream.id });
		this.#forget(stream, reason);
	}

	#forget(stream: Stream, refusal: string | undefined): void {
		if (!this.#streams.delete(stream.id)) return;
		this.#heldBytes -= stream.held;
		if (stream.role === 'dialer') this.#dialed--;
		stream.done?.(refusal);
	}
}
