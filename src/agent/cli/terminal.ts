// The two streams of a command and what each can show: colour, glyphs, width, prompts.

import type { MemberState } from '../../swim/index.ts';

/** When text is painted: on a terminal, also elsewhere, not at all. */
export const COLOURS = ['auto', 'always', 'never'] as const;

/** What a stream must offer; `process.stdout` does. */
export interface Sink {
	readonly isTTY?: boolean;
	readonly columns?: number;
	write(text: string): unknown;
}

export interface TerminalOptions {
	readonly stdout: Sink;
	readonly stderr: Sink;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** `auto` is the default. */
	readonly color?: (typeof COLOURS)[number] | undefined;
	readonly ascii?: boolean | undefined;
	readonly quiet?: boolean | undefined;
	readonly utc?: boolean | undefined;
}

/** Sixteen colours only: the user's theme decides what they look like. */
const CODES = {
	bold: 1,
	dim: 2,
	reverse: 7,
	red: 31,
	yellow: 33,
	cyan: 36,
	boldRed: '1;31',
	boldYellow: '1;33',
} as const;
export type Paint = keyof typeof CODES;

/** A state is a shape and a word; colour only repeats it. */
export const GLYPHS: Readonly<Record<MemberState, string>> = { alive: '●', suspect: '◐', dead: '✕', left: '○' };
export const STATE_PAINT: Readonly<Record<MemberState, { readonly glyph: Paint; readonly word: Paint | undefined }>> = {
	alive: { glyph: 'cyan', word: undefined },
	suspect: { glyph: 'yellow', word: 'boldYellow' },
	dead: { glyph: 'red', word: 'boldRed' },
	left: { glyph: 'dim', word: 'dim' },
};

export class Terminal {
	readonly isTTY: boolean;
	/** Columns of a terminal; `undefined` where nothing may be cut. */
	readonly width: number | undefined;
	readonly utc: boolean;
	readonly quiet: boolean;
	/** Columns of stderr where one line can be rewritten there, for progress; else `undefined`. */
	readonly statusWidth: number | undefined;
	/** Whether what stands on stdout can be drawn anew in place. */
	readonly canRedraw: boolean;
	/** Whether nothing beyond ASCII is understood. */
	readonly ascii: boolean;
	readonly #options: TerminalOptions;
	#statusShown = false;

	constructor(options: TerminalOptions) {
		this.#options = options;
		this.isTTY = options.stdout.isTTY === true;
		this.width = this.isTTY ? (options.stdout.columns ?? 80) : undefined;
		this.utc = options.utc === true;
		this.quiet = options.quiet === true;
		this.ascii = options.ascii === true || !speaksUtf8(options.env);
		const { stderr, env } = options;
		this.canRedraw = this.isTTY && env.TERM !== 'dumb';
		this.statusWidth = stderr.isTTY === true && env.TERM !== 'dumb' ? (stderr.columns ?? 80) : undefined;
	}

	/** A line of data on stdout. */
	out(line: string): void {
		this.#write(this.#options.stdout, line);
	}

	/** Progress, summaries, warnings on stderr; silent with `--quiet`. */
	note(line: string): void {
		if (!this.quiet) this.#write(this.#options.stderr, line);
	}

	/** Rewrites the one line of progress on stderr, an empty text removes it; only where there is a `statusWidth`. Any other line removes it too. */
	status(line: string): void {
		if (this.quiet || this.statusWidth === undefined || (line === '' && !this.#statusShown)) return;
		this.#options.stderr.write(`\r\x1b[K${this.ascii ? asciiText(line) : line}`);
		this.#statusShown = line !== '';
	}

	/** A line of an error on stderr. */
	err(line: string): void {
		this.#write(this.#options.stderr, line);
	}

	/** Text for stdout in a colour, or as it is where there is none. */
	paint(text: string, paint: Paint | undefined): string {
		return painted(text, paint, this.#colours(this.#options.stdout));
	}

	/** The same, for stderr. */
	paintErr(text: string, paint: Paint): string {
		return painted(text, paint, this.#colours(this.#options.stderr));
	}

	/** `◐ suspect` for stdout. */
	state(state: MemberState): string {
		return `${this.glyph(state)} ${this.word(state)}`;
	}

	/** `suspect`, padded to so many columns. */
	word(state: MemberState, columns = 0): string {
		return this.paint(state, STATE_PAINT[state].word) + ' '.repeat(Math.max(0, columns - state.length));
	}

	glyph(state: MemberState): string {
		return this.paint(GLYPHS[state], STATE_PAINT[state].glyph);
	}

	/** `14:02:32.004`, local unless `--utc`. */
	time(wallMs: number): string {
		const date = new Date(wallMs);
		if (this.utc) return date.toISOString().slice(11, 23);
		const two = (value: number): string => String(value).padStart(2, '0');
		const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
		return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
	}

	#write(sink: Sink, line: string): void {
		this.status('');
		sink.write(`${this.ascii ? asciiText(line) : line}\n`);
	}

	#colours(sink: Sink): boolean {
		const { color, env } = this.#options;
		if (color === 'always') return true;
		if (color === 'never') return false;
		if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0') return true;
		return sink.isTTY === true && env.TERM !== 'dumb' && !env.NO_COLOR;
	}
}

function painted(text: string, paint: Paint | undefined, colours: boolean): string {
	return colours && paint !== undefined && text !== '' ? `\x1b[${CODES[paint]}m${text}\x1b[0m` : text;
}

function speaksUtf8(env: Readonly<Record<string, string | undefined>>): boolean {
	if (env.TERM === 'linux' || env.TERM === 'dumb') return false;
	return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}

const ASCII: Readonly<Record<string, string>> = {
	'●': '+',
	'◐': '?',
	'✕': 'x',
	'○': '-',
	'·': '.',
	'…': '...',
	'×': 'x',
	'→': '->',
	'█': '#',
	'░': '.',
	'▁': '_',
	'▂': '.',
	'▃': '-',
	'▄': '=',
	'▅': '+',
	'▆': '*',
	'▇': '%',
	'─': '-',
	'↑': '^',
	'↓': 'v',
	'±': '+-',
	'≤': '<=',
};

/** Glyphs become the ASCII column of the state table, anything else becomes its escape. */
export function asciiText(text: string): string {
	return text.replace(
		/\P{ASCII}/gu,
		(character) => ASCII[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`,
	);
}

/** Text that came from the network, fit for a terminal: control characters cannot move the cursor or paint. */
export function printable(text: string): string {
	return text.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
