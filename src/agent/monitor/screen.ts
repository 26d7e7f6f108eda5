// The alternate screen of a terminal: frames in, keys out, and the terminal as it was, however the process ends.

import { writeSync } from 'node:fs';
import { emitKeypressEvents } from 'node:readline';
import { asciiText, type Terminal } from '../cli/terminal.ts';
import type { Size } from './frame.ts';
import type { Line } from './text.ts';

// Alternate screen, no cursor, no line wrap; and all of it back.
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const ERASE_LINE = '\x1b[K';
const ERASE_ALL = '\x1b[2J';
const USUAL_SIZE: Size = { columns: 80, rows: 24 };

interface Key {
	readonly name?: string;
	readonly ctrl?: boolean;
	readonly sequence?: string;
}

export interface ScreenEvents {
	/** A character, or the name of a key: `up`, `return`, `ctrl-c`. */
	press(key: string): void;
	/** The terminal has another size, and nothing on it. */
	resized(): void;
}

export class Screen {
	readonly #terminal: Terminal;
	readonly #events: ScreenEvents;
	/** At the end of the process, and before a crash is reported: nothing may stand in the screen that goes away. */
	readonly #restore = (): void => {
		if (this.#isOpen) writeSync(1, LEAVE);
		this.#isOpen = false;
	};
	#isOpen = true;
	readonly #onResize = (): void => {
		this.#drawn = [];
		process.stdout.write(ERASE_ALL);
		this.#events.resized();
	};
	readonly #onKey = (text: string | undefined, key: Key): void => {
		const name = keyName(text, key);
		if (name !== undefined) this.#events.press(name);
	};
	/** What stands in each row. */
	#drawn: string[] = [];

	/** Takes the terminal over. */
	constructor(terminal: Terminal, events: ScreenEvents) {
		this.#terminal = terminal;
		this.#events = events;
		process.prependListener('uncaughtException', this.#restore).once('exit', this.#restore);
		process.stdout.write(ENTER + ERASE_ALL);
		process.stdout.on('resize', this.#onResize);
		const { stdin } = process;
		if (!stdin.isTTY) return;
		emitKeypressEvents(stdin);
		stdin.setRawMode(true);
		stdin.on('keypress', this.#onKey).resume();
	}

	get size(): Size {
		const { columns, rows } = process.stdout;
		return columns > 0 && rows > 0 ? { columns, rows } : USUAL_SIZE;
	}

	/** Whether the terminal has taken all that was drawn; a slow one gets fewer frames. */
	get isReady(): boolean {
		return !process.stdout.writableNeedDrain;
	}

	/** Writes the rows that differ from what stands there. */
	draw(lines: readonly Line[]): void {
		const { rows } = this.size;
		let text = '';
		for (let row = 0; row < rows; row++) {
			const wanted = (lines[row] ?? [])
				.map((piece) => this.#terminal.paint(this.#shown(piece.text), piece.paint))
				.join('');
			if (this.#drawn[row] === wanted) continue;
			this.#drawn[row] = wanted;
			// Erased first: behind a full line the cursor stands on its last character.
			text += `\x1b[${row + 1};1H${ERASE_LINE}${wanted}`;
		}
		if (text !== '') process.stdout.write(text);
	}

	/** Gives the terminal back. Idempotent. */
	close(): void {
		if (!this.#isOpen) return;
		this.#isOpen = false;
		process.off('uncaughtException', this.#restore).off('exit', this.#restore);
		process.stdout.off('resize', this.#onResize);
		const { stdin } = process;
		if (stdin.isTTY) {
			stdin.off('keypress', this.#onKey).pause();
			stdin.setRawMode(false);
		}
		process.stdout.write(LEAVE);
	}

	#shown(text: string): string {
		return this.#terminal.ascii ? oneWide(text) : text;
	}
}

/** ASCII in as many columns: what has no single character of its own becomes a question mark. */
function oneWide(text: string): string {
	return text.replace(/\P{ASCII}/gu, (character) => {
		if (character === '…') return '~';
		const ascii = asciiText(character);
		return ascii.length === 1 ? ascii : '?';
	});
}

function keyName(text: string | undefined, { name, ctrl, sequence }: Key): string | undefined {
	if (ctrl === true) return name === 'c' || name === 'd' ? 'ctrl-c' : undefined;
	if (text !== undefined && [...text].length === 1 && text >= ' ' && text !== '\x7f') return text;
	return name === 'enter' ? 'return' : (name ?? (sequence === '\x1b' ? 'escape' : undefined));
}
