// How far a simulation is: one rewritten line on a terminal, a plain line every ten seconds elsewhere.

import type { SimProgress } from '../../sim/index.ts';
import { durationText } from '../../status/index.ts';
import { cut } from '../cli/table.ts';
import type { Terminal } from '../cli/terminal.ts';

const REWRITE_MS = 100;
const PLAIN_MS = 10_000;
/** Sooner, an estimate jumps about. */
const ESTIMATE_AFTER_MS = 3_000;
const BAR = 28;

/** Shows lines of progress no more often than they can be read. */
export class Ticker {
	readonly #terminal: Terminal;
	#shownAt: number;

	constructor(terminal: Terminal) {
		this.#terminal = terminal;
		// A plain line says nothing new at the start; a rewritten one shows that it has begun.
		this.#shownAt = terminal.statusWidth === undefined ? performance.now() : Number.NEGATIVE_INFINITY;
	}

	get isDue(): boolean {
		const pauseMs = this.#terminal.statusWidth === undefined ? PLAIN_MS : REWRITE_MS;
		return performance.now() - this.#shownAt >= pauseMs;
	}

	show(line: string): void {
		this.#shownAt = performance.now();
		const { statusWidth } = this.#terminal;
		if (statusWidth === undefined) this.#terminal.note(line);
		else this.#terminal.status(cut(line, statusWidth - 1));
	}
}

/** Progress of one run. */
export class Progress {
	readonly #ticker: Ticker;
	readonly #startedAt: number = performance.now();

	constructor(ticker: Ticker) {
		this.#ticker = ticker;
	}

	/** `before`: which run of several it is. */
	show(progress: SimProgress, before = ''): void {
		if (this.#ticker.isDue) this.#ticker.show(before + progressLine(progress, performance.now() - this.#startedAt));
	}
}

/** `wallMs`: since the run began. */
export function progressLine({ phase, now, until, packets, violations }: SimProgress, wallMs: number): string {
	const isSafety = phase === 'safety';
	const parts = [
		isSafety ? `${durationText(now)} of ${durationText(until)}` : `${durationText(now)}, waiting for one view`,
		`${speedText(now, wallMs)}   ${packetsText(packets)}   ${countText(violations, 'violation')}`,
	];
	if (isSafety && wallMs > ESTIMATE_AFTER_MS && now > 0) {
		parts.push(`${durationText(((until - now) * wallMs) / now)} to go`);
	}
	return `${phase.padEnd(8)} ${bar(isSafety ? now / until : 1)}  ${parts.join('   ')}`;
}

export function bar(share: number): string {
	const full = Math.max(0, Math.min(BAR, Math.floor(share * BAR)));
	return '█'.repeat(full) + '░'.repeat(BAR - full);
}

/** `412x real time`. */
export function speedText(simulatedMs: number, wallMs: number): string {
	const speed = simulatedMs / Math.max(1, wallMs);
	return `${speed >= 10 ? Math.round(speed) : speed.toFixed(1)}x real time`;
}

/** `31.2 M packets`. */
export function packetsText(packets: number): string {
	return packets < 1_000_000 ? countText(packets, 'packet') : `${(packets / 1_000_000).toFixed(1)} M packets`;
}

export function countText(count: number, what: string): string {
	return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
