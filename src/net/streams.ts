// What a transport needs of its streams, and the streams of a transport that has none.

import type { NetworkInput, NetworkOutput, StreamId } from '../swim/index.ts';

export type StreamOutput = Exclude<NetworkOutput, { type: 'packet' }>;

/** Bounds of streams. */
export interface StreamOptions {
	/** An `open` that was not answered for so long fails with `ETIMEDOUT`. Default 10,000. */
	readonly connectTimeoutMs?: number;
	/** Connections that others opened to us, at one time; more are reset and counted. Default 256: twice what the machine serves, for some linger. */
	readonly maxAcceptedStreams?: number;
	/** Of those, from one host; where addresses are real. Default 64. */
	readonly maxAcceptedPerHost?: number;
	/** A connection that we have ended waits so long for its other side. Default 10,000. */
	readonly lingerMs?: number;
	/** What one stream holds that its peer does not read; beyond it the stream fails with `ENOBUFS`. Default 64 MiB. */
	readonly maxBufferedBytes?: number;
}

export const STREAM_DEFAULTS: Required<StreamOptions> = {
	connectTimeoutMs: 10_000,
	maxAcceptedStreams: 256,
	maxAcceptedPerHost: 64,
	lingerMs: 10_000,
	maxBufferedBytes: 64 * 1024 * 1024,
};

export interface Streams {
	/** As `Transport.perform`. */
	perform(output: StreamOutput): void;
	close(): Promise<void>;
}

/** Fails every stream on the next turn. */
export class NoStreams implements Streams {
	readonly #deliver: (input: NetworkInput) => void;
	/** Opened, and the machine is yet to be told that they fail. */
	readonly #opened = new Set<StreamId>();

	constructor(deliver: (input: NetworkInput) => void) {
		this.#deliver = deliver;
	}

	perform({ type, stream }: StreamOutput): void {
		if (type === 'reset') this.#opened.delete(stream);
		if (type !== 'open') return;
		this.#opened.add(stream);
		setImmediate(() => {
			if (this.#opened.delete(stream)) this.#deliver({ type: 'fail', stream, reason: 'STREAMS_OFF' });
		});
	}

	async close(): Promise<void> {
		this.#opened.clear();
	}
}
