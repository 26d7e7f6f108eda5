// Parses RE2's common syntax into a tree: what regexp.ts runs.

/** Longest pattern, in code points. */
const MAX_PATTERN = 256;

/** The pattern is wrong, too large, or uses what is not supported here (`\p{…}`, `[[:alpha:]]`, flags beyond a leading `(?i)`). */
export class UnsupportedPattern extends Error {
	override name = 'UnsupportedPattern';
}

type CharTest = (char: string) => boolean;

export type Node =
	| { readonly kind: 'char'; readonly test: CharTest }
	/** Consumes nothing; `before` and `after` are empty at the ends of the text. */
	| { readonly kind: 'assert'; readonly test: (before: string, after: string) => boolean }
	| { readonly kind: 'sequence'; readonly parts: readonly Node[] }
	| { readonly kind: 'choice'; readonly options: readonly Node[] }
	| { readonly kind: 'repeat'; readonly part: Node; readonly min: number; readonly max: number };

/** @throws {UnsupportedPattern} */
export function parsePattern(pattern: string): Node {
	return new Parser(pattern).parse();
}

const DIGIT: CharTest = (c) => c >= '0' && c <= '9';
const WORD: CharTest = (c) => /^[0-9A-Za-z_]$/.test(c);
const SPACE: CharTest = (c) => '\t\n\f\r '.includes(c);
const CLASSES: Readonly<Record<string, CharTest>> = {
	d: DIGIT,
	w: WORD,
	s: SPACE,
	D: (c) => !DIGIT(c),
	W: (c) => !WORD(c),
	S: (c) => !SPACE(c),
};
const CONTROLS: Readonly<Record<string, string>> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

const atStart = (before: string): boolean => before === '';
const atEnd = (_: string, after: string): boolean => after === '';
const atWordEdge = (before: string, after: string): boolean => WORD(before) !== WORD(after);
const ASSERTIONS: Readonly<Record<string, (before: string, after: string) => boolean>> = {
	A: atStart,
	z: atEnd,
	b: atWordEdge,
	B: (before, after) => !atWordEdge(before, after),
};

class Parser {
	readonly #chars: readonly string[];
	#at = 0;
	#ignoreCase = false;

	constructor(pattern: string) {
		this.#chars = [...pattern];
		if (this.#chars.length > MAX_PATTERN) throw new UnsupportedPattern('too long');
	}

	parse(): Node {
		this.#ignoreCase = this.#take('(?i)');
		const tree = this.#choice();
		if (this.#at < this.#chars.length) throw new UnsupportedPattern('unexpected )');
		return tree;
	}

	#choice(): Node {
		const options = [this.#sequence()];
		while (this.#take('|')) options.push(this.#sequence());
		return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options };
	}

	#sequence(): Node {
		const parts: Node[] = [];
		while (this.#at < this.#chars.length && !this.#sees('|') && !this.#sees(')')) parts.push(this.#repeated());
		return { kind: 'sequence', parts };
	}

	#repeated(): Node {
		const part = this.#atom();
		const count = this.#quantifier();
		if (count === undefined) return part;
		this.#take('?'); // lazy or not, the answer is the same
		if (this.#quantifier() !== undefined) throw new UnsupportedPattern('quantifier after a quantifier');
		return { kind: 'repeat', part, ...count };
	}

	#quantifier(): { readonly min: number; readonly max: number } | undefined {
		if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
		if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
		if (this.#take('?')) return { min: 0, max: 1 };
		// What does not look like a count is a literal brace, in Go as in JavaScript.
		const count = /^\{(\d{1,4})(?:(,)(\d{0,4}))?\}/.exec(this.#chars.slice(this.#at, this.#at + 11).join(''));
		if (count === null) return undefined;
		this.#at += count[0].length;
		const min = Number(count[1]);
		const max = count[2] === undefined ? min : count[3] === '' ? Number.POSITIVE_INFINITY : Number(count[3]);
		if (min > max) throw new UnsupportedPattern('repetition out of order');
		return { min, max };
	}

	#atom(): Node {
		const char = this.#next();
		switch (char) {
			case '(':
				return this.#group();
			case '[':
				return { kind: 'char', test: this.#class() };
			case '.':
				return { kind: 'char', test: (c) => c !== '\n' };
			case '^':
				return { kind: 'assert', test: atStart };
			case '$':
				return { kind: 'assert', test: atEnd };
			case '*':
			case '+':
			case '?':
				throw new UnsupportedPattern('quantifier after nothing');
			case '\\': {
				const escaped = this.#next();
				const test = ASSERTIONS[escaped];
				if (test !== undefined) return { kind: 'assert', test };
				return { kind: 'char', test: CLASSES[escaped] ?? this.#oneOf(literalEscape(escaped)) };
			}
			default:
				return { kind: 'char', test: this.#oneOf(char) };
		}
	}

	#group(): Node {
		if (this.#take('?P<')) while (this.#next() !== '>');
		else if (this.#sees('?') && !this.#take('?:')) throw new UnsupportedPattern('flags of a group');
		const inner = this.#choice();
		if (!this.#take(')')) throw new UnsupportedPattern('missing )');
		return inner;
	}

	#class(): CharTest {
		const negated = this.#take('^');
		const tests: CharTest[] = [];
		// A bracket that stands first is a member of the class.
		while (tests.length === 0 || !this.#sees(']')) {
			if (this.#sees('[:')) throw new UnsupportedPattern('POSIX class');
			tests.push(this.#classMember());
		}
		this.#at++;
		return (c) => tests.some((test) => test(c)) !== negated;
	}

	#classMember(): CharTest {
		const named = this.#sees('\\') ? CLASSES[this.#chars[this.#at + 1] ?? ''] : undefined;
		if (named !== undefined) {
			this.#at += 2;
			return named;
		}
		const low = this.#classChar();
		if (!this.#sees('-') || this.#sees('-]')) return this.#oneOf(low);
		this.#at++;
		const high = this.#classChar();
		if (codePoint(low) > codePoint(high)) throw new UnsupportedPattern('range out of order');
		return this.#folded((c) => codePoint(c) >= codePoint(low) && codePoint(c) <= codePoint(high));
	}

	#classChar(): string {
		const char = this.#next();
		return char === '\\' ? literalEscape(this.#next()) : char;
	}

	#oneOf(char: string): CharTest {
		return this.#folded((c) => c === char);
	}

	#folded(test: CharTest): CharTest {
		return this.#ignoreCase ? (c) => test(c) || test(c.toLowerCase()) || test(c.toUpperCase()) : test;
	}

	#next(): string {
		const char = this.#chars[this.#at++];
		if (char === undefined) throw new UnsupportedPattern('ends too early');
		return char;
	}

	#sees(text: string): boolean {
		for (let i = 0; i < text.length; i++) if (this.#chars[this.#at + i] !== text[i]) return false;
		return true;
	}

	#take(text: string): boolean {
		if (!this.#sees(text)) return false;
		this.#at += text.length;
		return true;
	}
}

function literalEscape(char: string): string {
	const control = CONTROLS[char];
	if (control !== undefined) return control;
	if (WORD(char) || codePoint(char) > 0x7f) throw new UnsupportedPattern(`escape \\${char}`);
	return char;
}

function codePoint(char: string): number {
	return char.codePointAt(0) as number;
}
