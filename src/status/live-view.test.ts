// What the parts of a live snapshot say: splits, shares, detection, seconds; the fold itself is a property of its own.

import { describe, expect, it } from 'vitest';
import {
	type TestSource,
	testFacts,
	testMember,
	testSource,
	WALL_OFFSET_MS,
} from '../../test/support/status-source.ts';
import type { Member, MeshEvent } from '../swim/index.ts';
import type { LiveSnapshot } from './live.ts';
import { LiveView } from './live-view.ts';

function shown(source: TestSource): LiveSnapshot {
	const view = new LiveView(source, { origin: 'live', facts: testFacts, discovery: () => [] });
	view.refresh();
	return view.snapshot();
}

function many(count: number, fields: (i: number) => Partial<Member>): TestSource {
	return testSource(Array.from({ length: count }, (_, i) => testMember(`m${String(i).padStart(3, '0')}`, fields(i))));
}

describe('split', () => {
	const dead = (i: number): Partial<Member> => ({
		state: 'dead',
		changedAt: 90_000 + i * 300,
		tags: { zone: 'eu-1c' },
	});

	it('is what died within seconds of each other and is a part worth the name', () => {
		const source = many(24, (i) => (i >= 14 ? dead(i) : {}));
		expect(shown(source).mesh).toMatchObject({
			counts: { alive: 14, suspect: 0, dead: 10, left: 0 },
			split: { here: 14, elsewhere: 10, since: WALL_OFFSET_MS + 94_200, zone: 'eu-1c' },
		});
	});

	it('is none when few died, or one after the other', () => {
		expect(shown(many(24, (i) => (i >= 22 ? dead(i) : {}))).mesh.split).toBeNull();
		const apart = many(24, (i) => (i >= 14 ? { state: 'dead', changedAt: i * 20_000 } : {}));
		expect(shown(apart).mesh.split).toBeNull();
	});

	it('names no zone when they are of several', () => {
		const source = many(4, (i) => (i >= 2 ? { ...dead(i), tags: { zone: `z${i}` } } : {}));
		expect(shown(source).mesh.split).toMatchObject({ elsewhere: 2, zone: null });
	});
});

describe('what has changed', () => {
	it('is told with joins: what stands in the events has changed something', () => {
		const source = many(2, () => ({}));
		expect(shown(source).mesh.changedAt).toBeNull();
		const why = { code: 'heard' } as const;
		source.emit({ type: 'state', seq: 1, at: 95_000, member: testMember('m001'), from: 'none', to: 'alive', why });
		expect(shown(source).mesh.changedAt).toBe(WALL_OFFSET_MS + 95_000);
	});
});

describe('shares', () => {
	it('are those of the ring, and of the weights where the ring is too large to be laid out for a viewer', () => {
		const small = shown(many(3, (i) => (i === 2 ? { state: 'dead' } : {})));
		expect([small.ring.measured, small.members.map(({ share }) => share)]).toEqual([true, [0.5, 0.5, 0]]);
		const source = many(151, (i) => (i === 7 ? { tags: { w: '50' } } : {}));
		const ring = { ...source.ring, shares: () => expect.unreachable('laid out for a viewer') };
		Object.defineProperty(source, 'ring', { value: ring });
		const large = shown(source);
		expect(large.ring).toMatchObject({ owners: 151, measured: false });
		expect([large.members[6]?.share, large.members[7]?.share]).toEqual([0.005, 0.25]);
	});
});

describe('detection', () => {
	it('is what the configuration promises, and medians of what was seen', () => {
		const source = many(10, () => ({}));
		let seq = 0;
		const step = (at: number, member: string, from: Member['state'], to: Member['state']): MeshEvent => ({
			type: 'state',
			seq: ++seq,
			at,
			member: testMember(member),
			from,
			to,
			why: { code: 'heard' },
		});
		for (const [member, tookMs] of [
			['m001', 5_000],
			['m002', 5_200],
			['m003', 9_000],
		] as const) {
			source.emit(step(10_000, member, 'alive', 'suspect'));
			source.emit(step(10_000 + tookMs, member, 'suspect', 'dead'));
		}
		source.emit(step(30_000, 'm004', 'alive', 'suspect'));
		source.emit(step(30_400, 'm004', 'suspect', 'alive'));
		expect(shown(source).detection).toEqual({
			suspectMs: 506,
			deadMs: 5_506,
			measured: { deaths: 3, deadMs: 5_200, refutations: 1, refutedMs: 400 },
		});
		expect(shown(source).changes).toHaveLength(8);
	});
});

describe('seconds', () => {
	it('hold what ended in them and what was sent, without gaps', () => {
		const source = testSource([testMember('a'), testMember('b')]);
		const { history, counters } = source;
		history.noteProbe('b', 'direct', 1, 10_100);
		counters.traffic.probe.bytesSent += 90;
		history.noteProbe('b', 'none', 0, 10_900);
		history.noteProbe('b', 'direct', 1, 11_200);
		counters.traffic.gossip.bytesReceived += 30;
		source.clock = 14_500;
		const { seconds, members } = shown(source);
		expect(seconds.map(({ at, probes }) => [at - WALL_OFFSET_MS, probes.length])).toEqual([
			[10_000, 2],
			[11_000, 1],
			[12_000, 0],
			[13_000, 0],
		]);
		expect(seconds[0]?.sent).toEqual([90, 0, 0, 0]);
		expect(seconds.slice(1).map(({ received }) => received[1])).toEqual([10, 10, 10]);
		expect(members[1]?.probes).toHaveLength(3);
	});
});
