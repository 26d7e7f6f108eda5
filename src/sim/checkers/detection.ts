// Invariant 4: a crash is suspected by somebody, and is a death everywhere, within bounds that follow from the settings.

import type { SimHost } from '../host.ts';
import type { SimTime } from '../time-queue.ts';
import { type CheckerKind, line } from './checker.ts';

interface Crash {
	readonly host: SimHost;
	readonly incarnation: number;
	readonly at: SimTime;
	/** Hosts that ran and knew it alive when it crashed, and have not come to hold it dead since. */
	readonly waiting: Set<SimHost>;
	suspectedAt: SimTime | undefined;
	told: boolean;
}

/** Acks may be on their way, or wait in a process that is stopped, but not longer than the mildest weather allows. */
const LATEST_ACK_MS = 5_500;

export const detection: CheckerKind = {
	name: 'detection',
	invariant: 4,
	holds:
		'where the weather allows, a crash is suspected within a round of probes and dead everywhere within the timeout and a round more',
	create({ cluster, lives, promises }, report) {
		const open = new Set<Crash>();

		function knowsAlive(host: SimHost, name: string): boolean {
			return host.machine.member(name)?.state === 'alive';
		}

		function judge(crash: Crash): void {
			const { host, at, waiting } = crash;
			for (const other of waiting) if (!other.up || lives.life(other).leavingAt !== undefined) waiting.delete(other);
			// Whoever has the name since answers for itself, even if it is gone again.
			const isSucceeded = lives.of(host.name).at(-1)?.host !== host;
			if (waiting.size === 0 || isSucceeded) {
				open.delete(crash);
				return;
			}
			const { suspectMs, deadMs } = promises.detectionBounds(cluster.hosts.size + 1);
			const passedMs = cluster.now - at;
			const ghost = [...waiting].find(
				(other) => other.timeOf(other.machine.member(host.name)?.seenAt ?? 0) > at + LATEST_ACK_MS,
			);
			if (ghost) {
				open.delete(crash);
				report([ghost.name, host.name], `${ghost.name} took an answer for one of ${host.name} long after its crash`);
				return;
			}
			const names = [...waiting].map(({ name }) => name);
			const evidence = [line(at, host.name, `crashed at incarnation ${crash.incarnation}`)];
			if (crash.suspectedAt !== undefined) evidence.push(line(crash.suspectedAt, host.name, 'is suspected'));
			if (crash.suspectedAt === undefined && passedMs > suspectMs && !crash.told) {
				crash.told = true;
				report(
					[host.name, ...names],
					`nobody suspects ${host.name} ${Math.round(suspectMs)} ms after its crash`,
					evidence,
				);
			}
			if (passedMs <= deadMs) return;
			open.delete(crash);
			report(
				[...names, host.name],
				`${names.join(', ')} do not hold ${host.name} dead ${Math.round(deadMs)} ms after its crash`,
				evidence,
			);
		}

		return {
			stopped(host) {
				const life = lives.life(host);
				if (!promises.isMild || life.leavingAt !== undefined || promises.troubled.has(host.name)) return;
				const others = [...cluster.hosts.values()].filter(
					(other) => other !== host && !promises.troubled.has(other.name),
				);
				// A crash in the middle of joining or of other news has no bound but that of convergence.
				const waiting = others.filter((other) => knowsAlive(other, host.name));
				if (waiting.length === 0 || waiting.length < others.length) return;
				const { incarnation } = host.machine.self;
				open.add({
					host,
					incarnation,
					at: cluster.now,
					waiting: new Set(waiting),
					suspectedAt: undefined,
					told: false,
				});
			},
			event(host, event) {
				if (event.type !== 'state') return;
				for (const crash of open) {
					if (crash.host.name !== event.member.name) continue;
					if (event.to === 'suspect') crash.suspectedAt ??= cluster.now;
					if (event.to === 'dead' || event.to === 'left' || event.to === 'none') {
						crash.suspectedAt ??= cluster.now;
						crash.waiting.delete(host);
					}
				}
			},
			sample() {
				for (const crash of open) judge(crash);
			},
		};
	},
};
