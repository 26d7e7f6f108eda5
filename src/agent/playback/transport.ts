// The transport of a playback: plays at a speed, goes to a moment, steps to the next change of state, changes the view.

import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import {
	type LivePlayback,
	PLAYBACK_SPEEDS,
	type PlaybackCommand,
	type PlaybackDocument,
	type StatusSource,
} from '../../status/index.ts';
import type { Pass, Playable } from './playable.ts';

/** As often the playing record is moved on; viewers look less often. */
const BEAT_MS = 40;
/** Work between two turns of the event loop, so that viewers are answered while a long way is gone. */
const SLICE_MS = 12;
/** A record that is slower than it should play is not chased for longer than this. */
const CHASE_MS = 1_000;

export interface TransportOptions {
	/** Where the playback begins. Default: shortly before the first change of state. */
	readonly startMs?: number;
	readonly speed?: number;
}

/** What is on its way. */
type Goal = { readonly type: 'seek'; readonly toMs: number } | { readonly type: 'step'; readonly after: number };

const BEFORE_FIRST_MS = 2_000;

export class Transport {
	readonly document: Omit<PlaybackDocument, 'schema'>;
	readonly #playable: Playable;
	readonly #abort = new AbortController();
	#pass: Pass;
	#seenFrom: string;
	#everyone = false;
	#playing = false;
	#speed: number;
	#goal: Goal | undefined;
	/** Position and wall clock from which playing counts. */
	#anchor: { readonly positionMs: number; readonly wallMs: number } = { positionMs: 0, wallMs: 0 };
	#running: Promise<void> | undefined;
	#broken: unknown;

	constructor(playable: Playable, { startMs, speed = PLAYBACK_SPEEDS.least }: TransportOptions = {}) {
		const { begin: _, ...document } = playable;
		this.#playable = playable;
		this.#speed = speed;
		this.#seenFrom = playable.nodes[0] ?? '';
		this.#pass = playable.begin(this.#seenFrom);
		this.document = { ...document, beganAt: this.source.wallMs(this.source.now()) - this.#pass.elapsedMs };
		const first = playable.marks[0]?.atMs;
		const toMs = startMs ?? (first === undefined ? playable.durationMs : Math.max(0, first - BEFORE_FIRST_MS));
		this.#go({ type: 'seek', toMs });
	}

	/** What the chosen node shows; of a node that has not started yet, what the first one shows. */
	get source(): StatusSource {
		const source = this.#pass.source(this.#seenFrom) ?? this.#pass.source(this.#playable.nodes[0] ?? '');
		if (!source) throw new Error(`${this.#seenFrom} is not followed`);
		return source;
	}

	get state(): LivePlayback {
		return {
			positionMs: Math.min(this.#pass.elapsedMs, this.#playable.durationMs),
			durationMs: this.#playable.durationMs,
			playing: this.#playing,
			speed: this.#speed,
			seeking: this.#goal !== undefined,
			seenFrom: this.#seenFrom,
			everyone: this.#everyone,
			differing: this.#everyone ? this.#pass.differing() : [],
		};
	}

	/** Rejects when the record cannot be played on; resolves when closed. */
	get done(): Promise<void> {
		return new Promise((resolve, reject) => {
			const settle = (): void => (this.#broken === undefined ? resolve() : reject(this.#broken));
			if (this.#abort.signal.aborted) settle();
			else this.#abort.signal.addEventListener('abort', settle, { once: true });
		});
	}

	/** @throws {RangeError} naming what is wrong; then nothing has changed. */
	command(command: PlaybackCommand): void {
		check(command, this.#playable);
		const { play, speed, seekMs, step, seenFrom, everyone } = command;
		if (everyone !== undefined) this.#everyone = everyone;
		if (speed !== undefined) this.#speed = speed;
		if (seenFrom !== undefined) this.#look(seenFrom);
		if (play !== undefined)
			this.#playing = play && !(this.#pass.ended && this.#goal === undefined && seekMs === undefined);
		if (step) {
			this.#playing = false;
			this.#go({ type: 'step', after: this.#pass.verdicts(this.#seenFrom) });
		} else if (seekMs !== undefined) this.#go({ type: 'seek', toMs: seekMs });
		// Whoever plays at the end wants to see it again.
		else if (play && this.#pass.ended && !this.#goal) this.#go({ type: 'seek', toMs: 0 });
		this.#anchorHere();
		this.#wake();
	}

	async close(): Promise<void> {
		this.#abort.abort();
		await this.#running;
	}

	#look(seenFrom: string): void {
		this.#seenFrom = seenFrom;
		if (this.#pass.follows(seenFrom)) return;
		const toMs = this.#goal?.type === 'seek' ? this.#goal.toMs : this.#pass.elapsedMs;
		this.#pass = this.#playable.begin(seenFrom);
		this.#goal = { type: 'seek', toMs };
	}

	#go(goal: Goal): void {
		if (goal.type === 'seek' && goal.toMs < this.#pass.elapsedMs) this.#pass = this.#playable.begin(this.#seenFrom);
		this.#goal = goal;
		this.#wake();
	}

	#anchorHere(): void {
		this.#anchor = { positionMs: this.#pass.elapsedMs, wallMs: performance.now() };
	}

	#wake(): void {
		if (this.#running || this.#abort.signal.aborted) return;
		this.#running = this.#run()
			.catch((error: unknown) => {
				this.#broken = error;
				this.#abort.abort();
			})
			.finally(() => {
				this.#running = undefined;
			});
	}

	async #run(): Promise<void> {
		while (!this.#abort.signal.aborted && (this.#goal || this.#playing)) {
			const behind = this.#work();
			if (behind) await nextTurn();
			else await wait(BEAT_MS, undefined, { signal: this.#abort.signal }).catch(ignoreAbort);
		}
	}

	/** A slice of the way; whether there is more to go at once. */
	#work(): boolean {
		const endsAt = performance.now() + SLICE_MS;
		do {
			if (this.#goal ? this.#reached(this.#goal) : this.#pass.elapsedMs >= this.#dueMs()) break;
			this.#pass.advance(this.#goal ? untilOf(this.#goal) : this.#dueMs());
		} while (!this.#pass.ended && performance.now() < endsAt);
		const goal = this.#goal;
		if (goal && (this.#pass.ended || this.#reached(goal))) {
			this.#goal = undefined;
			this.#anchorHere();
		}
		if (this.#pass.ended && !this.#goal) this.#playing = false;
		if (this.#goal) return true;
		const lagMs = (this.#dueMs() - this.#pass.elapsedMs) / this.#speed;
		if (lagMs > CHASE_MS) this.#anchorHere();
		return this.#playing && lagMs > 0;
	}

	#reached(goal: Goal): boolean {
		if (goal.type === 'seek') return this.#pass.elapsedMs >= goal.toMs;
		return this.#pass.verdicts(this.#seenFrom) > goal.after;
	}

	/** Where a playing record should be by now. */
	#dueMs(): number {
		const { positionMs, wallMs } = this.#anchor;
		return positionMs + (performance.now() - wallMs) * this.#speed;
	}
}

function untilOf(goal: Goal): number {
	return goal.type === 'seek' ? goal.toMs : Number.POSITIVE_INFINITY;
}

function ignoreAbort(error: unknown): void {
	if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
}

function check({ play, speed, seekMs, step, seenFrom, everyone }: PlaybackCommand, playable: Playable): void {
	for (const [name, flag] of Object.entries({ play, step, everyone })) {
		if (flag !== undefined && typeof flag !== 'boolean') throw new RangeError(`${name}: true or false`);
	}
	const { least, most } = PLAYBACK_SPEEDS;
	if (speed !== undefined && !(typeof speed === 'number' && speed >= least && speed <= most))
		throw new RangeError(`speed: a number from ${least} to ${most}`);
	if (seekMs !== undefined && !(typeof seekMs === 'number' && seekMs >= 0 && seekMs <= playable.durationMs))
		throw new RangeError(`seekMs: a number from 0 to ${playable.durationMs}`);
	if (seenFrom !== undefined && !playable.nodes.includes(seenFrom))
		throw new RangeError(`seenFrom: a node of this record, for example ${playable.nodes[0]}`);
}
