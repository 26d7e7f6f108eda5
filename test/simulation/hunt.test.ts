// Issue 3, gate 1: runs in drawn weather break no invariant, and a run follows from its seed alone.
import { describe, expect, it } from 'vitest';
import { caseLine, drawWeather, hunt, type Observer, shrink, simulate, WEATHERS } from '../../src/sim/index.ts';
import { seededRandom } from '../../src/swim/index.ts';
import { mutatedSimulate } from './mutated.ts';

const RUNS = 300;
/** Most hosts and length of a run here; `node scripts/run-ts.mjs bench hunt` draws up to 64. */
const MOST_NODES = 24;
const DURATION_MS = 12_000;

function drawn(seed: number): Parameters<typeof simulate>[0] {
	return { seed, durationMs: DURATION_MS, weather: drawWeather(seededRandom(seed), MOST_NODES) };
}

describe('the hunt', () => {
	it(`${RUNS} drawn runs break no invariant`, () => {
		for (let seed = 1; seed <= RUNS; seed++) {
			const options = drawn(seed);
			const { violations } = simulate(options);
			expect(violations, caseLine(options)).toEqual([]);
		}
	}, 300_000);

	it('in the stated weather nobody dies falsely', () => {
		const weather = { ...WEATHERS.lan, link: { ...WEATHERS.lan.link, loss: 0.05 }, stalls: 10, stallMs: 4_900 };
		const report = hunt({ runs: 10, durationMs: 20_000, weather });
		expect(report).toMatchObject({ runs: 10, failures: [], classes: { mild: { runs: 10, falseDeaths: 0 } } });
		expect(report.classes.mild.falseSuspicions).toBeGreaterThan(0);
	}, 60_000);

	it.each(['calm', 'lan', 'cloud', 'storm'] as const)(
		'%s weather breaks no invariant',
		(name) => {
			const report = simulate({ seed: 7, weather: WEATHERS[name] });
			expect(report.violations).toEqual([]);
			expect(report.convergedMs).toBeLessThanOrEqual(report.boundMs);
		},
		60_000,
	);

	it('ends when it is told that time is up', () => {
		let looks = 0;
		const report = hunt({ isOver: () => ++looks > 40, durationMs: 5_000 });
		expect(report.runs).toBeGreaterThan(0);
		expect(looks).toBeGreaterThan(40);
	}, 60_000);
});

describe('a run', () => {
	it('invariant 10: the same seed gives the same run, byte for byte; another seed another one', () => {
		const [first, second, other] = [11, 11, 12].map((seed) => simulate(drawn(seed)));
		expect(second).toEqual(first);
		expect(other?.stateHash).not.toBe(first?.stateHash);
	});

	it('seed 09: at most five updates in every packet with news, and 1400 bytes in every packet, of 20 drawn runs', () => {
		let [count, largest] = [0, 0];
		const observe = () => ({
			packet: (...[, , bytes]: Parameters<NonNullable<Observer['packet']>>) => {
				count++;
				largest = Math.max(largest, bytes.length);
			},
		});
		for (let seed = 1; seed <= 20; seed++) {
			expect(simulate({ ...drawn(seed), checks: ['packets'], observe }).violations, `seed ${seed}`).toEqual([]);
		}
		expect(count).toBeGreaterThan(10_000);
		expect(largest).toBeGreaterThan(1_000);
		expect(largest).toBeLessThanOrEqual(1_400);
	}, 60_000);

	it('is the same whoever watches', () => {
		const watched = simulate(drawn(5));
		const unwatched = simulate({ ...drawn(5), checks: [] });
		expect(unwatched.stateHash).toBe(watched.stateHash);
	});

	it('is repeated by its case line', () => {
		const options = drawn(9);
		const again = simulate(JSON.parse(caseLine(options)));
		expect(again.stateHash).toBe(simulate(options).stateHash);
	});
});

describe('shrinking', () => {
	it('leaves fewer hosts, faults and seconds, and the same checker still objects', async () => {
		const broken = await mutatedSimulate({
			name: 'a goodbye is taken for a death',
			file: 'membership.ts',
			by: 'goodbyes',
			edits: [['const state = sameBytes(name, from) ? State.left : State.dead;', 'const state = State.dead;']],
			seeds: 1,
		});
		const options = { seed: 3, durationMs: 20_000, weather: { ...WEATHERS.storm, nodes: 12, leaves: 12 } };
		const before = broken(options);
		expect(before.violations.length).toBeGreaterThan(0);
		const { report, tries } = shrink(options, { mostTries: 100 }, broken);
		expect(report.violations.map(({ checker }) => checker)).toContain(before.violations[0]!.checker);
		expect(report.weather.nodes).toBeLessThan(12);
		expect(report.history.length).toBeLessThanOrEqual(2);
		expect(report.durationMs).toBeLessThan(20_000);
		expect(tries).toBeLessThanOrEqual(100);
	}, 60_000);
});
