// Invariant 2: an incarnation of a live member never goes down in a view, and only its owner raises it.

import type { SimHost } from '../host.ts';
import { type CheckerKind, line } from './checker.ts';

export const incarnations: CheckerKind = {
	name: 'incarnations',
	invariant: 2,
	holds: 'in no view does an incarnation go down, and none is higher than the member itself ever gave itself',
	create({ cluster, lives }, report) {
		const highest = new Map<SimHost, Map<string, number>>();
		return {
			event(host, event) {
				if (event.type !== 'state' && event.type !== 'update' && event.type !== 'confirmed') return;
				const { name, incarnation } = event.member;
				const known = highest.get(host) ?? new Map<string, number>();
				if (known.size === 0) highest.set(host, known);
				const before = known.get(name) ?? 0;
				const wrong = (text: string): void =>
					report([host.name, name], text, [
						line(cluster.now, host.name, `${event.type} of ${name} at incarnation ${incarnation}`),
					]);
				if (incarnation < before) {
					wrong(`${host.name} went back from incarnation ${before} of ${name} to ${incarnation}`);
				}
				known.set(name, Math.max(before, incarnation));
				// Before a host has stepped it has no incarnation of its own: its first event is its start.
				if (host.name === name) return;
				const own = lives.highestIncarnation(name);
				if (incarnation > own) {
					wrong(`${host.name} holds ${name} at incarnation ${incarnation}, which it never had: its own is ${own}`);
				}
			},
		};
	},
};
