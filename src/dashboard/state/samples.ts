// Snapshots for tests: a small healthy mesh, of which a test changes what it is about.

import type { LiveMember, LiveSnapshot } from '../../status/index.ts';
import { STATE_NAMES } from '../../swim/index.ts';

const NOW = Date.parse('2026-11-22T14:02:34.000Z');
const STARTED = NOW - 6 * 86_400_000;

export function liveMember(name: string, fields: Partial<LiveMember> = {}): LiveMember {
	return {
		ID: name,
		Addr: '10.42.0.11:7946',
		GRPCAddr: '',
		MetaAddr: '',
		Tags: {},
		Status: 0,
		Incarnation: 217_519_009,
		own: true,
		protocol: 5,
		zone: null,
		since: STARTED,
		startedAt: STARTED,
		seenAt: NOW - 200,
		deadAt: null,
		rttMs: 0.8,
		path: 'udp',
		share: 0.04,
		probes: '',
		...fields,
	};
}

type Changes = { readonly [K in keyof LiveSnapshot]?: Partial<LiveSnapshot[K]> };

/** The first member is the node itself; counts follow from the members. */
export function liveSnapshot(members: readonly LiveMember[], changes: Changes = {}): LiveSnapshot {
	const counts = { alive: 0, suspect: 0, dead: 0, left: 0 };
	for (const { Status } of members) counts[STATE_NAMES[Status]!]++;
	const owners = counts.alive + counts.suspect;
	const base: LiveSnapshot = {
		schema: 1,
		at: NOW,
		seq: 100,
		node: {
			name: members[0]?.ID ?? '',
			cluster: 'prod-eu-1',
			version: '0.9.0',
			runtime: 'Node 20.20.2',
			origin: 'live',
			startedAt: STARTED,
			protocol: 5,
			keys: 2,
			config: { protocolPeriodMs: 200, ackTimeoutMs: 100, suspicionTimeoutMs: 5_000, indirectProbes: 3, streams: true },
		},
		mesh: { counts, digest: '7f3a91c2000000ff', changedAt: null, split: null },
		views: { of: owners, agree: owners, differing: [] },
		ring: { fingerprint: 'c41f08d2c41f08d2', owners, measured: true },
		health: {
			score: 0,
			worst: 7,
			word: 'Good',
			stalls: 0,
			stalledAt: null,
			loop: null,
			refutations: 0,
			rejected: 0,
			updates: 0,
			bookAddresses: 0,
		},
		detection: {
			suspectMs: 516,
			deadMs: 5_516,
			measured: { deaths: 0, deadMs: null, refutations: 0, refutedMs: null },
		},
		discovery: [{ provider: 'k8s', errors: 0, problem: null, addresses: 0, answeredAt: NOW - 2_000 }],
		members,
		events: [],
		changes: [],
		changesSince: STARTED,
		seconds: [],
	};
	const merged: Record<string, unknown> = { ...base };
	for (const [key, value] of Object.entries(changes)) {
		const before = merged[key];
		merged[key] = typeof before === 'object' && !Array.isArray(before) ? { ...before, ...(value as object) } : value;
	}
	return merged as unknown as LiveSnapshot;
}
