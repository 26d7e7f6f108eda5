// What the values of a scenario may be, and a reader that collects all that is wrong with them.

import { ConfigError } from '../../config/index.ts';
import { nearest } from '../../words/index.ts';

export interface Field {
	/** What is allowed, as it is told. */
	readonly allowed: string;
	fits(value: unknown): boolean;
}

/** One for each key, so that a new one cannot be forgotten here. */
export type Fields<T> = { readonly [K in keyof T]-?: Field };

const LONGEST_MS = 31 * 86_400_000;
const COUNT_MAX = 20_000;
const RATE_MAX = 10_000;
const SEED_MAX = 0xffff_ffff;

export const SHARE: Field = numberFrom(0, 1, 'a share between 0 and 1');
export const DURATION: Field = numberFrom(0, LONGEST_MS, 'milliseconds, 0 or more, at most 31 days');
export const RATE: Field = numberFrom(0, RATE_MAX, `events a minute, from 0 to ${RATE_MAX}`);
export const COUNT: Field = wholeFrom(0, COUNT_MAX);
export const SEED: Field = wholeFrom(0, SEED_MAX);
export const FLAG: Field = { allowed: 'true or false', fits: (value) => typeof value === 'boolean' };
export const TEXT: Field = { allowed: 'a text', fits: (value) => typeof value === 'string' };
export const TEXTS: Field = {
	allowed: 'a list of names of hosts',
	fits: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
};

function numberFrom(least: number, most: number, allowed: string): Field {
	return { allowed, fits: (value) => typeof value === 'number' && value >= least && value <= most };
}

function wholeFrom(least: number, most: number): Field {
	const { fits } = numberFrom(least, most, '');
	return {
		allowed: `a whole number from ${least} to ${most}`,
		fits: (value) => Number.isInteger(value) && fits(value),
	};
}

/** What is wrong is noted and reading goes on, so that all of it is told at once. */
export class Reader {
	readonly #file: string;
	readonly #problems: string[] = [];

	constructor(file: string) {
		this.#file = file;
	}

	/** Notes a wrong value at a path such as `history[3].at`. */
	wrong(path: string, value: unknown, allowed: string): void {
		const given = value === undefined ? 'is missing' : JSON.stringify(value);
		const short = given.length > SHOWN_MAX ? `${given.slice(0, SHOWN_MAX)}…` : given;
		this.#problems.push(`--scenario ${this.#file}: ${path} ${short}: ${allowed}`);
	}

	mapping(value: unknown, path: string): Readonly<Record<string, unknown>> {
		if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
		this.wrong(path, value, 'a mapping of names to values');
		return {};
	}

	list(value: unknown, path: string): readonly unknown[] {
		if (Array.isArray(value)) return value;
		this.wrong(path, value, 'a list');
		return [];
	}

	optional(value: unknown, path: string, field: Field): unknown {
		if (value !== undefined && !field.fits(value)) this.wrong(path, value, field.allowed);
		return value;
	}

	/** Looks at all fields of a mapping, and that there are no others. Where a name ends in a question mark, the value may be absent. */
	fields(values: object, fields: Readonly<Record<string, Field>>, path: string): void {
		const given: Readonly<Record<string, unknown>> = { ...values };
		for (const [name, field] of Object.entries(fields)) {
			const key = plain(name);
			if (given[key] === undefined && key !== name) continue;
			if (!field.fits(given[key])) this.wrong(`${path}.${key}`, given[key], field.allowed);
		}
		this.known(given, Object.keys(fields).map(plain), `${path}.`);
	}

	/** Notes keys that nobody knows. */
	known(values: Readonly<Record<string, unknown>>, keys: readonly string[], prefix: string): void {
		for (const key of Object.keys(values)) {
			if (keys.includes(key)) continue;
			const near = nearest(key, keys);
			this.wrong(prefix + key, values[key], near === undefined ? 'not known here' : `not known; did you mean ${near}?`);
		}
	}

	/** @throws {ConfigError} with all that was noted. */
	end(): void {
		if (this.#problems.length > 0) throw new ConfigError(this.#problems);
	}
}

const SHOWN_MAX = 40;

function plain(name: string): string {
	return name.endsWith('?') ? name.slice(0, -1) : name;
}
