// Which addresses this host has, and which hosts stand for all of them or for itself alone.

import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { ipBytes, ipText } from '../swim/index.ts';

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
 * The address to tell others when bound to a wildcard: the first external IPv4 address of this host, else the first
 * external IPv6 one. Link-local addresses mean nothing to other hosts, so they are never chosen.
 * @returns `undefined` when this host has no such address.
 */
export function defaultAdvertiseHost(
	interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string | undefined {
	const external = Object.values(interfaces)
		.flatMap((addresses) => addresses ?? [])
		.filter((entry) => !entry.internal && !isLinkLocal(entry.address));
	const chosen = external.find((entry) => entry.family === 'IPv4') ?? external[0];
	return chosen?.address;
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
