// Invariant 9: the ring is a function of the view, so equal views have equal rings, and every key has an owner.

import { createRingFollower, type RingFollower, WEIGHT_TAG } from '../../ring/index.ts';
import type { SimHost } from '../host.ts';
import type { CheckerKind, Trial } from './checker.ts';

/** The ring of each host, kept from its events. */
export class Rings {
	readonly #followers = new Map<SimHost, RingFollower>();

	follow(host: SimHost, event: Parameters<RingFollower['follow']>[0]): void {
		const follower = this.#followers.get(host) ?? createRingFollower();
		this.#followers.set(host, follower);
		follower.follow(event);
	}

	of(host: SimHost): RingFollower['ring'] | undefined {
		return this.#followers.get(host)?.ring;
	}
}

export const rings: CheckerKind = {
	name: 'rings',
	invariant: 9,
	holds: 'hosts of equal views have equal rings, nobody gone owns a key, and every key has an owner',
	create({ cluster, lives }: Trial, report) {
		const all = new Rings();

		function compare(): void {
			const byView = new Map<string, SimHost>();
			for (const host of cluster.hosts.values()) {
				const ring = all.of(host);
				if (!ring || lives.life(host).leavingAt !== undefined) continue;
				const members = host.machine.members();
				const gone = members.find(({ name, state }) => (state === 'dead' || state === 'left') && ring.has(name));
				if (gone) report([host.name, gone.name], `${gone.name} is ${gone.state} to ${host.name} and still in its ring`);
				// A suspect that was dead before is in the view and not yet in the ring, which the digest cannot tell.
				if (members.some(({ state }) => state === 'suspect')) continue;
				const { a, b } = host.machine.digest;
				const other = byView.get(`${a} ${b}`) ?? host;
				byView.set(`${a} ${b}`, other);
				if (all.of(other)!.fingerprint === ring.fingerprint) continue;
				report([host.name, other.name], `${host.name} and ${other.name} have one view and two rings`);
			}
		}

		return {
			event: (host, event) => all.follow(host, event),
			sample: compare,
			finished() {
				compare();
				// Laying out a ring takes time, and equal ones have equal owners.
				for (const host of [...cluster.hosts.values()].slice(0, 2)) {
					const owners = host.machine
						.members()
						.filter(({ state, tags }) => state === 'alive' && tags[WEIGHT_TAG] !== '0');
					if (lives.life(host).leavingAt !== undefined || owners.length === 0) continue;
					if (all.of(host)?.owner('any key') === undefined)
						report([host.name], `the ring of ${host.name} has no owner for a key`);
				}
			},
		};
	},
};
