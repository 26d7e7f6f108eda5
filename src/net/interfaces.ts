// Which addresses this host has, and which hosts stand for all of them or for itself alone.

import { createSocket } from 'node:dgram';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { ipBytes, ipText } from '../swim/index.ts';

type Family = 'IPv4' | 'IPv6';
const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

/** `0.0.0.0` or `::` in any spelling, or the empty host of `:3001`. */
export function isWildcard(host: string): boolean {
	if (host === '') return true;
	const canonical = canonicalHost(host);
	return canonical === '0.0.0.0' || canonical === '::';
}

/** `127.0.0.0/8`, `::1` or `localhost` (RFC 6761 §6.3). */
export function isLoopback(host: string): boolean {
	const canonical = canonicalHost(host);
	return canonical === '::1' || canonical === 'localhost' || /^127\.\d+\.\d+\.\d+$/.test(canonical);
}

/**
 * The address to tell others when bound to the wildcard `bindHost`: that of the interface with the default route, else
 * the first external one of this host; IPv4 before IPv6, which only a socket on `::` reaches. Link-local addresses mean
 * nothing to other hosts and are never chosen.
 * @returns `undefined` when this host has no such address.
 */
export async function defaultAdvertiseHost(bindHost: string): Promise<string | undefined> {
	for (const family of canonicalHost(bindHost) === '::' ? FAMILIES : (['IPv4'] as const)) {
		const host = await sourceHost(DOCUMENTATION_HOSTS[family]);
		if (host !== undefined && !isWildcard(host) && !isLoopback(host) && !isLinkLocal(host)) return host;
		const external = firstExternalHost(family);
		if (external !== undefined) return external;
	}
	return undefined;
}

/** The first address of this host that is neither loopback nor link-local. */
export function firstExternalHost(
	family: Family,
	interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string | undefined {
	return Object.values(interfaces)
		.flatMap((addresses) => addresses ?? [])
		.find((entry) => entry.family === family && !entry.internal && !isLinkLocal(entry.address))?.address;
}

/** Whether the host is this one: loopback, or an address of one of its interfaces. */
export function isOwnHost(
	host: string,
	interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): boolean {
	const canonical = canonicalHost(host);
	const own = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
	return isLoopback(host) || own.some(({ address }) => canonicalHost(address) === canonical);
}

/**
 * Whether a socket bound to `boundHost` can send to `host`: one on `::` reaches both families, any other one its own.
 * Of hosts that are no IP literals, as in memory, nothing is known: they are taken to be reachable.
 */
export function canReach(boundHost: string, host: string): boolean {
	const [bound, target] = [canonicalHost(boundHost), canonicalHost(host)].map((each) => ipBytes(each)?.length);
	return bound === undefined || target === undefined || bound === target || canonicalHost(boundHost) === '::';
}

/** Addresses that nobody has (RFC 5737, RFC 3849): the way there is the default route. */
const DOCUMENTATION_HOSTS = { IPv4: '192.0.2.1', IPv6: '2001:db8::1' } as const;

/** From which address packets to `host` would go; connecting a UDP socket asks the routes and sends nothing. */
function sourceHost(host: string): Promise<string | undefined> {
	const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
	return new Promise((resolve) => {
		const done = (source: string | undefined): void => void socket.close(() => resolve(source));
		// No route, or no such address family: an answer, not a failure.
		socket.once('error', () => done(undefined));
		socket.once('connect', () => done(socket.address().address));
		socket.connect(9, host);
	});
}

/** An IPv4-mapped IPv6 address as IPv4, anything else as it stands; a dual-stack socket names its IPv4 peers so. */
export function unmapHost(host: string): string {
	return host.startsWith('::ffff:') && host.includes('.') ? host.slice('::ffff:'.length) : host;
}

function isLinkLocal(host: string): boolean {
	const bytes = ipBytes(host);
	if (!bytes) return false;
	if (bytes.length === 4) return bytes[0] === 169 && bytes[1] === 254;
	return bytes[0] === 0xfe && ((bytes[1] as number) & 0xc0) === 0x80;
}

/** An IP literal in the one form that is compared (RFC 5952, mapped as IPv4); any other text in lower case. */
export function canonicalHost(host: string): string {
	const bytes = ipBytes(host);
	return (bytes && ipText(bytes)) ?? host.toLowerCase();
}
