// One end of a stream in memory: its chunks, its half-close and its reset travel as scheduled tasks.

import type { NetworkInput, StreamId } from '../swim/index.ts';

/** Node reads a socket in pieces of this size, so a large write arrives in as many inputs as it does there. */
const CHUNK_BYTES = 65_536;

/** What a stream needs of the transport it belongs to. */
export interface StreamHost {
	schedule(task: () => void): void;
	deliver(input: NetworkInput): void;
	/** The machine is done with this stream. */
	forget(id: StreamId): void;
	readonly maxBufferedBytes: number;
}

/** Something that happens to the other end; there is none before the stream is accepted. */
type Step = (peer: MemoryStream | undefined) => void;

export class MemoryStream {
	readonly id: StreamId;
	readonly #host: StreamHost;
	#peer: MemoryStream | undefined;
	/** What is to happen at the peer, oldest first. Each task that is scheduled takes one, so order holds whatever the scheduler does. */
	#outbox: Step[] = [];
	#buffered = 0;
	#ended = false;
	#peerEnded = false;
	/** Whether the machine may still be told of it. */
	#known = true;

	constructor(id: StreamId, host: StreamHost, peer?: MemoryStream) {
		this.id = id;
		this.#host = host;
		this.#peer = peer;
	}

	/** `accept` makes the other end, or says why not. */
	connect(accept: (opener: MemoryStream) => MemoryStream | string): void {
		this.#later(() => {
			const answer = accept(this);
			if (typeof answer === 'string') this.#fail(answer);
			else this.#peer = answer;
		});
	}

	write(bytes: Uint8Array): void {
		if (this.#ended) return;
		if (this.#buffered + bytes.length > this.#host.maxBufferedBytes) {
			this.#outbox = [];
			this.#ended = true;
			this.#later(() => {
				this.#resetPeer();
				this.#fail('ENOBUFS');
			});
			return;
		}
		this.#buffered += bytes.length;
		for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
			const chunk = new Uint8Array(bytes.subarray(start, start + CHUNK_BYTES));
			this.#later((peer) => {
				this.#buffered -= chunk.length;
				if (peer) peer.#receive(chunk);
			});
		}
	}

	end(): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#later((peer) => {
			if (peer) peer.#receiveEnd();
		});
		if (this.#peerEnded) this.#forget();
	}

	reset(): void {
		this.#forget();
		this.#outbox = [];
		this.#ended = true;
		this.#host.schedule(() => this.#resetPeer());
	}

	/** Our transport closes: what was written still arrives, what the peer writes is answered by a reset. */
	abandon(): void {
		this.end();
		this.#forget();
	}

	#later(step: Step): void {
		this.#outbox.push(step);
		this.#host.schedule(() => this.#outbox.shift()?.(this.#peer));
	}

	#receive(bytes: Uint8Array): void {
		if (this.#known) this.#host.deliver({ type: 'data', stream: this.id, bytes });
		else this.#resetPeer();
	}

	#receiveEnd(): void {
		if (!this.#known) return;
		this.#peerEnded = true;
		if (this.#ended) this.#forget();
		this.#host.deliver({ type: 'end', stream: this.id });
	}

	#resetPeer(): void {
		if (this.#peer) this.#peer.#fail('ECONNRESET');
	}

	#fail(reason: string): void {
		if (!this.#known) return;
		this.#forget();
		this.#outbox = [];
		this.#ended = true;
		this.#host.deliver({ type: 'fail', stream: this.id, reason });
	}

	#forget(): void {
		if (!this.#known) return;
		this.#known = false;
		this.#host.forget(this.id);
	}
}
