// X9: a process that was stopped accuses nobody of having been silent meanwhile.

import type { Instant } from '../../swim/index.ts';
import type { SimHost } from '../host.ts';
import { type CheckerKind, line } from './checker.ts';

/** What a process says of itself, by its own clock. */
interface Past {
	readonly health: { readonly at: Instant; readonly to: number }[];
	/** When it last noticed that it had not run. */
	stalledAt: Instant;
}

export const stalls: CheckerKind = {
	name: 'stalls',
	invariant: 3,
	holds:
		'no suspicion rests on a probe whose verdict is more than a period late, as after a stop, or that a stop fell into',
	create({ history, promises }, report) {
		const { protocolPeriodMs } = promises.config;
		// A slow process is late as well, but reads what comes while it is.
		const slow = new Set(history.flatMap((fault) => (fault.type === 'slow' ? [fault.host] : [])));
		const pasts = new Map<SimHost, Past>();

		function healthAt({ health }: Past, at: Instant): number {
			return health.findLast((change) => change.at <= at)?.to ?? 0;
		}

		return {
			event(host, event) {
				const past = pasts.get(host) ?? { health: [], stalledAt: 0 };
				pasts.set(host, past);
				if (event.type === 'stall') past.stalledAt = event.at;
				if (event.type === 'health') past.health.push({ at: event.at, to: event.to });
				if (event.type !== 'state' || event.to !== 'suspect' || event.why.code !== 'probe-failed') return;
				const { sentAt } = event.why;
				const lateMs = event.at - sentAt - (healthAt(past, sentAt) + 1) * protocolPeriodMs;
				if (slow.has(host.name) || (lateMs <= protocolPeriodMs + 1 && past.stalledAt <= sentAt)) return;
				const { name } = event.member;
				report([host.name, name], `${host.name} suspects ${name} for a silence that it slept through`, [
					line(host.timeOf(sentAt), host.name, `pinged ${name}`),
					line(host.timeOf(event.at), host.name, `its verdict, ${Math.round(lateMs)} ms late`),
				]);
			},
			stopped(host) {
				pasts.delete(host);
			},
		};
	},
};
