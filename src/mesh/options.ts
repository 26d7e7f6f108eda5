// What `createMesh` is given, checked: every mistake is named with its option and its value.

import { hostname } from 'node:os';
import { type Discovery, parsePeer } from '../discovery/index.ts';
import { MAX_WEIGHT } from '../ring/index.ts';
import { type Config, DEFAULTS, ipBytes, resolveConfig, VSN_PRESETS } from '../swim/index.ts';
import { nearest } from '../words/index.ts';
import type { MeshOptions } from './mesh.ts';
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
	seeds: (value) => checkPeers('seeds', value),
	discovery: (value) => {
		type('discovery', value, Array.isArray(value), 'an array of providers, for example [createDnsDiscovery(…)]');
		const wanted = 'a provider with name, health and watch, for example createDnsDiscovery(…)';
		for (const provider of value) type('discovery', provider, isProvider(provider), wanted);
	},
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

/** `bind` for `bindHost` and `bindPort` for `port`, but nothing for two letters. */
const PART_LENGTH = 3;
const MOST_EDITS = 3;

const MACHINE_OPTIONS = Object.keys(DEFAULTS).filter((name) => name !== 'limits' && name !== 'vsn');
/** Every option of `createMesh`, in the order of docs/library.md. */
export const OPTION_NAMES: readonly string[] = [...Object.keys(CHECKS), ...MACHINE_OPTIONS];

/**
 * The machine's configuration, without the tags, which need the advertised address.
 * @throws {TypeError} on an unknown option or a value of the wrong kind. @throws {RangeError} on one out of range.
 */
export function checkOptions(options: MeshOptions): Config {
	object('options', options);
	for (const name of Object.keys(options)) {
		if (OPTION_NAMES.includes(name)) continue;
		const near = nearName(name);
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

/** One edit away, or the beginning or the end of the given one, or that of it; else with the fewest edits. */
function nearName(given: string): string | undefined {
	const word = given.toLowerCase();
	const isPart = (part: string, whole: string): boolean =>
		part.length >= PART_LENGTH && (whole.startsWith(part) || whole.endsWith(part));
	const whole = OPTION_NAMES.find((name) => {
		const known = name.toLowerCase();
		return isPart(word, known) || isPart(known, word);
	});
	return nearest(given, OPTION_NAMES, 1) ?? whole ?? nearest(given, OPTION_NAMES, MOST_EDITS);
}

/**
 * Peers in the syntax of `seeds`, under the name of the option or of the command that takes them.
 * @throws {TypeError} when it is no array of strings. @throws {RangeError} naming the entry that is no peer.
 */
export function checkPeers(option: string, value: unknown): void {
	type(option, value, Array.isArray(value), "an array of peers, for example ['10.0.0.2:7946']");
	for (const peer of value as readonly unknown[]) peerOf(option, peer);
}

function isProvider(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return false;
	const { name, health, watch } = value as Partial<Discovery>;
	return typeof name === 'string' && typeof health === 'object' && typeof watch === 'function';
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
	type(option, value, typeof value === 'string', "a string, for example '10.0.0.2:7946'");
	try {
		return parsePeer(value as string, DEFAULT_PORT);
	} catch (error) {
		throw new RangeError(`${option}: ${(error as RangeError).message}`, { cause: error });
	}
}

function show(value: unknown): string {
	return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
