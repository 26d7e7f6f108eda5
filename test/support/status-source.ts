// A StatusSource in memory, for tests of the views: members by a line each, a clock that the test sets.

import type { RingView } from '../../src/ring/index.ts';
import { EventLog, Evidence, type LiveAbout, LiveHistory, type StatusSource } from '../../src/status/index.ts';
import {
	type Counters,
	type Instant,
	type Member,
	type MeshEvent,
	newCounters,
	resolveConfig,
} from '../../src/swim/index.ts';

/** 2026-11-22T14:02:32Z is instant 100,000 of the clock. */
export const WALL_OFFSET_MS: number = Date.UTC(2026, 10, 22, 14, 2, 32) - 100_000;

export interface TestSource extends StatusSource {
	clock: Instant;
	members: Member[];
	counters: Counters;
	health: number;
	views: StatusSource['views'];
	history: LiveHistory;
	emit(event: MeshEvent): void;
}

export function testMember(name: string, fields: Partial<Member> = {}): Member {
	return {
		name,
		address: { host: '10.0.0.1', port: 7946 },
		state: 'alive',
		incarnation: 1,
		tags: {},
		protocol: [1, 5, 2, 0, 0, 0],
		own: true,
		changedAt: 90_000,
		seenAt: 99_000,
		...fields,
	};
}

/** The first member is the node itself. The ring owns every key by its alive and suspect members in turn. */
export function testSource(members: Member[] = [testMember('a')]): TestSource {
	const listeners = new Set<(event: MeshEvent) => void>();
	const selfName = members[0]?.name ?? '';
	const evidence = new Evidence();
	const events = new EventLog();
	const counters = newCounters();
	const history = new LiveHistory(counters);
	const source: TestSource = {
		clock: 100_000,
		members: members.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
		counters,
		health: 0,
		config: resolveConfig({ name: selfName }),
		digest: { a: 0x7f3a91c2, b: 0xff },
		get self() {
			return source.member(selfName) as Member;
		},
		member: (name) => source.members.find((member) => member.name === name),
		get ring() {
			return testRing(source.members.filter(({ state }) => state === 'alive' || state === 'suspect'));
		},
		now: () => source.clock,
		wallMs: (instant) => WALL_OFFSET_MS + instant,
		deadAt: () => undefined,
		rttMs: () => undefined,
		path: () => 'udp',
		heardView: () => undefined,
		views: { of: 1, agree: 1, digest: '7f3a91c2000000ff', others: [] },
		sizes: NOTHING,
		oldestUpdateMs: 0,
		events,
		evidence,
		history,
		refusedSources: () => [],
		onEvent: (listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		emit: (event) => {
			evidence.note(event);
			events.note(event);
			history.note(event);
			for (const listener of listeners) listener(event);
		},
	};
	return source;
}

export const testFacts: LiveAbout['facts'] = () => ({
	version: '1.2.3',
	node: '20.20.2',
	keys: 0,
	label: null,
	loop: null,
});

const NOTHING: StatusSource['sizes'] = {
	members: 1,
	silentTombstones: 0,
	bookAddresses: 0,
	relays: 0,
	streams: 0,
	streamBytes: 0,
	sources: 0,
	userBroadcasts: 0,
	updates: 0,
};

function testRing(owners: readonly Member[]): RingView {
	const names = owners.map(({ name }) => name);
	return {
		size: names.length,
		fingerprint: 'c41f08d2c41f08d2',
		owner: () => names[0],
		owners: (_key, count) => names.slice(0, count),
		has: (member) => names.includes(member),
		heirs: () => [],
		takeovers: () => names.map((member) => ({ member, heirs: names.length - 1, most: 1 / names.length })),
		shares: () => names.map((member) => ({ member, weight: 1, share: 1 / names.length })),
	};
}
