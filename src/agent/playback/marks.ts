// The marks of a record: every change of state once, when the first node saw it.

import type { PlaybackMark } from '../../status/index.ts';
import type { MeshEvent } from '../../swim/index.ts';

const MOST = 4_000;

/** Whether the event is a change of state of a member that was known. */
export function isVerdict(event: MeshEvent): event is Extract<MeshEvent, { type: 'state' }> {
	return event.type === 'state' && event.from !== 'none' && event.to !== 'none';
}

export class Marks {
	readonly list: PlaybackMark[] = [];
	dropped = 0;
	readonly #seen = new Set<string>();

	/** Events in the order of time, of any number of nodes. */
	note(event: MeshEvent, atMs: number): void {
		if (!isVerdict(event) || event.to === 'none') return;
		const { name, incarnation } = event.member;
		const key = `${event.to} ${incarnation} ${name}`;
		if (this.#seen.has(key)) return;
		if (this.list.length >= MOST) {
			this.dropped++;
			return;
		}
		this.#seen.add(key);
		this.list.push({ atMs: Math.round(atMs), member: name, to: event.to });
	}
}
