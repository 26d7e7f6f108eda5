// Invariant 6: what a host sends is bounded by what there is to do; nothing answers answers without end.

import type { SimHost } from '../host.ts';
import { type CheckerKind, RunCutShort } from './checker.ts';

/** Packets a second: everybody may ask for a whole transfer at once, as after a burst of joins. */
const EACH = 50;
const BASE = 500;
const SECOND_MS = 1_000;

export const load: CheckerKind = {
	name: 'load',
	invariant: 6,
	holds: 'no host sends more than 500 packets and 50 a member in a second, whatever happens',
	create({ cluster }, report) {
		const sent = new Map<SimHost, number>();
		let second = 0;
		return {
			packet(from, _, __, at) {
				if (at - second >= SECOND_MS) {
					second = at;
					sent.clear();
				}
				const count = (sent.get(from) ?? 0) + 1;
				sent.set(from, count);
				if (count <= BASE + EACH * cluster.hosts.size) return;
				report([from.name], `${from.name} has sent ${count} packets in ${Math.round(at - second)} ms`);
				// A storm that feeds itself would never let simulated time go on.
				throw new RunCutShort();
			},
		};
	},
};
