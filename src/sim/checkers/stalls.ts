// X9: a process that was stopped accuses nobody of having been silent meanwhile.

import type { SimHost } from '../host.ts';
import type { SimTime } from '../time-queue.ts';
import { type CheckerKind, line } from './checker.ts';

export const stalls: CheckerKind = {
	name: 'stalls',
	invariant: 3,
	holds: 'no suspicion rests on a probe during which the prober itself did not run',
	create({ cluster, history, promises }, report) {
		const stopped = history.filter((fault) => fault.type === 'stall');
		const noticedAt = new Map<SimHost, SimTime>();

		/** What came meanwhile has been read by then, so only a verdict that fell due meanwhile, or after all was known, is wrong. */
		function isHasty(host: SimHost, wokeAt: SimTime, sentAt: SimTime): boolean {
			return Math.abs(cluster.now - wokeAt) <= 1 || (noticedAt.get(host) ?? 0) > sentAt;
		}

		return {
			event(host, event) {
				if (event.type === 'stall') noticedAt.set(host, cluster.now);
				if (event.type !== 'state' || event.to !== 'suspect' || event.why.code !== 'probe-failed') return;
				const sentAt = host.timeOf(event.why.sentAt);
				const slept = stopped.find(
					(stall) =>
						stall.host === host.name &&
						stall.at > sentAt &&
						// A short stop is no more than a late timer.
						stall.forMs > 2 * promises.config.protocolPeriodMs &&
						stall.at + stall.forMs <= cluster.now + 1 &&
						isHasty(host, stall.at + stall.forMs, sentAt),
				);
				if (!slept) return;
				report(
					[host.name, event.member.name],
					`${host.name} suspects ${event.member.name} for a silence that it slept through`,
					[
						line(sentAt, host.name, `pinged ${event.member.name}`),
						line(slept.at, host.name, `was stopped for ${slept.forMs} ms`),
					],
				);
			},
		};
	},
};
