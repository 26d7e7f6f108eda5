// Which address the others are told, and when it is better not to start than to tell them that one.

import { parsePeer } from '../discovery/index.ts';
import { defaultAdvertiseHost, isLoopback, isOwnHost, isWildcard } from '../net/index.ts';
import { type Address, Admission, formatAddress } from '../swim/index.ts';
import { MeshError } from './errors.ts';
import type { MeshOptions } from './mesh.ts';
import { DEFAULT_PORT } from './options.ts';

const LOOPBACK = '127.0.0.1';

/**
 * What was asked for, else the bound address, else that of the default interface: never a wildcard, which would mean
 * the others themselves.
 * @throws {MeshError} `MESH_NOT_REACHABLE` when it is loopback and a seed is on another host. Seeds that are names are
 * not judged: where they are is not known before they resolve. `MESH_NOT_ALLOWED` when the allow list has it not.
 */
export async function advertisedAddress(options: MeshOptions, bound: Address): Promise<Address> {
	const address = await chosen(options, bound);
	const { allowCidrs = [] } = options;
	if (!new Admission(allowCidrs, []).allowsHost(address.host)) {
		throw new MeshError(
			'MESH_NOT_ALLOWED',
			`${formatAddress(address)} would be advertised, and the allow list has it not: ${allowCidrs.join(', ')}`,
		);
	}
	if (!isLoopback(address.host)) return address;
	const remote = (options.seeds ?? [])
		.map((seed) => parsePeer(seed, options.port || DEFAULT_PORT))
		.find(({ host, literal }) => literal && !isOwnHost(host));
	if (remote) {
		throw new MeshError(
			'MESH_NOT_REACHABLE',
			`${formatAddress(address)} would be advertised, and ${formatAddress(remote)} is on another host, which cannot reach it`,
		);
	}
	if (options.advertise === undefined && isWildcard(bound.host)) {
		process.emitWarning(
			`no network interface has an address, so ${LOOPBACK} is advertised and other hosts cannot reach this node; give advertise, or start when the network is up`,
			{ code: 'MESH_ADVERTISES_LOOPBACK' },
		);
	}
	return address;
}

async function chosen({ advertise }: MeshOptions, bound: Address): Promise<Address> {
	if (advertise !== undefined) {
		const { host, port } = parsePeer(advertise, bound.port);
		return { host, port };
	}
	if (!isWildcard(bound.host)) return bound;
	return { host: (await defaultAdvertiseHost(bound.host)) ?? LOOPBACK, port: bound.port };
}
