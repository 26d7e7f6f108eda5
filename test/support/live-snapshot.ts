// Live snapshots for tests of what shows them: members by a line each, seen from one of them at a fixed time.

import { type EventObject, type LiveMember, type LiveSnapshot, probeMark } from '../../src/status/index.ts';
import { type MemberState, State } from '../../src/swim/index.ts';

/** 2026-11-22T14:02:34Z, when the snapshots are told. */
export const AT: number = Date.UTC(2026, 10, 22, 14, 2, 34);

export function liveMember(ID: string, state: MemberState = 'alive', fields: Partial<LiveMember> = {}): LiveMember {
	return {
		ID,
		Addr: '10.42.0.11:7946',
		GRPCAddr: '',
		MetaAddr: '',
		Tags: {},
		Status: State[state],
		Incarnation: 217_321_354,
		own: true,
		protocol: 5,
		zone: null,
		since: AT - 600_000,
		startedAt: AT - 600_000,
		seenAt: AT - (state === 'alive' ? 300 : 3_000),
		deadAt: null,
		rttMs: 0.8,
		path: 'udp',
		share: state === 'alive' ? 0.0417 : 0,
		probes: rtts([0.6, 0.7, 2.1, 0.6, 0.9, 14, 0.6]) + (state === 'alive' ? '' : '!!!'),
		...fields,
	};
}

/** Marks of probes that took so long. */
export function rtts(ms: readonly number[]): string {
	return ms.map((each) => probeMark('direct', each)).join('');
}

export function suspect(ID: string, fields: Partial<LiveMember> = {}): LiveMember {
	return liveMember(ID, 'suspect', { since: AT - 1_900, deadAt: AT + 3_100, share: 0.0433, ...fields });
}

export function stateEvent(seq: number, member: string, from: string, to: string, reason: string): EventObject {
	return { seq, at: new Date(AT - 60_000 + seq * 1_004).toISOString(), type: 'state', member, from, to, reason };
}

/** The first member tells it. */
export function liveSnapshot(members: readonly LiveMember[], fields: Partial<LiveSnapshot> = {}): LiveSnapshot {
	const counts: Record<MemberState, number> = { alive: 0, suspect: 0, dead: 0, left: 0 };
	for (const { Status } of members) counts[(Object.keys(counts) as MemberState[])[Status] as MemberState]++;
	const own = counts.alive + counts.suspect;
	return {
		schema: 1,
		at: AT,
		seq: 100,
		node: {
			name: members[0]?.ID ?? '',
			cluster: 'prod-eu-1',
			version: '0.9.0',
			runtime: 'Node 20.20.2',
			origin: 'live',
			startedAt: AT - 3_600_000,
			protocol: 5,
			keys: 2,
			config: { protocolPeriodMs: 200, ackTimeoutMs: 100, suspicionTimeoutMs: 5_000, indirectProbes: 3, streams: true },
		},
		mesh: { counts, digest: '7f3a91c2000000ff', changedAt: AT - 600_000, split: null },
		views: { of: counts.alive, agree: counts.alive, differing: [] },
		ring: { fingerprint: 'c41f08d2c41f08d2', owners: own, measured: true },
		health: {
			score: 0,
			worst: 7,
			word: 'Good',
			stalls: 0,
			stalledAt: null,
			loop: { p99Ms: 3.1, maxMs: 20 },
			refutations: 0,
			rejected: 0,
			updates: 0,
			bookAddresses: 31,
		},
		detection: {
			suspectMs: 516,
			deadMs: 5_516,
			measured: { deaths: 0, deadMs: null, refutations: 0, refutedMs: null },
		},
		discovery: [{ provider: 'k8s', errors: 0, problem: null, addresses: 24, answeredAt: AT - 2_000 }],
		members: members.toSorted((a, b) => (a.ID < b.ID ? -1 : 1)),
		events: [],
		changes: [],
		changesSince: AT - 3_600_000,
		seconds: [],
		...fields,
	};
}
