// What a node sends a second, and what it sends while nothing happens.

import type { SimTime } from '../time-queue.ts';

export interface Load {
	/** Null when nobody ran. */
	readonly packetsPerNodePerS: number | null;
	/** UDP payload; streams are not counted. */
	readonly bytesPerNodePerS: number | null;
}

/** A window is quiet when nothing happened in it, nor in so many before it. */
const WINDOW_MS = 1_000;
const CALM_WINDOWS = 3;

export class LoadMeter {
	packets = 0;
	bytes = 0;
	#nodeMs = 0;
	#running = 0;
	#countedTo: SimTime = 0;
	#windowStart: SimTime = 0;
	#calmWindows = 0;
	#disturbed = true;
	#atWindowStart = { packets: 0, bytes: 0, nodeMs: 0 };
	readonly #quiet = { packets: 0, bytes: 0, nodeMs: 0 };

	packet(bytes: number): void {
		this.packets++;
		this.bytes += bytes;
	}

	/** A membership event: packets tell of it now. */
	disturb(): void {
		this.#disturbed = true;
	}

	/** Nodes came or went. Call after `advance`. */
	population(by: number): void {
		this.#running += by;
		this.#disturbed = true;
	}

	/** Call before whatever happens at this instant is counted. */
	advance(now: SimTime): void {
		while (now >= this.#windowStart + WINDOW_MS) {
			this.#count(this.#windowStart + WINDOW_MS);
			this.#closeWindow();
		}
		this.#count(now);
	}

	/** Over the whole run. */
	get overall(): Load {
		return perSecond({ packets: this.packets, bytes: this.bytes, nodeMs: this.#nodeMs });
	}

	/** In quiet windows only. */
	get quiet(): Load {
		return perSecond(this.#quiet);
	}

	#count(now: SimTime): void {
		this.#nodeMs += (now - this.#countedTo) * this.#running;
		this.#countedTo = now;
	}

	#closeWindow(): void {
		const before = this.#atWindowStart;
		const now = { packets: this.packets, bytes: this.bytes, nodeMs: this.#nodeMs };
		this.#calmWindows = this.#disturbed ? 0 : this.#calmWindows + 1;
		if (this.#calmWindows > CALM_WINDOWS) {
			this.#quiet.packets += now.packets - before.packets;
			this.#quiet.bytes += now.bytes - before.bytes;
			this.#quiet.nodeMs += now.nodeMs - before.nodeMs;
		}
		this.#disturbed = false;
		this.#atWindowStart = now;
		this.#windowStart += WINDOW_MS;
	}
}

function perSecond(sum: { readonly packets: number; readonly bytes: number; readonly nodeMs: number }): Load {
	if (sum.nodeMs === 0) return { packetsPerNodePerS: null, bytesPerNodePerS: null };
	return {
		packetsPerNodePerS: (sum.packets * 1000) / sum.nodeMs,
		bytesPerNodePerS: (sum.bytes * 1000) / sum.nodeMs,
	};
}
