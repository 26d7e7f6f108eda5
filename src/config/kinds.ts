// The kinds of values that an option can have: how each is read from text, written as text, and described.

import { Admission, EMPTY, ipBytes } from '../swim/index.ts';
import { formatDuration, parseDuration } from './duration.ts';

/** A value, or what would have been allowed instead. */
export type Parsed<V> = { readonly value: V } | { readonly allowed: string };

export interface Kind<V> {
	/** For tables of the documentation: `duration`, `port`, … */
	readonly name: string;
	/** What a value may be, as the end of an error line. */
	readonly allowed: string;
	/** All words that are allowed, where they can be counted. */
	readonly words?: readonly string[];
	/** `text` is trimmed and not empty. */
	parse(text: string): Parsed<V>;
	/** Text that `parse` reads back to an equal value; of a secret, only how much of it there is. */
	format(value: V): string;
}

/** Host and port as they were written; the host may be a name. */
export interface HostPort {
	readonly host: string;
	readonly port: number;
}

export function boolean(): Kind<boolean> {
	const allowed = 'true or false';
	return {
		...kind('boolean', allowed, (text) =>
			/^(true|1)$/i.test(text) ? true : /^(false|0)$/i.test(text) ? false : undefined,
		),
		words: ['true', 'false'],
	};
}

export function integer(low: number, high: number, name = 'integer'): Kind<number> {
	const allowed = `a whole number from ${low} to ${high}`;
	return kind(name, allowed, (text) => {
		const value = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
		return value !== undefined && value >= low && value <= high ? value : undefined;
	});
}

export function port(): Kind<number> {
	const numbers = integer(0, 65_535, 'port');
	const allowed = 'a port from 0 (any free one) to 65535, for example 7946';
	return {
		...numbers,
		allowed,
		parse(text) {
			const parsed = numbers.parse(text);
			if ('value' in parsed) return parsed;
			// Kubernetes sets <SERVICE>_PORT=tcp://… in pods beside a Service whose name makes ours.
			if (!/^(tcp|udp):\/\//.test(text)) return { allowed };
			return { allowed: 'a port; Kubernetes set this for a Service of that name, so set enableServiceLinks: false' };
		},
	};
}

const DURATION_ALLOWED = 'a duration with a unit, for example 100ms, 5s, 1m30s';

/** Milliseconds, from `lowMs` to `highMs`. */
export function duration(lowMs: number, highMs: number): Kind<number> {
	const allowed = `a duration from ${formatDuration(lowMs)} to ${formatDuration(highMs)}`;
	return {
		name: 'duration',
		allowed,
		parse(given) {
			const value = parseDuration(given);
			if (value === undefined) return { allowed: DURATION_ALLOWED };
			return value >= lowMs && value <= highMs ? { value } : { allowed };
		},
		format: formatDuration,
	};
}

/** A duration, or the word `auto`. */
export function durationOrAuto(lowMs: number, highMs: number): Kind<number | 'auto'> {
	const durations = duration(lowMs, highMs);
	const orAuto = (allowed: string): string => `${allowed}, or auto`;
	return {
		name: 'duration or auto',
		allowed: orAuto(durations.allowed),
		parse(text) {
			if (text === 'auto') return { value: 'auto' };
			const parsed = durations.parse(text);
			return 'value' in parsed ? parsed : { allowed: orAuto(parsed.allowed) };
		},
		format: (value) => (value === 'auto' ? 'auto' : formatDuration(value)),
	};
}

/** One of some words. */
export function oneOf<const W extends string>(words: readonly W[]): Kind<W> {
	const allowed = words.length === 1 ? `${words[0]}` : `one of ${words.join(', ')}`;
	return { ...kind('word', allowed, (given) => words.find((word) => word === given.toLowerCase())), words };
}

/** One or more of some words, separated by commas; each is taken once. */
export function someOf<const W extends string>(words: readonly W[]): Kind<readonly W[]> {
	const allowed = `one or more of ${words.join(', ')}, separated by commas`;
	return {
		...kind('list', allowed, (given) => {
			const items = new Set(splitList(given).map((item) => words.find((word) => word === item.toLowerCase())));
			const known = [...items].filter((item) => item !== undefined);
			return known.length > 0 && known.length === items.size ? known : undefined;
		}),
		format: (value) => value.join(','),
		words,
	};
}

export function text(low: number, high: number): Kind<string> {
	const allowed = `text of ${low} to ${high} bytes`;
	return kind('text', allowed, (given) => {
		const bytes = Buffer.byteLength(given);
		return bytes >= low && bytes <= high ? given : undefined;
	});
}

/** An IP literal, bare, without a port. */
export function ip(): Kind<string> {
	return kind('ip', 'an IP address, for example 0.0.0.0 or ::', (given) => (ipBytes(given) ? given : undefined));
}

/** `ip` or `ip:port`, `[v6]:port`: what others are told. A wildcard would mean themselves to them. */
export function advertised(): Kind<string> {
	const allowed = 'an IP address with or without a port, for example 10.0.0.5 or 10.0.0.5:7946';
	return kind('ip[:port]', allowed, (given) => {
		const bytes = ipBytes(splitHostPort(given, 0)?.host ?? '');
		return bytes?.some((byte) => byte !== 0) ? given : undefined;
	});
}

/** A name that DNS can be asked for: no address, and no port. */
export function recordName(): Kind<string> {
	const allowed = 'a DNS name, for example _gossip._udp.longbow.example (SRV) or longbow.example (A, AAAA)';
	return kind('name', allowed, (given) => (isHost(given) && !ipBytes(given) ? given : undefined));
}

/** `ip,ip:port,[v6]:port`. */
export function servers(): Kind<readonly string[]> {
	const allowed = 'IP addresses with or without a port, separated by commas, for example 10.0.0.10,10.0.0.11:5353';
	return {
		...kind('list', allowed, (given) => {
			const items = splitList(given);
			return items.every((item) => ipBytes(splitHostPort(item, 0)?.host ?? '')) ? items : undefined;
		}),
		format: (value) => value.join(','),
	};
}

/** `host:port`, both needed; port 0 = any free one, where nobody is told the port before it is opened. */
export function hostPort(options: { readonly anyPort?: boolean } = {}): Kind<HostPort> {
	const allowed = 'host:port, for example 0.0.0.0:3001 or [::]:3001';
	return {
		...kind('host:port', allowed, (given) => {
			const address = splitHostPort(given);
			return address?.port === 0 && !options.anyPort ? undefined : address;
		}),
		format: formatHostPort,
	};
}

/** `host:port,host:port`; the port may be left out. */
export function peers(): Kind<readonly string[]> {
	const allowed = 'host:port,host:port, for example longbow-0.longbow:7946,10.0.0.2:7946';
	return {
		...kind('list', allowed, (given) => {
			const items = splitList(given);
			return items.every((item) => splitHostPort(item, 0)) ? items : undefined;
		}),
		format: (value) => value.join(','),
	};
}

/** `k=v,k=v`. Names in `reserved` are the mesh's own. */
export function tags(reserved: readonly string[]): Kind<Readonly<Record<string, string>>> {
	const allowed = `k=v,k=v with each name once and none of ${reserved.join(', ')}, which are ours; for example zone=eu-1a,role=store`;
	return {
		...kind('tags', allowed, (given) => {
			const result = new Map<string, string>();
			for (const item of splitList(given)) {
				const [, name, value] = /^([^=]*[^=\s])\s*=\s*(.*)$/s.exec(item) ?? [];
				if (name === undefined || value === undefined || result.has(name) || reserved.includes(name)) return undefined;
				result.set(name, value);
			}
			return Object.fromEntries(result);
		}),
		format: formatTags,
	};
}

/** Base64 keys of 16, 24 or 32 bytes, the first one encrypts. Never written back. */
export function keys(): Kind<readonly Uint8Array[]> {
	const allowed = 'base64 keys of 16, 24 or 32 bytes, separated by commas (the value is not shown)';
	return {
		...kind('keys', allowed, (given) => {
			const items = splitList(given).map(keyBytes);
			return items.every((item) => item !== undefined) ? items : undefined;
		}),
		format: ({ length }) => (length === 0 ? '' : length === 1 ? '(1 key)' : `(${length} keys)`),
	};
}

/** `10.0.0.0/8,fd00::/8`; a bare address is a network of one. */
export function networks(): Kind<readonly string[]> {
	const allowed = 'networks or addresses separated by commas, for example 10.0.0.0/8,fd00::/8';
	return {
		...kind('list', allowed, (given) => {
			const items = splitList(given);
			return items.every(isNetwork) ? items : undefined;
		}),
		format: (value) => value.join(','),
	};
}

/** Names of members with `*` and `?`. */
export function namePatterns(): Kind<readonly string[]> {
	const allowed = 'names separated by commas, * for any run of characters, ? for one; for example longbow-*';
	return { ...kind('list', allowed, splitList), format: (value) => value.join(',') };
}

/** Splits `host:port`, `[v6]:port`, and with `defaultPort` also `host` and a bare IPv6 literal; `undefined` when it is neither. */
export function splitHostPort(given: string, defaultPort?: number): HostPort | undefined {
	const match = /^(?:\[([^\]]+)\]|([^:\s[\]/]+)):(\d{1,5})$/.exec(given);
	if (match) {
		const host = (match[1] ?? match[2]) as string;
		if (Number(match[3]) > 65_535 || (match[1] !== undefined && !ipBytes(host))) return undefined;
		return isHost(host) ? { host, port: Number(match[3]) } : undefined;
	}
	if (defaultPort === undefined) return undefined;
	const bare = /^\[(.+)\]$/.exec(given)?.[1] ?? given;
	return isHost(bare) ? { host: bare, port: defaultPort } : undefined;
}

export function formatHostPort(address: HostPort): string {
	return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

export function formatTags(given: Readonly<Record<string, string>>): string {
	return Object.entries(given)
		.map(([name, value]) => `${name}=${value}`)
		.join(',');
}

// An IP literal or a host name (RFC 1123, with the underscore that SRV names have). What looks like a broken IPv4 literal is no name.
function isHost(host: string): boolean {
	if (ipBytes(host)) return true;
	return (
		/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i.test(host) && !/^[\d.]+$/.test(host)
	);
}

function isNetwork(item: string): boolean {
	try {
		return new Admission([item], []).allowsName(EMPTY);
	} catch (error) {
		if (error instanceof RangeError) return false;
		throw error;
	}
}

/** A key in base64, with or without padding; `undefined` when it is none. One character too many or too few is none. */
export function keyBytes(item: string): Uint8Array | undefined {
	if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(item)) return undefined;
	const bytes = Buffer.from(item, 'base64');
	const plain = item.replace(/=+$/, '');
	// Node passes over what is too much: a key that lost its end must not become another, shorter one.
	if (bytes.toString('base64url') !== plain.replaceAll('+', '-').replaceAll('/', '_')) return undefined;
	return [16, 24, 32].includes(bytes.length) ? new Uint8Array(bytes) : undefined;
}

function splitList(given: string): string[] {
	return given
		.split(',')
		.map((item) => item.trim())
		.filter((item) => item !== '');
}

function kind<V>(name: string, allowed: string, parse: (given: string) => V | undefined): Kind<V> {
	return {
		name,
		allowed,
		parse(given) {
			const value = parse(given);
			return value === undefined ? { allowed } : { value };
		},
		format: String,
	};
}
