// The JSON body of an action: parsed, its keys and values checked, with errors that say where.

import { parseRfc3339 } from '../status/index.ts';
import { FlightError } from './error.ts';

export type Body = Readonly<Record<string, unknown>>;

/**
 * An empty body is an empty object.
 * @throws {FlightError} `INVALID_ARGUMENT`: not UTF-8, not JSON, not an object, or a key that is not among `keys`.
 */
export function parseBody(bytes: Uint8Array, keys: readonly string[]): Body {
	if (bytes.length === 0) return {};
	const value = parseJson(bytes);
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw invalid(`body: ${describe(value)} is not an object`);
	}
	for (const key of Object.keys(value)) {
		if (!keys.includes(key)) {
			throw invalid(
				`body.${shorten(key)} is not known; ${keys.length > 0 ? `known: ${keys.join(', ')}` : 'the body must be empty'}`,
			);
		}
	}
	return value as Body;
}

export function optionalText(body: Body, key: string, maxBytes: number): string | undefined {
	const value = body[key];
	return value === undefined ? undefined : text(value, `body.${key}`, maxBytes);
}

export function requiredText(body: Body, key: string, maxBytes: number): string {
	return text(body[key], `body.${key}`, maxBytes);
}

export function optionalCount(body: Body, key: string, max: number): number | undefined {
	const value = body[key];
	if (value === undefined) return undefined;
	if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value;
	throw invalid(`body.${key}: ${describe(value)} is not a whole number from 1 to ${max}`);
}

/** A whole number that may be 0. */
export function optionalNumber(body: Body, key: string): number | undefined {
	const value = body[key];
	if (value === undefined) return undefined;
	if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
	throw invalid(`body.${key}: ${describe(value)} is not a whole number from 0 on`);
}

/** Milliseconds since 1970 of a time in RFC 3339. */
export function optionalTime(body: Body, key: string): number | undefined {
	const value = body[key];
	if (value === undefined) return undefined;
	const wallMs = typeof value === 'string' ? parseRfc3339(value) : undefined;
	if (wallMs !== undefined) return wallMs;
	throw invalid(`body.${key}: ${describe(value)} is no time such as 2026-11-22T14:02:32Z`);
}

/** False when it is absent. */
export function flag(body: Body, key: string): boolean {
	const value = body[key] ?? false;
	if (typeof value === 'boolean') return value;
	throw invalid(`body.${key}: ${describe(value)} is neither true nor false`);
}

/** A list of 1 to `max` texts. */
export function textList(body: Body, key: string, max: number, maxBytes: number): string[] {
	const value = body[key];
	if (!Array.isArray(value) || value.length < 1 || value.length > max) {
		throw invalid(`body.${key}: ${describe(value)} is not a list of 1 to ${max} texts`);
	}
	return value.map((item, index) => text(item, `body.${key}[${index}]`, maxBytes));
}

/** Texts by name, `{"k": "v"}`; a value may be empty, a name may not. Empty when it is absent. */
export function textMap(body: Body, key: string, maxBytes: number): Readonly<Record<string, string>> {
	const value = body[key] ?? {};
	if (typeof value !== 'object' || Array.isArray(value)) {
		throw invalid(`body.${key}: ${describe(value)} is not an object of texts`);
	}
	for (const [name, entry] of Object.entries(value)) {
		text(name, `a name in body.${key}`, maxBytes);
		if (entry !== '') text(entry, `body.${key}.${shorten(name)}`, maxBytes);
	}
	return value as Readonly<Record<string, string>>;
}

function text(value: unknown, where: string, maxBytes: number): string {
	if (typeof value !== 'string' || value === '') throw invalid(`${where}: ${describe(value)} is not a text`);
	if (Buffer.byteLength(value) > maxBytes) throw invalid(`${where} is longer than ${maxBytes} bytes`);
	return value;
}

function parseJson(bytes: Uint8Array): unknown {
	let decoded: string;
	try {
		decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch (cause) {
		throw invalid('body: not UTF-8', cause);
	}
	try {
		return JSON.parse(decoded);
	} catch (cause) {
		// V8 repeats a piece of what it read, which may be a secret.
		throw invalid(`body: not JSON: ${(cause as SyntaxError).message.replace(/, (\.\.\.)?".*$/s, '')}`, cause);
	}
}

function describe(value: unknown): string {
	return value === undefined ? 'nothing' : shorten(JSON.stringify(value));
}

function shorten(value: string): string {
	return value.length > 60 ? `${value.slice(0, 60)}…` : value;
}

function invalid(message: string, cause?: unknown): FlightError {
	return new FlightError('INVALID_ARGUMENT', message, cause === undefined ? undefined : { cause });
}
