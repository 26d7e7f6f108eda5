// What a round of anti-entropy costs: next to nothing while views agree, and the difference otherwise (X2, X3).
import { describe, expect, it } from 'vitest';
import { agreeingRound, type Difference, differingRound } from '../../bench/support/exchange.ts';
import { sentMessages } from '../support/stranger.ts';
import { World } from '../support/world.ts';

/** Largest record of these members in a page, with its place in the compound. */
const RECORD_BYTES = 86;
/** A ping and an ack, a request and an empty page. */
const CONSTANT_BYTES = 1_600;
const BUCKETS = 128;

const KINDS: readonly Omit<Difference, 'members'>[] = [
	{ newer: 'asked', what: 'changed' },
	{ newer: 'asked', what: 'unknown' },
	{ newer: 'asker', what: 'changed' },
	{ newer: 'asker', what: 'unknown' },
];

/** The least squares line through the points: its slope, and the share of the variance that it explains. */
function line(points: readonly (readonly [x: number, y: number])[]): { slope: number; determination: number } {
	const mean = (of: (point: readonly [number, number]) => number): number =>
		points.reduce((sum, point) => sum + of(point), 0) / points.length;
	const [x, y] = [mean(([each]) => each), mean(([, each]) => each)];
	const [xx, xy, yy] = [
		mean(([each]) => (each - x) ** 2),
		mean(([left, right]) => (left - x) * (right - y)),
		mean(([, each]) => (each - y) ** 2),
	];
	return { slope: xy / xx, determination: xy ** 2 / (xx * yy) };
}

describe('X2: two whose views agree', () => {
	it.each([10, 100, 1_000, 10_000])('of %i say so in less than 200 bytes, the same at any size', (members) => {
		expect(agreeingRound(members)).toBeLessThanOrEqual(200);
		expect(agreeingRound(members)).toBe(agreeingRound(2));
	});
});

describe('X3: two of 100 whose views differ', () => {
	it.each(KINDS)('pay in proportion to the difference: $what, known to the $newer', (kind) => {
		const points = [1, 2, 5, 10, 20, 30, 40, 50].map(
			(members) => [members, differingRound(100, { ...kind, members }).total] as const,
		);
		const { slope, determination } = line(points);
		expect(determination).toBeGreaterThan(0.97);
		// One record each way, that of a neighbour in the same bucket now and then, and their share of the requests.
		expect(slope).toBeLessThan(3 * RECORD_BYTES);
	});

	it.each(KINDS)('say nothing of those about whom they agree but what shares a bucket: $what, $newer', (kind) => {
		for (const [size, members] of [
			[100, 1],
			[1_000, 1],
			[1_000, 10],
		] as const) {
			const perMember = (2 + size / BUCKETS) * RECORD_BYTES * 1.6;
			expect(differingRound(size, { ...kind, members }).total).toBeLessThan(CONSTANT_BYTES + members * perMember);
		}
	});
});

describe('X3: a large transfer', () => {
	// 27: the length at which greedy pages have 1,393 bytes, and three of them are longer than three requests.
	it.each([0, 15, 27, 35])('brings three pages for each request, whatever the length of its records: %i', (length) => {
		const world = new World({ streams: false });
		const names = Array.from({ length: 200 }, (_, i) => `member-${String(i).padStart(3, '0')}`);
		world.sim.addAcquainted(names, { tags: { note: 'x'.repeat(length) } });
		world.run(300);
		const late = world.add('late');
		world.recording = true;
		const id = world.join(late, [world.hosts.get('member-000')!.address]);
		const took = world.until(() => late.settled.has(id), 5_000, 'joined');
		const requests = sentMessages(world.sent, 'syncRequest').filter(({ from }) => from === late);
		const pages = sentMessages(world.sent, 'syncPage').filter(({ from }) => from !== late);
		expect(pages.length).toBeGreaterThan(12);
		expect(requests).toHaveLength(Math.ceil(pages.length / 3));
		expect(Math.max(...pages.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(requests[0]!.bytes.length);
		// A round trip for the ping, and one for each request: nothing was waited for.
		expect(took).toBeLessThanOrEqual(2 * (requests.length + 1));
	});
});
