// Whether all hosts of a simulated cluster agree: one view, which is the truth, one digest and one ring.

import { createRingFollower, type RingFollower, weightOf } from '../../src/ring/index.ts';
import type { Cluster, Observer, SimHost } from '../../src/sim/index.ts';

/** Attach `observer` before the first host starts: a ring is a fold over all events of its host. */
export class Agreement {
	readonly #cluster: Cluster;
	readonly #rings = new Map<SimHost, RingFollower>();
	/** Hosts that are saying goodbye: they neither count nor are counted. */
	readonly leaving = new Set<SimHost>();

	constructor(cluster: Cluster) {
		this.#cluster = cluster;
	}

	get observer(): Observer {
		return {
			started: (host) => this.#rings.set(host, createRingFollower()),
			stopped: (host) => this.#rings.delete(host),
			event: (host, event) => this.#rings.get(host)?.follow(event),
		};
	}

	/** Hosts that have just been started as acquainted: no event tells of the members that they begin with. */
	beginAcquainted(hosts: readonly SimHost[]): void {
		for (const host of hosts) {
			for (const member of host.machine.members()) this.#rings.get(host)?.ring.add(member.name, weightOf(member));
		}
	}

	get running(): SimHost[] {
		return [...this.#cluster.hosts.values()].filter((host) => !this.leaving.has(host));
	}

	/** True when every running host holds exactly the running ones, alive and as they describe themselves, with one digest and one ring. */
	isReached(): boolean {
		const { running } = this;
		const [first] = running;
		if (!first || !running.every((host) => sameDigest(host, first))) return false;
		const fingerprint = this.#rings.get(first)?.ring.fingerprint;
		const truth = truthOf(running);
		return running.every(
			(host) => this.#rings.get(host)?.ring.fingerprint === fingerprint && viewOf(host).join('\n') === truth,
		);
	}

	/** The first few differences between views and the truth, a line each. */
	differences(most = 5): string[] {
		const { running } = this;
		const truth = new Set(truthOf(running).split('\n'));
		const found = running.flatMap((host) => {
			const view = viewOf(host);
			const wrong = view.filter((line) => !truth.has(line)).map((line) => `${host.name} holds ${line}`);
			const missing = [...truth].filter((line) => !view.includes(line)).map((line) => `${host.name} lacks ${line}`);
			return [...wrong, ...missing];
		});
		return found.slice(0, most);
	}
}

function sameDigest(one: SimHost, other: SimHost): boolean {
	const [a, b] = [one.machine.digest, other.machine.digest];
	return a.a === b.a && a.b === b.b;
}

/** Alive and suspect members as the host holds them, a line each, in the order of names. */
function viewOf(host: SimHost): string[] {
	const live = host.machine.members().filter(({ state }) => state === 'alive' || state === 'suspect');
	return live.map((member) => JSON.stringify(described(member)));
}

function truthOf(hosts: readonly SimHost[]): string {
	const selves = hosts.map(({ machine }) => machine.self);
	selves.sort((a, b) => (a.name < b.name ? -1 : 1));
	return selves.map((self) => JSON.stringify(described(self))).join('\n');
}

function described({ name, state, incarnation, address, tags }: SimHost['machine']['self']): unknown[] {
	return [name, state, incarnation, address, tags];
}
