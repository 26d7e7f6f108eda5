// Invariant 5: when the faults have stopped, all views, digests and rings are the truth, and local health is best.

import type { MeshEvent } from '../../swim/index.ts';
import type { SimHost } from '../host.ts';
import { line, type Trial } from './checker.ts';
import { Rings } from './rings.ts';

const EVIDENCE_MAX = 12;

export class Convergence {
	readonly #trial: Trial;
	readonly #rings = new Rings();

	constructor(trial: Trial) {
		this.#trial = trial;
	}

	event(host: SimHost, event: MeshEvent): void {
		this.#rings.follow(host, event);
	}

	/** True when every host holds exactly those who run, alive and as they describe themselves. Cheap when they do not. */
	isReached(): boolean {
		const { cluster } = this.#trial;
		let first: SimHost | undefined;
		for (const host of cluster.hosts.values()) {
			first ??= host;
			const { digest, health, sizes } = host.machine;
			if (digest.a !== first.machine.digest.a || digest.b !== first.machine.digest.b) return false;
			if (health !== 0 || sizes.members < cluster.hosts.size) return false;
		}
		return this.differences(1).length === 0;
	}

	/** What still differs from the truth, a line each. */
	differences(most: number = EVIDENCE_MAX): string[] {
		const { cluster, lives } = this.#trial;
		const found: string[] = [];
		const names = lives.runningNames;
		const fingerprints = new Set<string | undefined>();
		for (const host of cluster.hosts.values()) {
			if (lives.life(host).leavingAt !== undefined) {
				found.push(`${host.name} is still leaving`);
				continue;
			}
			fingerprints.add(this.#rings.of(host)?.fingerprint);
			found.push(...this.#differencesOf(host, names));
			if (found.length >= most) return found.slice(0, most);
		}
		if (found.length === 0 && fingerprints.size > 1) found.push('one view and several rings');
		return found;
	}

	evidence(): string[] {
		return this.differences().map((text) => line(this.#trial.cluster.now, '', text));
	}

	#differencesOf(host: SimHost, names: readonly string[]): string[] {
		const { cluster } = this.#trial;
		const found: string[] = [];
		const { health } = host.machine;
		if (health !== 0) found.push(`${host.name} has health ${health}`);
		const live = new Map(host.machine.members().map((member) => [member.name, member]));
		for (const name of names) {
			const held = live.get(name);
			live.delete(name);
			const own = cluster.hosts.get(name)!.machine.self;
			if (!held) found.push(`${host.name} does not know ${name}`);
			else if (held.state !== 'alive')
				found.push(`${name} is ${held.state} to ${host.name} at ${held.incarnation}, and alive at ${own.incarnation}`);
			else if (held.incarnation !== own.incarnation || JSON.stringify(held.tags) !== JSON.stringify(own.tags)) {
				found.push(
					`${host.name} holds ${name} at ${held.incarnation} ${JSON.stringify(held.tags)}, it is at ${own.incarnation} ${JSON.stringify(own.tags)}`,
				);
			} else if (held.address.host !== own.address.host)
				found.push(`${host.name} holds ${name} at ${held.address.host}, it is at ${own.address.host}`);
		}
		for (const { name, state } of live.values()) {
			if (state === 'alive' || state === 'suspect') found.push(`${name} is ${state} to ${host.name}, and does not run`);
		}
		return found;
	}
}
