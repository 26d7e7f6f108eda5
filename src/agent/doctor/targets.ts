// Whom the doctor pings: a few of the members, those that trouble first, and the addresses of discovery that nobody has.

import { randomInt } from 'node:crypto';
import type { DiscoveryHealth } from '../../discovery/index.ts';
import type { StatusSource } from '../../status/index.ts';
import { type Address, formatAddress, type Member } from '../../swim/index.ts';

export interface Target {
	/** `member`: alive or suspect. `dead`: died a while ago. `address`: of discovery, and of no live member. */
	readonly kind: 'member' | 'dead' | 'address';
	/** Name of the member; empty for an address alone. */
	readonly name: string;
	readonly address: Address;
	readonly member?: Member;
}

const MOST_MEMBERS = 5;
const MOST_DEAD = 3;
const MOST_ADDRESSES = 5;
/** Of those who died longer ago everybody knows by now. */
const DEAD_FOR_MS = 600_000;

export function chooseTargets(
	source: StatusSource,
	discovery: readonly DiscoveryHealth[],
	peer: Member | undefined,
): Target[] {
	if (peer) return [ofMember(peer)];
	const others = source.members.filter(({ name }) => name !== source.self.name);
	const live = others.filter(isLive);
	const suspects = live.filter(({ state }) => state === 'suspect');
	const alive = sample(
		live.filter(({ state }) => state === 'alive'),
		MOST_MEMBERS,
	);
	const dead = others
		.filter(({ state, changedAt }) => state === 'dead' && source.now() - changedAt < DEAD_FOR_MS)
		.toSorted((a, b) => b.changedAt - a.changedAt);
	const known = new Set([source.self, ...live, ...dead].map(({ address }) => formatAddress(address)));
	const addresses = discovery
		.flatMap((provider) => provider.addresses)
		.filter((address) => !known.has(formatAddress(address)));
	return [
		...[...suspects, ...alive].slice(0, MOST_MEMBERS).map(ofMember),
		...dead.slice(0, MOST_DEAD).map(ofMember),
		...distinct(addresses)
			.slice(0, MOST_ADDRESSES)
			.map((address): Target => ({ kind: 'address', name: '', address })),
	];
}

/** Name and address, as far as there is a name. */
export function targetText({ name, address }: Target): string {
	return name === '' ? formatAddress(address) : `${name} (${formatAddress(address)})`;
}

export function isLive({ state }: Member): boolean {
	return state === 'alive' || state === 'suspect';
}

function ofMember(member: Member): Target {
	const { name, address } = member;
	return { kind: isLive(member) ? 'member' : 'dead', name, address, member };
}

/** Some of them, other ones with each run: in time all are looked at. */
export function sample<T>(all: readonly T[], most: number): T[] {
	const left = [...all];
	const chosen: T[] = [];
	while (chosen.length < most && left.length > 0) chosen.push(...left.splice(randomInt(left.length), 1));
	return chosen;
}

function distinct(addresses: readonly Address[]): Address[] {
	return [...new Map(addresses.map((address) => [formatAddress(address), address])).values()];
}
