// Decision 10: events are an ordered log, each told once, each step from where the last one led, and their sum is the view.

import type { SimHost } from '../host.ts';
import { type CheckerKind, line } from './checker.ts';

interface Log {
	seq: number;
	at: number;
	/** By member, as the events tell it. */
	readonly states: Map<string, string>;
}

export const events: CheckerKind = {
	name: 'events',
	invariant: 11,
	holds:
		'events are numbered without a gap, each begins where the last one of the member ended, and their sum is the view',
	create({ cluster }, report) {
		const logs = new Map<SimHost, Log>();

		function compare(host: SimHost): void {
			const states = logs.get(host)?.states;
			if (!states) return;
			const members = host.machine.members();
			const wrong = members.find(({ name, state }) => states.get(name) !== state);
			if (!wrong && members.length === states.size) return;
			const told = wrong
				? `${wrong.name} is ${wrong.state}, events say ${states.get(wrong.name) ?? 'nothing'}`
				: 'events tell of more members';
			report([host.name], `the events of ${host.name} do not add up to its view: ${told}`);
		}

		return {
			event(host, event) {
				const log = logs.get(host) ?? { seq: 0, at: event.at, states: new Map<string, string>() };
				logs.set(host, log);
				const wrong = (who: string[], text: string): void =>
					report(who, text, [line(cluster.now, host.name, JSON.stringify(event))]);
				if (event.seq !== log.seq + 1) wrong([host.name], `event ${event.seq} follows event ${log.seq}`);
				if (event.at < log.at) wrong([host.name], 'an event is older than the one before it');
				log.seq = event.seq;
				log.at = event.at;
				if (event.type !== 'state') return;
				const { name } = event.member;
				const before = log.states.get(name) ?? 'none';
				if (event.from !== before || event.from === event.to) {
					wrong([host.name, name], `${name} steps from ${event.from} to ${event.to}, but was ${before}`);
				}
				if (event.to === 'none') log.states.delete(name);
				else log.states.set(name, event.to);
			},
			sample() {
				for (const host of cluster.hosts.values()) compare(host);
			},
			finished() {
				for (const host of cluster.hosts.values()) compare(host);
			},
			stopped(host) {
				logs.delete(host);
			},
		};
	},
};
