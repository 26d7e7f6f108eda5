// A node as its viewers follow it: compares what the source shows with what it showed before, and tells each reader what is new to him.

import type { Instant } from '../swim/index.ts';
import { eventPage } from './event-object.ts';
import type { LiveChange, LiveDelta, LiveHealth, LiveSecond, LiveSnapshot, LiveViews } from './live.ts';
import type { HistorySecond } from './live-history.ts';
import { LIVE_LIMITS, MEASURED_OWNERS } from './live-limits.ts';
import { LiveMembers } from './live-members.ts';
import {
	type LiveAbout,
	liveDetection,
	liveHealth,
	liveMesh,
	liveNode,
	liveProviders,
	liveViews,
} from './live-parts.ts';
import type { StatusSource } from './source.ts';

const SCHEMA = 1;

/** How far a reader has come. */
export interface LiveCursor {
	readonly seq: number;
	readonly version: number;
	/** Beginning of the newest second that he has, by the clock of the node; -1 = none yet. */
	readonly second: number;
	readonly life: string;
}

/** The fields that are replaced as a whole. */
type Parts = Pick<LiveSnapshot, 'node' | 'mesh' | 'views' | 'ring' | 'health' | 'detection' | 'discovery' | 'playback'>;

interface Told {
	readonly text: string;
	readonly value: unknown;
	readonly version: number;
}

/** The event loop is never late by the same time twice; so often it is worth a word. */
const LOOP_EVERY_MS = 5_000;

/** Costs nothing until it is asked, and then a pass over the members. */
export class LiveView {
	readonly #source: StatusSource;
	readonly #about: LiveAbout;
	readonly #turn: number;
	readonly #parts = new Map<string, Told>();
	#members: LiveMembers;
	/** Rises with every refresh that found something new. */
	#version = 0;
	/** Readers of a version below it cannot be told the difference. */
	#base = 1;
	#life = '';
	#wallOffset: number | undefined;
	#loop: LiveHealth['loop'] = null;
	#loopAt: Instant = Number.NEGATIVE_INFINITY;

	/** `turn` is another one for each source that takes the place of the one before, so that no cursor goes from one to the other. */
	constructor(source: StatusSource, about: LiveAbout, turn = 0) {
		this.#source = source;
		this.#about = about;
		this.#turn = turn;
		this.#members = new LiveMembers(source);
	}

	/** Looks at the node. `snapshot` and `since` tell what it was then: ask for them before the node does anything. */
	refresh(): LiveCursor {
		const source = this.#source;
		const version = this.#version + 1;
		// Whoever sets the clock moves all times that were told.
		if (source.wallMs(0) !== this.#wallOffset) this.#begin(version);
		const members = source.members;
		const changed = this.#members.refresh(members, version);
		if (this.#refreshParts(members, version) || changed) this.#version = version;
		const second = source.history.seconds(source.now(), Number.NEGATIVE_INFINITY).at(-1)?.at ?? -1;
		return { seq: source.events.last, version: this.#version, second, life: this.#life };
	}

	/** Everything, for a viewer who has nothing yet. */
	snapshot(): LiveSnapshot {
		const source = this.#source;
		const { wallMs, history } = source;
		const told = eventPage(source, 0);
		const parts = Object.fromEntries([...this.#parts].map(([name, { value }]) => [name, value])) as unknown as Parts;
		return {
			schema: SCHEMA,
			at: wallMs(source.now()),
			seq: told.last,
			...parts,
			members: this.#members.all(),
			events: told.events.slice(-LIVE_LIMITS.events),
			changes: history.changes.map((each): LiveChange => [each.seq, wallMs(each.at), each.member, each.from, each.to]),
			changesSince: wallMs(history.changesLostAt ?? history.startedAt ?? source.self.changedAt),
			seconds: this.#secondsAfter(Number.NEGATIVE_INFINITY),
		};
	}

	/** What is new since; undefined when only a snapshot can tell. */
	since({ seq, version, second, life }: LiveCursor): LiveDelta | undefined {
		const source = this.#source;
		if (life !== this.#life || version < this.#base || version > this.#version) return undefined;
		const changed = this.#members.since(version);
		const { events, last, missed } = eventPage(source, seq);
		if (missed || changed === undefined) return undefined;
		const parts = [...this.#parts].flatMap(([name, told]) => (told.version > version ? [[name, told.value]] : []));
		const seconds = this.#secondsAfter(second);
		return {
			at: source.wallMs(source.now()),
			seq: last,
			...(Object.fromEntries(parts) as Partial<Parts>),
			...changed,
			...(events.length > 0 && { events }),
			...(seconds.length > 0 && { seconds }),
		};
	}

	#begin(version: number): void {
		const { history, self, wallMs } = this.#source;
		this.#wallOffset = wallMs(0);
		this.#base = version;
		const life = wallMs(history.startedAt ?? self.changedAt).toString(36);
		this.#life = this.#turn === 0 ? life : `${life}_${this.#turn}`;
		this.#parts.clear();
		this.#members = new LiveMembers(this.#source);
	}

	#refreshParts(members: StatusSource['members'], version: number): boolean {
		const source = this.#source;
		const mesh = liveMesh(source, members);
		const { fingerprint, size } = source.ring;
		const views: LiveViews = liveViews(source);
		const parts: Parts = {
			node: liveNode(source, this.#about),
			mesh,
			views,
			ring: { fingerprint, owners: size, measured: size <= MEASURED_OWNERS },
			health: liveHealth(source, this.#loopNow()),
			detection: liveDetection(source, mesh.counts.alive + mesh.counts.suspect),
			discovery: liveProviders(this.#about.discovery()),
			...(this.#about.playback && { playback: this.#about.playback() }),
		};
		let changed = false;
		for (const [name, value] of Object.entries(parts)) {
			const text = JSON.stringify(value);
			if (this.#parts.get(name)?.text === text) continue;
			this.#parts.set(name, { text, value, version });
			changed = true;
		}
		return changed;
	}

	#loopNow(): LiveHealth['loop'] {
		const now = this.#source.now();
		if (now - this.#loopAt < LOOP_EVERY_MS) return this.#loop;
		this.#loopAt = now;
		this.#loop = this.#about.facts().loop;
		return this.#loop;
	}

	#secondsAfter(after: number): LiveSecond[] {
		const { history, now, wallMs } = this.#source;
		return history.seconds(now(), after).map(({ at, marks, ...counted }: HistorySecond) => ({
			at: wallMs(at),
			probes: marks,
			...counted,
		}));
	}
}
