// Invariant 2: an incarnation of a live member never goes down in a view, and only its owner raises it.

import { STATE_NAMES } from '../../swim/index.ts';
import type { SimHost } from '../host.ts';
import { type CheckerKind, line } from './checker.ts';

export const incarnations: CheckerKind = {
	name: 'incarnations',
	invariant: 2,
	holds:
		'in no view does (incarnation, state) of a member go down, and no incarnation is higher than the member ever gave itself',
	create({ cluster, lives }, report) {
		const highest = new Map<SimHost, Map<string, { incarnation: number; rank: number }>>();
		return {
			event(host, event) {
				if (event.type !== 'state' && event.type !== 'update' && event.type !== 'confirmed') return;
				const { name, incarnation } = event.member;
				const known = highest.get(host) ?? new Map<string, { incarnation: number; rank: number }>();
				if (known.size === 0) highest.set(host, known);
				const before = known.get(name) ?? { incarnation: 0, rank: 0 };
				const rank = STATE_NAMES.indexOf(event.member.state);
				const wrong = (text: string): void =>
					report([host.name, name], text, [
						line(cluster.now, host.name, `${event.type} of ${name} at incarnation ${incarnation}`),
					]);
				// Its own view of itself follows its own will.
				if (host.name !== name && (incarnation - before.incarnation || rank - before.rank) < 0) {
					const was = STATE_NAMES[before.rank];
					wrong(
						`${host.name} went back from ${name} ${was} at ${before.incarnation} to ${event.member.state} at ${incarnation}`,
					);
				}
				// Once forgotten, it may come back as if new.
				if (event.type === 'state' && event.to === 'none') known.delete(name);
				else known.set(name, { incarnation, rank });
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
