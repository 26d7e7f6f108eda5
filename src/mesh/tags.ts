// The tags by which a node tells where it serves and how much of the ring it wants (X14), beside the user's.

import { isLoopback, isWildcard } from '../net/index.ts';
import { WEIGHT_TAG } from '../ring/index.ts';
import { EXTENSION_TAG, formatAddress } from '../swim/index.ts';
import type { MeshOptions } from './mesh.ts';

type Tags = Readonly<Record<string, string>>;

const GRPC_TAG = 'grpc';
const META_TAG = 'meta';
const RESERVED: readonly string[] = [EXTENSION_TAG, GRPC_TAG, META_TAG, WEIGHT_TAG];

/** @throws {TypeError} on a tag that the mesh keeps for itself, or that is no string. */
export function checkUserTags(tags: Tags): void {
	if (typeof tags !== 'object' || tags === null) throw new TypeError(`tags: ${String(tags)} is not an object`);
	for (const [name, value] of Object.entries(tags)) {
		if (RESERVED.includes(name)) throw new TypeError(`tags: ${name} is a tag that the mesh sets itself`);
		if (typeof value !== 'string') throw new TypeError(`tags: ${name} is ${String(value)}, not a string`);
	}
}

/** Where this process serves and its weight; `lb` is added by the machine. */
export function ownTags(options: MeshOptions, gossipHost: string): Tags {
	const tags: Record<string, string> = {};
	if (options.grpcAddress !== undefined) {
		tags[GRPC_TAG] = advertisedService('grpcAddress', options.grpcAddress, gossipHost);
	}
	if (options.metaAddress !== undefined) {
		tags[META_TAG] = advertisedService('metaAddress', options.metaAddress, gossipHost);
	}
	if (options.weight !== undefined && options.weight !== 1) tags[WEIGHT_TAG] = String(options.weight);
	return tags;
}

/**
 * Nobody else reaches a service at a wildcard, and a loopback address would send them to themselves:
 * both become the host of the gossip, unless all of the mesh lives on one host's loopback.
 */
function advertisedService(option: string, value: string, gossipHost: string): string {
	const { host, port } = parseServiceAddress(option, value);
	const useless = isWildcard(host) || (isLoopback(host) && !isLoopback(gossipHost));
	return formatAddress({ host: useless ? gossipHost : host, port });
}

/** `host:port`, `[v6]:port` or `:port`. @throws {RangeError} naming the option. */
export function parseServiceAddress(option: string, value: string): { host: string; port: number } {
	const parts = typeof value === 'string' ? /^(?:\[([^\]]*:[^\]]*)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(value) : null;
	const port = Number(parts?.[3]);
	if (parts === null || port < 1 || port > 65_535) {
		throw new RangeError(`${option}: ${JSON.stringify(value)} is not host:port with a port from 1 to 65535`);
	}
	return { host: parts[1] ?? (parts[2] as string), port };
}
