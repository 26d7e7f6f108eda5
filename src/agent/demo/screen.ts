// The demo's picture: lines that scroll away above, and on a terminal a table below that is drawn anew.

import type { Terminal } from '../cli/terminal.ts';

export class Screen {
	readonly #terminal: Terminal;
	#block: readonly string[] = [];

	constructor(terminal: Terminal) {
		this.#terminal = terminal;
	}

	/** Writes lines above the table. */
	say(...lines: readonly string[]): void {
		this.#draw(lines, this.#block);
	}

	/** Replaces the table. Where nothing can be drawn anew, nothing is. */
	show(block: readonly string[]): void {
		if (!this.#terminal.canRedraw || block.join('\n') === this.#block.join('\n')) return;
		this.#draw([], block);
	}

	/** Leaves the last table where it stands. */
	end(): void {
		this.#block = [];
	}

	#draw(lines: readonly string[], block: readonly string[]): void {
		// One write, so that no half-drawn frame is ever seen.
		const erase = this.#block.length > 0 ? `\x1b[${this.#block.length}A\x1b[J` : '';
		const text = [...lines, ...block].join('\n');
		if (text !== '' || erase !== '') this.#terminal.out(erase + text);
		this.#block = block;
	}
}
