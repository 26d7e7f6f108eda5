// The verdict as a table: which sentence for which cluster, in the order in which bad news outranks other news.

import { describe, expect, it } from 'vitest';
import { liveMember, liveSnapshot } from './samples.ts';
import { plainText, type VerdictContext, verdictOf } from './verdict.ts';
import { clock } from './words.ts';

const NOW = Date.parse('2026-11-22T14:02:34.000Z');
const context: VerdictContext = { now: NOW, times: clock(true), host: 'longbow-07:9090' };

const alive = (count: number, zone: string | null = null) =>
	Array.from({ length: count }, (_, at) => liveMember(`longbow-${String(at).padStart(3, '0')}`, { zone }));
const suspect = (name: string, leftMs: number, zone: string | null = null) =>
	liveMember(name, { Status: 1, since: NOW - 2_000, deadAt: NOW + leftMs, zone });
const dead = (name: string, agoMs: number, zone: string | null = null) =>
	liveMember(name, { Status: 2, since: NOW - agoMs, zone });

const OLD = NOW - 3 * 3_600_000;
const odd = { member: 'longbow-437', digest: '03be44d0', since: NOW - 40_000, heardAt: NOW - 1_000 };

const TABLE: readonly (readonly [
	kind: string,
	snapshot: ReturnType<typeof liveSnapshot>,
	line: string,
	detail: string,
])[] = [
	[
		'well',
		liveSnapshot(alive(24), { mesh: { changedAt: OLD } }),
		'All 24 members are alive.',
		'Nothing has changed since 11:02:34, 3 h ago.',
	],
	[
		'not-alive',
		liveSnapshot([...alive(22), suspect('longbow-17', 3_100), dead('longbow-09', 41_000)]),
		'1 suspect, 1 dead. The other 22 agree.',
		'longbow-17 is declared dead in 3.1 s unless it refutes. longbow-09 died 41 s ago; its keys have moved.',
	],
	[
		'not-alive',
		liveSnapshot([...alive(2), suspect('longbow-02', 3_100)]),
		'1 of 3 is suspect. The other 2 agree.',
		'longbow-02 is declared dead in 3.1 s unless it refutes.',
	],
	[
		'not-alive',
		liveSnapshot(
			[
				...alive(593, 'eu-1a'),
				...[3_100, 6_800, 8_400, 9_000].map((ms, at) => suspect(`longbow-9${at}0`, ms, at < 3 ? 'eu-1c' : 'eu-1a')),
				...[42_000, 50_000].map((ms, at) => dead(`longbow-8${at}0`, ms, 'eu-1c')),
			],
			{ views: { differing: [odd] } },
		),
		'4 suspect, 2 dead of 599. 5 of the 6 are in eu-1c.',
		'Next verdict: longbow-900 in 3.1 s. One view differs from the rest: longbow-437.',
	],
	[
		'views-differ',
		liveSnapshot(alive(24), { views: { differing: [odd] } }),
		'All 24 are alive, but 1 view differs.',
		'longbow-437 has seen it otherwise for 40 s.',
	],
	[
		'slow',
		liveSnapshot(alive(3), { health: { score: 4, word: 'Poor' } }),
		'This node is slow; do not trust its suspicions.',
		'Local health is Poor, 4 of 7. Look at its CPU limit.',
	],
	[
		'alone',
		liveSnapshot(alive(1), { node: { startedAt: OLD } }),
		'This node is alone. Discovery found 0 addresses.',
		'Nobody else has answered yet.',
	],
	[
		'starting',
		liveSnapshot(alive(1), { node: { startedAt: NOW - 800 } }),
		'longbow-000 has just started and looks for the others.',
		'It started just now.',
	],
	[
		'split',
		liveSnapshot([...alive(14), ...Array.from({ length: 10 }, (_, at) => dead(`longbow-9${at}`, 60_000, 'eu-1c'))], {
			mesh: { split: { here: 14, elsewhere: 10, since: NOW - 60_000, zone: 'eu-1c' } },
		}),
		'The cluster is split: 14 here, 10 elsewhere.',
		'The 10 are all in eu-1c. The first was lost at 14:01:34. It heals by itself when the path is back.',
	],
];

describe('the verdict', () => {
	it.each(TABLE)('%s', (kind, snapshot, line, detail) => {
		const verdict = verdictOf(snapshot, context);
		expect([verdict.kind, plainText(verdict.line).trim(), plainText(verdict.detail).trim()]).toEqual([
			kind,
			line,
			detail,
		]);
	});

	it('says first that there is no news', () => {
		const silence = { forMs: 38_200, nextTryMs: 3_400, reason: undefined };
		const [, , , , , , , , [, snapshot]] = TABLE as typeof TABLE & { 8: (typeof TABLE)[number] };
		const verdict = verdictOf({ ...snapshot, at: NOW }, { ...context, silence });
		expect(plainText(verdict.line)).toBe('No news from longbow-000 for 38 s.');
		expect(plainText(verdict.detail)).toBe('What you see is from 14:02:34. Trying again in 4 s.');
	});

	it('asks, and says who does not answer and why', () => {
		expect(plainText(verdictOf(undefined, context).line)).toBe('Asking longbow-07:9090…');
		const silence = { forMs: 1_000, nextTryMs: 0, reason: '16 pages already watch this node.' };
		const refused = verdictOf(undefined, { ...context, silence });
		expect(plainText([...refused.line, ' ', ...refused.detail])).toBe(
			'longbow-07:9090 does not answer. Trying again now. 16 pages already watch this node.',
		);
	});

	it('tells of a restart for a minute', () => {
		const snapshot = liveSnapshot(alive(3), { mesh: { changedAt: OLD } });
		const detailAfter = (ms: number): string =>
			plainText(verdictOf(snapshot, { ...context, restartedAt: NOW - ms }).detail);
		expect(detailAfter(8_000)).toMatch(/^longbow-000 restarted 8 s ago\. Nothing has changed/);
		expect(detailAfter(61_000)).toMatch(/^Nothing has changed/);
	});

	it('takes a view that differed in a single hearing for news on its way', () => {
		const young = { ...odd, since: odd.heardAt };
		expect(verdictOf(liveSnapshot(alive(3), { views: { differing: [young] } }), context).kind).toBe('well');
	});
});
