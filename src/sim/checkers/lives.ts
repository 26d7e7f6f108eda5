// The truth about a run: which process had which name when, as only somebody outside can know.

import type { SimHost } from '../host.ts';
import type { Observer } from '../observer.ts';
import type { SimTime } from '../time-queue.ts';

/** One process from its start to its end. */
export interface Life {
	readonly host: SimHost;
	readonly startedAt: SimTime;
	stoppedAt: SimTime | undefined;
	leavingAt: SimTime | undefined;
}

export class Lives {
	readonly #byName = new Map<string, Life[]>();
	/** To be attached before the first host starts. */
	readonly observer: Observer;

	constructor(now: () => SimTime) {
		this.observer = {
			started: (host) => {
				const life: Life = { host, startedAt: now(), stoppedAt: undefined, leavingAt: undefined };
				this.#byName.set(host.name, [...this.of(host.name), life]);
			},
			stopped: (host) => {
				this.life(host).stoppedAt = now();
			},
			event: (host, event) => {
				if (event.type === 'leaving') this.life(host).leavingAt = now();
			},
		};
	}

	/** All lives under the name, oldest first. */
	of(name: string): readonly Life[] {
		return this.#byName.get(name) ?? [];
	}

	life(host: SimHost): Life {
		return this.of(host.name).find((life) => life.host === host)!;
	}

	/** The life under that name that runs and means to stay. */
	running(name: string): Life | undefined {
		const life = this.of(name).at(-1);
		return life && life.stoppedAt === undefined && life.leavingAt === undefined ? life : undefined;
	}

	/** The highest incarnation that any process of that name has given itself. */
	highestIncarnation(name: string): number {
		return Math.max(0, ...this.of(name).map(({ host }) => host.machine.self.incarnation));
	}

	/** True when news at that incarnation can only concern the life that runs now, not an earlier one of the name. */
	isAboutRunning(name: string, incarnation: number): boolean {
		const running = this.running(name);
		if (!running) return false;
		const earlier = this.of(name).slice(0, -1);
		return earlier.every(({ host }) => host.machine.self.incarnation < incarnation);
	}

	/** Names of all that run and mean to stay, sorted. */
	get runningNames(): string[] {
		const names: string[] = [];
		for (const name of this.#byName.keys()) if (this.running(name)) names.push(name);
		return names.sort();
	}

	/** Addresses where somebody was once and nobody is now. */
	get deserted(): number {
		const addresses = new Map<string, boolean>();
		for (const lives of this.#byName.values()) {
			for (const { host } of lives) {
				const key = `${host.address.host}:${host.address.port}`;
				addresses.set(key, host.up || (addresses.get(key) ?? false));
			}
		}
		return [...addresses.values()].filter((inUse) => !inUse).length;
	}
}
