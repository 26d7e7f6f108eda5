// Which senders were refused in the last ten minutes, and why: a bounded record of the events `rejected`.

import type { Instant, MeshEvent, RejectCode } from '../swim/index.ts';

/** One sender, refused for one reason. */
export interface Rejection {
	readonly code: RejectCode;
	/** Host of the sender; empty where it is not known. */
	readonly host: string;
	/** In the last ten minutes. */
	readonly count: number;
	/** Of the last one. */
	readonly detail: string;
}

const MINUTE_MS = 60_000;
const MINUTES = 10;
/** Pairs of code and host that are kept; those that have been quiet for longest give way. */
const MOST_ENTRIES = 256;

interface Entry {
	readonly code: RejectCode;
	readonly host: string;
	/** Counts by minute, the newest last; `minute` is the number of the newest. */
	counts: number[];
	minute: number;
	detail: string;
}

/** Who was refused of late. */
export interface RejectionsView {
	/** Of the ten minutes before `now`, the most frequent first. */
	recent(now: Instant): readonly Rejection[];
}

export class Rejections implements RejectionsView {
	readonly #entries = new Map<string, Entry>();

	/** Takes the next event of the node. */
	note(event: MeshEvent): void {
		if (event.type !== 'rejected') return;
		const { code, detail, at } = event;
		const host = event.from?.host ?? '';
		const key = `${code} ${host}`;
		const entry = this.#entries.get(key) ?? { code, host, counts: [0], minute: minuteOf(at), detail };
		advance(entry, minuteOf(at));
		entry.counts[entry.counts.length - 1]! += 1;
		entry.detail = detail;
		this.#entries.delete(key);
		this.#entries.set(key, entry);
		if (this.#entries.size > MOST_ENTRIES) this.#entries.delete(this.#entries.keys().next().value as string);
	}

	recent(now: Instant): readonly Rejection[] {
		const recent: Rejection[] = [];
		for (const entry of this.#entries.values()) {
			advance(entry, minuteOf(now));
			const count = entry.counts.reduce((sum, each) => sum + each, 0);
			if (count > 0) recent.push({ code: entry.code, host: entry.host, count, detail: entry.detail });
		}
		return recent.sort((a, b) => b.count - a.count);
	}
}

function minuteOf(at: Instant): number {
	return Math.floor(at / MINUTE_MS);
}

function advance(entry: Entry, minute: number): void {
	const passed = minute - entry.minute;
	if (passed <= 0) return;
	entry.minute = minute;
	entry.counts = [...entry.counts, ...new Array<number>(Math.min(passed, MINUTES)).fill(0)].slice(-MINUTES);
}
