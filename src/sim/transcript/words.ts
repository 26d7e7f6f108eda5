// The words of a script: names, durations, shares and options, each checked where it is read.

/** A script that cannot be run, or that does not hold: what is wrong, and the line it stands in once that is known. */
export class ScriptError extends Error {
	readonly line: number | undefined;

	constructor(message: string, where: { readonly line?: number; readonly cause?: Error } = {}) {
		super(where.line === undefined ? message : `line ${where.line}: ${message}`, { cause: where.cause });
		this.name = 'ScriptError';
		this.line = where.line;
	}
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const OPTION = /^([a-z-]+)=(.*)$/;

/** The words of one command, taken from the front. */
export class Words {
	readonly #words: string[];

	constructor(words: readonly string[]) {
		this.#words = [...words];
	}

	get more(): boolean {
		return this.#words.length > 0;
	}

	/** The next word, whatever it is. */
	next(what: string): string {
		const word = this.#words.shift();
		if (word === undefined) throw new ScriptError(`${what} is missing`);
		return word;
	}

	/** True, and the word is taken, when the next one is this. */
	skip(word: string): boolean {
		if (this.#words[0] !== word) return false;
		this.#words.shift();
		return true;
	}

	expect(word: string): void {
		if (!this.skip(word)) throw new ScriptError(`"${word}" is expected${this.more ? `, not "${this.#words[0]}"` : ''}`);
	}

	/** The next words up to one of these, or to the end; `n1..n9` is nine words. */
	names(...until: readonly string[]): string[] {
		const names: string[] = [];
		while (this.more && !until.includes(this.#words[0]!) && !OPTION.test(this.#words[0]!)) {
			names.push(...nameRange(this.#words.shift()!));
		}
		return names;
	}

	/** The same, one at least. */
	someNames(...until: readonly string[]): string[] {
		const names = this.names(...until);
		if (names.length === 0) throw new ScriptError('a name is missing');
		return names;
	}

	/** All words that are left, as `key=value`. */
	options(): Map<string, string> {
		const options = new Map<string, string>();
		while (this.more) {
			const word = this.#words.shift()!;
			const match = OPTION.exec(word);
			if (!match) throw new ScriptError(`"${word}" is not key=value`);
			options.set(match[1]!, match[2]!);
		}
		return options;
	}

	durationMs(what: string): number {
		return parseDurationMs(this.next(what));
	}

	/** `within 5s` if it stands here. */
	within(defaultMs: number): number {
		return this.skip('within') ? this.durationMs('the time') : defaultMs;
	}

	end(): void {
		if (this.more) throw new ScriptError(`"${this.#words.join(' ')}" is too much`);
	}
}

/** `200ms`, `5s`, `1.5s`, `1h`; a minus sign where the past is meant. */
export function parseDurationMs(text: string): number {
	const match = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
	if (!match) throw new ScriptError(`"${text}" is not a duration such as 200ms, 5s, 1m`);
	return Number(match[1]) * UNIT_MS[match[2]!]!;
}

/** `20%` → 0.2. */
export function parseShare(text: string): number {
	const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
	if (!match || Number(match[1]) > 100) throw new ScriptError(`"${text}" is not a share such as 20%`);
	return Number(match[1]) / 100;
}

export function parseSwitch(text: string): boolean {
	if (text !== 'on' && text !== 'off') throw new ScriptError(`"${text}" is neither on nor off`);
	return text === 'on';
}

export function parseCount(text: string): number {
	if (!/^\d+$/.test(text)) throw new ScriptError(`"${text}" is not a whole number`);
	return Number(text);
}

function nameRange(word: string): string[] {
	const match = /^(.*?)(\d+)\.\.(.*?)(\d+)$/.exec(word);
	if (!match || match[1] !== match[3]) return [word];
	const [, prefix, first, , last] = match;
	return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => `${prefix}${Number(first) + i}`);
}
