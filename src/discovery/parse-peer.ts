// The syntax of a peer as people write it: `host:port`, `host`, `10.0.0.1:7946`, `[fd00::1]:7946`, `fd00::1`.

import { ipBytes, ipText } from '../swim/index.ts';

/** A peer as somebody wrote it. */
export interface Peer {
	/** An IP literal in its shortest form, or a host name. */
	readonly host: string;
	readonly port: number;
	/** Whether `host` is an IP literal, and needs no resolving. */
	readonly literal: boolean;
}

/** @throws {RangeError} naming the entry and what is wrong with it. */
export function parsePeer(entry: string, defaultPort: number): Peer {
	const text = entry.trim();
	const { host, port } = split(entry, text);
	return { ...parseHost(entry, host), port: port === undefined ? defaultPort : parsePort(entry, port) };
}

function split(entry: string, text: string): { host: string; port: string | undefined } {
	const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0];
	if (scheme !== undefined) throw refusal(entry, `a peer is host:port, without ${scheme}`);
	if (text.startsWith('[')) {
		const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
		if (bracketed === null) throw refusal(entry, 'after the brackets only `:port` may follow');
		const host = bracketed[1] as string;
		if (!host.includes(':')) throw refusal(entry, 'only an IPv6 address stands in brackets');
		return { host, port: bracketed[2] };
	}
	const first = text.indexOf(':');
	// Two colons without brackets can only be an IPv6 address: `fd00::1:7946` has no port.
	if (first < 0 || first !== text.lastIndexOf(':')) return { host: text, port: undefined };
	return { host: text.slice(0, first), port: text.slice(first + 1) };
}

function parsePort(entry: string, text: string): number {
	const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
	if (port < 1 || port > 65_535) throw refusal(entry, 'the port is not a number from 1 to 65535');
	return port;
}

function parseHost(entry: string, host: string): { host: string; literal: boolean } {
	const bytes = ipBytes(host);
	if (bytes !== undefined) {
		if (bytes.every((byte) => byte === 0)) throw refusal(entry, 'a wildcard address is no peer');
		const zone = host.includes('%') ? host.slice(host.indexOf('%')) : '';
		return { host: `${ipText(bytes) as string}${zone}`, literal: true };
	}
	if (host === '') throw refusal(entry, 'the host is missing');
	if (host.includes(':')) throw refusal(entry, 'it is no IPv6 address; one with a port is written [address]:port');
	if (/^[\d.]+$/.test(host)) throw refusal(entry, 'it is no IPv4 address');
	if (!isHostName(host)) throw refusal(entry, 'it is neither an IP address nor a host name');
	return { host, literal: false };
}

// RFC 1123, and the underscore, which service names of some platforms carry.
function isHostName(host: string): boolean {
	const name = host.endsWith('.') ? host.slice(0, -1) : host;
	return name.length <= 253 && name.split('.').every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label));
}

function refusal(entry: string, reason: string): RangeError {
	return new RangeError(`peer ${JSON.stringify(entry)}: ${reason}`);
}
