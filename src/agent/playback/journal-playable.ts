// The journal of one node as something to play back.

import { JournalPlayer } from './journal-player.ts';
import { isVerdict, Marks } from './marks.ts';
import type { Pass, Playable } from './playable.ts';

/** So many inputs take a few milliseconds. */
const INPUTS_AT_ONCE = 200;

/**
 * Plays the journal to its end once, which proves it, and gathers its marks.
 * @throws {CliError} when the file is no journal, is damaged or empty, or when the replay differs from it.
 */
export function journalPlayable(file: Uint8Array): Playable {
	const player = new JournalPlayer(file);
	const marks = new Marks();
	for (let events = player.step(); events; events = player.step()) {
		for (const event of events) marks.note(event, player.elapsedAt(event.at));
	}
	const { name } = player.replay.header.config;
	return {
		origin: 'replayed',
		title: `Recorded by ${name}`,
		durationMs: player.elapsedMs,
		nodes: [name],
		marks: marks.list,
		marksDropped: marks.dropped,
		begin: () => new JournalPass(file),
	};
}

class JournalPass implements Pass {
	ended = false;
	readonly #player: JournalPlayer;
	readonly #node: string;
	#verdicts = 0;

	constructor(file: Uint8Array) {
		this.#player = new JournalPlayer(file);
		this.#node = this.#player.replay.header.config.name;
		this.#step();
	}

	get elapsedMs(): number {
		return this.#player.elapsedMs;
	}

	follows(node: string): boolean {
		return node === this.#node;
	}

	advance(untilMs: number): void {
		// Whoever steps from one change of state to the next stops at each.
		const verdicts = this.#verdicts;
		for (let inputs = 0; inputs < INPUTS_AT_ONCE && this.#verdicts === verdicts; inputs++) {
			if (this.ended || this.elapsedMs >= untilMs) return;
			this.#step();
		}
	}

	source(node: string): JournalPlayer['source'] | undefined {
		return node === this.#node ? this.#player.source : undefined;
	}

	verdicts(node: string): number {
		return node === this.#node ? this.#verdicts : 0;
	}

	differing(): [] {
		return [];
	}

	#step(): void {
		const events = this.#player.step();
		if (!events) this.ended = true;
		for (const event of events ?? []) if (isVerdict(event)) this.#verdicts++;
	}
}
