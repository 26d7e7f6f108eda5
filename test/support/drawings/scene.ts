// An invented mesh of any size to draw: the same for the same number, with a suspect, a dead and a left member.

import type {
	FieldData,
	FieldMember,
	HeatData,
	LanesData,
	ProbePaths,
	RingData,
	SharesData,
	TimeSpan,
	TrafficData,
} from '../../../src/dashboard/draw/index.ts';
import { clockText } from '../../../src/dashboard/draw/index.ts';
import { randomBelow, seededRandom } from '../../../src/swim/index.ts';

const TO = Date.parse('2026-11-22T14:02:34Z');
const SPAN: TimeSpan = { from: TO - 600_000, to: TO, live: true, clock: (at, step) => clockText(at, 0, step) };
const ZONES = ['eu-1a', 'eu-1b', 'eu-1c'];

type State = FieldMember['state'];

export interface Scene {
	readonly field: FieldData;
	readonly ring: RingData;
	readonly shares: SharesData;
	readonly lanes: LanesData;
	readonly heat: HeatData;
	readonly traffic: TrafficData;
	readonly paths: ProbePaths;
}

export function sceneOf(count: number): Scene {
	const random = seededRandom(count);
	const chance = (): number => randomBelow(random, 1_000_000) / 1_000_000;
	const digits = Math.max(2, String(count - 1).length);
	const nameOf = (at: number): string => `longbow-${String(at).padStart(digits, '0')}`;
	const states = statesOf(count);
	const members = Array.from({ length: count }, (_, at) => memberOf(nameOf(at), at, count, states.get(at), chance));
	const selected = members.find(({ state }) => state === 'suspect') as FieldMember;
	const zones = count < 4 ? [''] : ZONES;
	const groups = zones.map((name, zone) => ({ name, members: members.filter((_, at) => at % zones.length === zone) }));
	return {
		field: { groups, colourBy: 'state', selected: selected.name, prefix: 'longbow-', stale: false },
		ring: ringOf(members, selected.name, chance),
		shares: {
			shares: members.flatMap(({ name, share }) => (share === null ? [] : [{ name, ratio: share * count }])),
			selected: selected.name,
			selectedSuspect: true,
		},
		lanes: lanesOf(members.filter(({ state }) => state !== 'alive').slice(0, 6), nameOf, selected.name),
		heat: heatOf(chance),
		traffic: trafficOf(chance),
		paths: {
			from: 'this node',
			target: selected.name.slice(8),
			targetState: 'suspect',
			direct: 'no ack in 100 ms',
			helpers: (['nack', 'nack', 'silent'] as const)
				.slice(0, Math.min(3, count - 2))
				.map((answer, at) => ({ name: nameOf((at * 8 + 3) % count).slice(8), answer })),
		},
	};
}

function statesOf(count: number): Map<number, State> {
	const states = new Map<number, State>([[count < 4 ? 2 : Math.floor(count * 0.72), 'suspect']]);
	if (count >= 4) states.set(Math.floor(count * 0.4), 'dead');
	if (count < 100) return states;
	for (const part of [0.61, 0.615, 0.95]) states.set(Math.floor(count * part), 'suspect');
	states.set(Math.floor(count * 0.811), 'dead');
	states.set(Math.floor(count * 0.301), 'left');
	return states;
}

function memberOf(name: string, at: number, count: number, state: State = 'alive', chance: () => number): FieldMember {
	const rtt = (0.5 + (at % 3) * 0.3) * (0.85 + chance() * 0.3) * (chance() > 0.96 ? 5 : 1);
	const probes = Array.from({ length: 36 }, () => rtt * (0.8 + chance() * 0.4) * (chance() > 0.95 ? 6 : 1));
	const answered = state === 'alive' ? 36 : 33;
	return {
		name,
		state,
		self: at === Math.min(7, count - 3),
		rttMs: state === 'alive' ? rtt : null,
		share: state === 'dead' || state === 'left' ? null : (1 / count) * (0.9 + chance() * 0.1 + chance() * 0.1),
		leftMs: state === 'suspect' ? 3_100 + (at % 5) * 900 : null,
		fuseMs: state === 'suspect' ? 5_000 + (at % 5) * 900 : null,
		agoMs: state === 'alive' ? null : 41_000,
		address: `10.42.${at % 9}.${11 + (at % 240)}:7946`,
		incarnation: 216_986_554 + at * 14_013,
		probes: probes.map((each, probe) => (probe < answered ? each : null)),
	};
}

function ringOf(members: readonly FieldMember[], selected: string, chance: () => number): RingData {
	const bins = Array.from({ length: 720 }, () => Math.floor(chance() * members.length));
	const mine = members.findIndex(({ name }) => name === selected);
	const arcs = bins.flatMap((owner, at) => (owner === mine ? [[at / 720, (at + 1) / 720] as const] : []));
	const few = [0.03, 0.2, 0.21, 0.44, 0.66, 0.91].map((from) => [from, from + 0.0003] as const);
	const agreement = `same on ${members.length - 2} of ${members.length - 2}`;
	return {
		fingerprint: 'c41f08d2aa550110',
		agreement,
		bins,
		arcs: arcs.length > 3 ? arcs : few,
		selectedState: 'suspect',
	};
}

function lanesOf(changed: readonly FieldMember[], nameOf: (at: number) => string, selected: string): LanesData {
	const { from, to } = SPAN;
	const lanes = changed.map(({ name, state }, at) => {
		const began = to - 41_000 * (at + 1);
		if (state === 'suspect') return { name, spans: span(from, to - 2_000 - at * 1_500, 'alive', to, 'suspect') };
		if (state === 'left') return { name, spans: span(from, began - 60_000, 'alive', began, 'left', to, 'alive') };
		return { name, spans: span(from, began - 8_000, 'alive', began, 'suspect', to, 'dead') };
	});
	lanes.push({ name: nameOf(1), spans: span(from, to - 186_000, 'alive', to - 182_000, 'suspect', to, 'alive') });
	return {
		span: SPAN,
		lanes,
		notAlive: [
			{ at: to - 186_000, suspect: 1, dead: 0 },
			{ at: to - 182_000, suspect: 0, dead: 0 },
			{ at: to - 90_000, suspect: 1, dead: 0 },
			{ at: to - 82_000, suspect: 0, dead: 1 },
			{ at: to - 2_000, suspect: Math.max(1, changed.length - 2), dead: 1 },
		],
		gaps: [{ from, to: from + 45_000 }],
		selected,
	};
}

function span(from: number, ...rest: (number | State)[]): { from: number; to: number; state: State }[] {
	const spans: { from: number; to: number; state: State }[] = [];
	for (let at = 0; at < rest.length; at += 2) {
		const before = spans[spans.length - 1]?.to ?? from;
		spans.push({ from: before, to: rest[at] as number, state: rest[at + 1] as State });
	}
	return spans;
}

function heatOf(chance: () => number): HeatData {
	const edges = Array.from({ length: 22 }, (_, at) => 0.1 * 10 ** (at / 7));
	const buckets = Array.from({ length: 600 }, (_, second) => {
		const counts = edges.slice(1).map(() => 0);
		for (let probe = 0; probe < 5; probe++) {
			const slow = second > 390 && second < 450 ? 1.1 : 0;
			const log = 0.15 + slow * chance() + (chance() + chance() + chance() - 1.8) * 0.5 + (chance() > 0.985 ? 1 : 0);
			const row = Math.floor((log + 1) * 7 - 0.7);
			counts[row] = (counts[row] ?? 0) + 1;
		}
		return { at: SPAN.from + second * 1_000, counts, unanswered: second > 590 || second === 420 ? 2 : 0 };
	});
	return { span: SPAN, edges, buckets, p50: 0.8, p99: 6.2 };
}

function trafficOf(chance: () => number): TrafficData {
	const points = Array.from({ length: 120 }, (_, at) => {
		const burst = at > 100 && at < 106 ? 2.2 : 1;
		return { at: SPAN.from + at * 5_000, out: 1_700 * burst + chance() * 350, in: 1_700 * burst + chance() * 350 };
	});
	const kinds = { probes: 0.64, gossip: 0.19, sync: 0.11, broadcasts: 0.06 };
	return { span: SPAN, points, packetsOut: 22, packetsIn: 22, kinds };
}
