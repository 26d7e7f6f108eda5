// Invariant 3, its slow half: a suspicion waits its full term, and only different members shorten it (X7).

import type { MeshEvent } from '../../swim/index.ts';
import type { SimHost } from '../host.ts';
import { type CheckerKind, line } from './checker.ts';

type Death = Extract<MeshEvent, { type: 'state' }>;

interface Open {
	readonly since: number;
	/** Alive and suspect members when it began. */
	readonly live: number;
}

export const suspicionTerms: CheckerKind = {
	name: 'suspicion-terms',
	invariant: 3,
	holds: 'a verdict falls no sooner than the suspicion timeout, which only distinct confirmations shorten',
	create({ cluster, promises }, report) {
		const { suspicionTimeoutMs, suspicionMaxTimeoutMult } = promises.config;
		const minMs = suspicionTimeoutMs === 'auto' ? 0 : suspicionTimeoutMs;
		const open = new Map<SimHost, Map<string, Open>>();
		const liveOf = new Map<SimHost, number>();

		function termMs(live: number, accusers: number): number {
			// A second, plain statement of the rule: none needed below 4 members, one at … and two from 4 on.
			const needed = live < 4 ? 0 : 2;
			if (accusers - 1 >= needed) return minMs;
			const part = Math.log(accusers) / Math.log(needed + 1);
			return minMs * (suspicionMaxTimeoutMult - part * (suspicionMaxTimeoutMult - 1)) - 1;
		}

		function judge(host: SimHost, event: Death): void {
			if (event.why.code !== 'not-refuted') return;
			const { name } = event.member;
			const { confirmedBy } = event.why;
			const began = open.get(host)?.get(name);
			const accusers = new Set(confirmedBy).size;
			const waitedMs = event.at - (began?.since ?? event.at);
			const neededMs = began ? termMs(began.live, accusers) : 0;
			if (accusers === confirmedBy.length && began && waitedMs >= neededMs - 1) return;
			report(
				[host.name, name],
				`${host.name} declared ${name} dead after ${Math.round(waitedMs)} ms, accused by ${confirmedBy.join(', ')}; it had ${Math.round(neededMs)} ms`,
				[
					line(cluster.now - waitedMs, host.name, `suspected ${name} with ${began?.live ?? 'no'} live members`),
					line(cluster.now, host.name, `declared ${name} dead`),
				],
			);
		}

		return {
			event(host, event) {
				if (event.type !== 'state') return;
				const { name } = event.member;
				liveOf.set(host, (liveOf.get(host) ?? 0) + Number(isLive(event.to)) - Number(isLive(event.from)));
				if (event.to === 'dead') judge(host, event);
				if (event.to !== 'suspect') {
					open.get(host)?.delete(name);
					return;
				}
				const mine = open.get(host) ?? new Map<string, Open>();
				open.set(host, mine);
				mine.set(name, { since: event.at, live: liveOf.get(host)! });
			},
			stopped(host) {
				open.delete(host);
				liveOf.delete(host);
			},
		};
	},
};

function isLive(state: string): boolean {
	return state === 'alive' || state === 'suspect';
}
