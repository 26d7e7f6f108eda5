// Partitions of any length heal by themselves within two reconnect intervals, and nothing is lost (X2 to X5, X11).
import { describe, expect, it } from 'vitest';
import { type HealOutcome, type PartitionOptions, partitionAndHeal } from '../../bench/support/partition.ts';
import { DEFAULTS } from '../../src/swim/index.ts';
import { type Host, World } from '../support/world.ts';

const PATIENCE_MS = 120_000;

/** Both sides go on living: tags, a join, a goodbye and a crash on each. */
function heal(options: Partial<PartitionOptions> & Pick<PartitionOptions, 'seed' | 'lastsMs'>): HealOutcome {
	return partitionAndHeal({ nodes: 100, minority: 50, streams: false, ...options });
}

function expectWhole(outcome: HealOutcome, intervals = 2, intervalMs: number = DEFAULTS.reconnectIntervalMs): void {
	expect(outcome).toMatchObject({ lost: [], deathsBefore: [], disturbances: 0 });
	expect(outcome.tookMs).toBeLessThanOrEqual(intervals * intervalMs);
}

/** Where few are apart, one address in three of the book is a crashed host's, and a turn may be spent on it. */
const FEW_INTERVALS = 4;

describe('seed 25: split brain heals by itself within two reconnect intervals: views, digests and rings', () => {
	// Seeds 3, 7 and 17 of a second are those in which suspicions that nobody else knew of once outlived the cut for long.
	it.each([
		[1, 50, false],
		[3, 10, false],
		[7, 10, false],
		[17, 10, true],
	])(
		'100 members, cut for a second, world %i: %i on one side, streams %s',
		(seed, minority, streams) => {
			expectWhole(heal({ seed, minority, streams, lastsMs: 1_000 }));
		},
		PATIENCE_MS,
	);

	// World 2 is the one in which a crash was unknown to a last view for long; in 43 a seed has crashed, which all once tried first.
	it.each([
		[1, 50, true],
		[2, 10, true],
		[43, 10, false],
	])(
		'100 members, cut for a minute, world %i: %i on one side, streams %s',
		(seed, minority, streams) => {
			expectWhole(heal({ seed, minority, streams, lastsMs: 60_000 }));
		},
		PATIENCE_MS,
	);

	it.each([
		[1, 6],
		[2, 3],
	])(
		'12 members, cut for an hour, longer than the dead are shown, world %i: %i on one side',
		(seed, minority) => {
			expectWhole(heal({ seed, nodes: 12, minority, lastsMs: 3_600_000 + 60_000 }), FEW_INTERVALS);
		},
		PATIENCE_MS,
	);

	it(
		'8 members, cut for 30 days, all times of the protocol scaled to a period of a minute',
		() => {
			const timesScale = 300;
			const outcome = heal({ seed: 1, nodes: 8, minority: 3, lastsMs: 30 * 86_400_000, timesScale });
			expectWhole(outcome, FEW_INTERVALS, timesScale * DEFAULTS.reconnectIntervalMs);
		},
		PATIENCE_MS,
	);

	it(
		'100 members, cut for a minute in bad weather: every tenth packet lost until the heal',
		() => {
			const { lost, disturbances } = heal({ seed: 1, lastsMs: 60_000, loss: 0.1 });
			expect({ lost, disturbances }).toEqual({ lost: [], disturbances: 0 });
		},
		PATIENCE_MS,
	);
});

describe('decision 011: a member that its own half suspects at the moment of the heal', () => {
	// Of such heals 3 in 20 by packets alone, and 4 in 20 with streams, once gave a half that held it suspect the other's death.
	it.each([
		[1_500, false],
		[1_000, true],
	])(
		'is dead to nobody of its half: cut off for %i ms before, streams %s, 20 worlds',
		(aloneMs, streams) => {
			for (let seed = 1; seed <= 20; seed++) {
				const world = new World({ streams, seed });
				const hosts = world.cluster(10);
				world.until(() => world.complete, 5_000, 'complete views');
				world.run(2_000);
				const isLeft = (name: string): boolean => Number(name.slice(1)) < 5;
				const cut = (from: string, to: string): boolean => isLeft(from) === isLeft(to);
				world.passes = cut;
				const dead = (host: Host): number => host.machine.members().filter(({ state }) => state === 'dead').length;
				world.until(() => hosts.every((host) => dead(host) === 5), 60_000, 'each half is dead to the other');
				world.run(seed * 137);
				world.passes = (from, to) => cut(from, to) && from !== 'n9' && to !== 'n9';
				world.run(aloneMs);
				const half = hosts.slice(5, 9);
				const heard = half.map(({ events }) => events.length);
				world.passes = () => true;
				world.until(() => world.complete, 2 * DEFAULTS.reconnectIntervalMs, 'whole again');
				const since = half.flatMap(({ events }, i) => events.slice(heard[i]));
				expect(since.filter((event) => event.type === 'state' && event.to === 'dead')).toEqual([]);
			}
		},
		60_000,
	);
});
