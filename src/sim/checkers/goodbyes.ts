// Left is not dead: whoever has acknowledged a goodbye holds the member as left, and never as dead.

import type { SimHost } from '../host.ts';
import { type CheckerKind, line } from './checker.ts';

export const goodbyes: CheckerKind = {
	name: 'goodbyes',
	invariant: 12,
	holds: 'nobody who acknowledged a goodbye declares the member dead afterwards',
	create({ cluster }, report) {
		/** By member that leaves: those whom it held alive when it began to, and so tells. */
		const toTell = new Map<string, readonly SimHost[]>();
		/** By member: incarnation of the goodbye, and those who were told. */
		const told = new Map<string, { readonly incarnation: number; readonly by: ReadonlySet<SimHost> }>();
		return {
			settled(host, _, result) {
				// Only when all have answered is it known who did.
				if (result.type !== 'leave' || result.told < result.of) return;
				const { incarnation } = host.machine.self;
				// Whoever was started anew meanwhile has answered in the place of its former life.
				const by = toTell.get(host.name)?.filter((other) => cluster.hosts.get(other.name) === other);
				told.set(host.name, { incarnation, by: new Set(by) });
				for (const other of told.get(host.name)!.by) {
					const held = other.machine.member(host.name);
					if (held?.state !== 'dead' || held.incarnation !== incarnation) continue;
					report([other.name, host.name], `${other.name} acknowledged the goodbye of ${host.name} and holds it dead`);
				}
			},
			event(host, event) {
				if (event.type === 'leaving') {
					const others = [...cluster.hosts.values()].filter((other) => other !== host);
					toTell.set(
						host.name,
						others.filter(({ name }) => host.machine.member(name)?.state === 'alive'),
					);
				}
				if (event.type !== 'state' || event.to !== 'dead') return;
				const { name, incarnation } = event.member;
				const goodbye = told.get(name);
				if (!goodbye?.by.has(host) || goodbye.incarnation !== incarnation) return;
				report([host.name, name], `${host.name} declared ${name} dead after it had acknowledged its goodbye`, [
					line(cluster.now, host.name, `dead at incarnation ${incarnation}: ${JSON.stringify(event.why)}`),
				]);
			},
		};
	},
};
