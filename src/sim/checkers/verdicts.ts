// Invariant 3, its sharp half: nobody is declared dead at an incarnation after a newer alive of it was received.

import { sameAddress } from '../../swim/index.ts';
import type { SimHost } from '../host.ts';
import type { SimTime } from '../time-queue.ts';
import { type CheckerKind, line } from './checker.ts';
import { PacketWatch } from './packet-watch.ts';

interface Case {
	readonly suspectedAt: SimTime;
	readonly incarnation: number;
	heardAt: SimTime;
	/** Highest incarnation of an alive that was received since. */
	heard: number;
}

export const verdicts: CheckerKind = {
	name: 'verdicts',
	invariant: 3,
	holds: 'nobody is declared dead at an incarnation below that of an alive that was received since the suspicion',
	create({ cluster }, report) {
		const watch = new PacketWatch();
		const cases = new Map<SimHost, Map<string, Case>>();
		return {
			event(host, event) {
				if (event.type !== 'state') return;
				const { name, incarnation } = event.member;
				const open = cases.get(host) ?? new Map<string, Case>();
				const known = open.get(name);
				if (event.to === 'suspect') {
					open.set(name, { suspectedAt: cluster.now, incarnation, heardAt: 0, heard: 0 });
					cases.set(host, open);
					return;
				}
				open.delete(name);
				if (open.size === 0) cases.delete(host);
				if (event.to !== 'dead' || !known || known.heard <= incarnation) return;
				report([host.name, name], `${host.name} declared ${name} dead after it had heard its refutation`, [
					line(known.suspectedAt, host.name, `suspected ${name} at incarnation ${known.incarnation}`),
					line(known.heardAt, host.name, `received alive ${name} at incarnation ${known.heard}`),
					line(cluster.now, host.name, `declared ${name} dead at incarnation ${incarnation}: ${event.why.code}`),
				]);
			},
			stepped(host, input, at) {
				const open = cases.get(host);
				if (!open || input.type !== 'packet') return;
				for (const { name, incarnation, address } of watch.read(input.bytes).alives) {
					const suspicion = open.get(name);
					if (!suspicion || incarnation <= suspicion.heard) continue;
					// An alive from elsewhere may be the other side of a name conflict, which has rules of its own (X6).
					const held = host.machine.member(name)?.address;
					if (!held || !sameAddress(held, address)) continue;
					suspicion.heard = incarnation;
					suspicion.heardAt = at;
				}
			},
			stopped(host) {
				cases.delete(host);
			},
		};
	},
};
