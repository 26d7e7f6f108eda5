// What `createMesh` is given, checked: every mistake is named with its option and its value.

import { hostname } from 'node:os';
import { parsePeer } from '../discovery/index.ts';
import { MAX_WEIGHT } from '../ring/index.ts';
import { type Config, DEFAULTS, ipBytes, resolveConfig, VSN_PRESETS } from '../swim/index.ts';
import type { MeshOptions } from './mesh.ts';
import { nearestWord } from './nearest.ts';
import { checkUserTags, parseServiceAddress } from './tags.ts';

export const DEFAULT_PORT = 7946;

type OwnOption = Exclude<keyof MeshOptions, keyof typeof DEFAULTS>;

/** One check for each option that is not the machine's; the machine's knobs are checked by `resolveConfig`. */
const CHECKS: { readonly [K in OwnOption]: (value: NonNullable<MeshOptions[K]>, options: MeshOptions) => void } = {
	name: (value) => type('name', value, typeof value === 'string', 'a string'),
	bindHost: (value) =>
		type('bindHost', value, typeof value === 'string' && ipBytes(value) !== undefined, 'an IP literal'),
	port: (value) => range('port', value, 65_535),
	advertise: (value) => {
		if (!peerOf('advertise', value).literal) type('advertise', value, false, 'an IP literal, with or without a port');
	},
	seeds: (value) => {
		type('seeds', value, Array.isArray(value), 'an array of strings');
		for (const seed of value) peerOf('seeds', seed);
	},
	discovery: (value) => type('discovery', value, Array.isArray(value), 'an array of providers'),
	label: (value) => type('label', value, typeof value === 'string', 'a string'),
	keys: (value) => {
		// A key is a secret: its value is never shown.
		const right = Array.isArray(value) && value.every(isKey);
		if (!right) throw new TypeError('keys: must be an array of Uint8Arrays of 16, 24 or 32 bytes');
	},
	verifyIncoming: (value) => boolean('verifyIncoming', value),
	verifyOutgoing: (value) => boolean('verifyOutgoing', value),
	weight: (value) => range('weight', value, MAX_WEIGHT),
	grpcAddress: (value) => void parseServiceAddress('grpcAddress', value),
	metaAddress: (value) => void parseServiceAddress('metaAddress', value),
	compat: (value) => type('compat', value, value === 'none' || value === 'serf', "'none' or 'serf'"),
	events: (value) => object('events', value),
	delegate: (value, { compat }) => {
		object('delegate', value);
		if (compat === 'serf') throw new TypeError("delegate: compat 'serf' is a delegate itself, and a node has one");
	},
	journal: (value, { delegate }) => {
		object('journal', value);
		type('journal.path', value.path, typeof value.path === 'string' && value.path !== '', 'the path of a file');
		if (value.maxBytes !== undefined) range('journal.maxBytes', value.maxBytes, Number.MAX_SAFE_INTEGER);
		if (delegate) throw new TypeError('journal: what a delegate of your own does cannot be replayed');
	},
	transport: (value) => object('transport', value),
	signal: (value) => type('signal', value, value instanceof AbortSignal, 'an AbortSignal'),
};

const MACHINE_OPTIONS = Object.keys(DEFAULTS).filter((name) => name !== 'limits' && name !== 'vsn');
const OPTION_NAMES: readonly string[] = [...Object.keys(CHECKS), ...MACHINE_OPTIONS];

/**
 * The machine's configuration, without the tags, which need the advertised address.
 * @throws {TypeError} on an unknown option or a value of the wrong kind. @throws {RangeError} on one out of range.
 */
export function checkOptions(options: MeshOptions): Config {
	object('options', options);
	for (const name of Object.keys(options)) {
		if (OPTION_NAMES.includes(name)) continue;
		const near = nearestWord(name, OPTION_NAMES);
		throw new TypeError(`${name}: no such option${near === undefined ? '' : `; did you mean ${near}?`}`);
	}
	for (const [name, check] of Object.entries(CHECKS)) {
		const value = options[name as OwnOption];
		if (value !== undefined) (check as (value: unknown, options: MeshOptions) => void)(value, options);
	}
	if (options.tags !== undefined) checkUserTags(options.tags);
	if (options.streams !== undefined) boolean('streams', options.streams);
	for (const name of ['allowCidrs', 'allowNames'] as const) {
		const list: unknown = options[name];
		const right = Array.isArray(list) && list.every((entry) => typeof entry === 'string');
		if (list !== undefined) type(name, list, right, 'an array of strings');
	}
	const machine = Object.fromEntries(Object.entries(options).filter(([name]) => MACHINE_OPTIONS.includes(name)));
	return resolveConfig({ ...machine, name: options.name ?? hostname(), vsn: VSN_PRESETS[options.compat ?? 'none'] });
}

function type(option: string, value: unknown, right: boolean, wanted: string): void {
	if (!right) throw new TypeError(`${option}: ${show(value)} is not ${wanted}`);
}

function range(option: string, value: unknown, high: number): void {
	type(option, value, typeof value === 'number', 'a number');
	if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > high) {
		throw new RangeError(`${option}: ${show(value)} is not a whole number from 0 to ${high}`);
	}
}

function boolean(option: string, value: unknown): void {
	type(option, value, typeof value === 'boolean', 'a boolean');
}

function object(option: string, value: unknown): void {
	type(option, value, typeof value === 'object' && value !== null, 'an object');
}

function isKey(value: unknown): boolean {
	return value instanceof Uint8Array && [16, 24, 32].includes(value.length);
}

/** A peer in the syntax of discovery; what is wrong with it is told under the name of the option. */
function peerOf(option: string, value: unknown): ReturnType<typeof parsePeer> {
	type(option, value, typeof value === 'string', 'a string');
	try {
		return parsePeer(value as string, DEFAULT_PORT);
	} catch (error) {
		throw new RangeError(`${option}: ${(error as RangeError).message}`, { cause: error });
	}
}

function show(value: unknown): string {
	return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
