// What the evidence about a member most likely means: one rule for each kind of cause, the most telling one first.

import { addressTaken, forgotten, left, moved, nameConflict, refusedPackets, restarted } from './causes/identity.ts';
import { conclusion, inspect, type Likely, type Rule } from './causes/likely.ts';
import { mtu, partition, path, slowAcks, udpBlocked, zone } from './causes/network.ts';
import { accuserItself, flapping, nothing, process, refuted } from './causes/process.ts';
import type { Episode } from './episode.ts';
import type { StatusSource } from './source.ts';

const RULES: readonly Rule[] = [
	left,
	forgotten(conclude),
	nameConflict,
	addressTaken,
	refusedPackets,
	restarted,
	moved,
	udpBlocked,
	zone,
	partition,
	flapping,
	accuserItself,
	slowAcks,
	path,
	refuted,
	mtu,
	process,
	nothing,
];

export function conclude(episode: Episode, source: StatusSource): Likely {
	for (const rule of RULES) {
		const likely = rule(episode, source);
		if (likely) return likely;
	}
	return conclusion('unknown', 'This node has recorded nothing that tells why.', [inspect(episode)]);
}
