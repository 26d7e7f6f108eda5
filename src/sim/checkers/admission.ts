// X4: an accusation counts only from a member that the receiver itself holds alive.

import type { SimHost } from '../host.ts';
import { type CheckerKind, line } from './checker.ts';

export const admission: CheckerKind = {
	name: 'admission',
	invariant: 3,
	holds: 'nobody believes an accusation by a member that it holds suspect, dead or gone',
	create({ cluster }, report) {
		const states = new Map<SimHost, Map<string, string>>();
		return {
			event(host, event) {
				const known = states.get(host) ?? new Map<string, string>();
				if (known.size === 0) states.set(host, known);
				const accuser =
					event.type === 'confirmed'
						? event.by
						: event.type === 'state' && event.why.code === 'heard' && event.to !== 'alive'
							? event.why.by
							: undefined;
				if (event.type === 'state') known.set(event.member.name, event.to);
				if (accuser === undefined || accuser === host.name || known.get(accuser) === 'alive') return;
				report(
					[host.name, accuser],
					`${host.name} believes an accusation by ${accuser}, whom it holds ${known.get(accuser) ?? 'unknown'}`,
					[line(cluster.now, host.name, JSON.stringify(event))],
				);
			},
			stopped(host) {
				states.delete(host);
			},
		};
	},
};
