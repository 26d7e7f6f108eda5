// The report of a run: one file, nothing from elsewhere, every figure and name in it, and nothing that names could break.

import { describe, expect, it } from 'vitest';
import { Cluster } from '../cluster.ts';
import type { SimReport } from '../simulate.ts';
import { Statistics } from '../statistics.ts';
import { summarize } from '../summary.ts';
import { WEATHERS } from '../weather.ts';
import { simReportHtml } from './sim-report.ts';
import { linear, stepArea, stepPath, ticks, timeTicks } from './svg.ts';

function reportOf(crashed: readonly number[], changes: Partial<SimReport> = {}) {
	const cluster = new Cluster({ seed: 3 });
	const statistics = new Statistics(cluster);
	cluster.observe(statistics);
	const hosts = Array.from({ length: 8 }, (_, i) => cluster.add(`<n${i}>&`));
	for (const host of hosts.slice(1)) cluster.discover(host, [hosts[0]!]);
	cluster.run(5_000);
	for (const index of crashed) cluster.kill(hosts[index]!);
	cluster.run(15_000);
	const report: SimReport = {
		seed: 3,
		durationMs: 17_000,
		weather: { ...WEATHERS.calm, nodes: 8 },
		history: crashed.map((index) => ({ type: 'crash', at: 5_000, host: `<n${index}>&` })),
		stateHash: cluster.hash.text,
		violations: [],
		checks: [{ name: 'verdicts', invariant: 3, violations: 0 }],
		falseDeaths: 0,
		falseSuspicions: 0,
		promisesNoFalseDeath: true,
		convergedMs: 0,
		boundMs: 12_000,
		simulatedMs: cluster.now,
		packets: cluster.packets,
		complete: true,
		...changes,
	};
	const measured = statistics.finish();
	const summary = summarize(report, measured);
	return simReportHtml({ report, statistics: measured, summary, drew: 'calm', command: 'longbow-mesh sim --seed 3' });
}

describe('the report', () => {
	const html = reportOf([3, 5]);

	it('is one file: no script, and no address of anything', () => {
		expect(html).not.toMatch(/<script|<link|<img|@import|https?:|\bsrc=|href=/i);
		expect(html).toContain('prefers-color-scheme:dark');
	});

	it('is well formed: every element ends, names and texts are escaped', () => {
		const open: string[] = [];
		for (const [, slash, name, rest] of html.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>/g)) {
			if (['meta', 'html'].includes(name!) || rest!.endsWith('/')) continue;
			if (slash) expect(open.pop()).toBe(name);
			else open.push(name!);
		}
		expect(open).toEqual([]);
		expect(html).not.toContain('<n3>');
		expect(html).toContain('&#60;n3&#62;&#38;');
	});

	it('says the verdict, the seed, the hash and how to run it again', () => {
		for (const part of ['<h1>8 nodes behaved.</h1>', 'seed 3', 'longbow-mesh sim --seed 3', 'state hash']) {
			expect(html).toContain(part);
		}
	});

	it('draws a lane for those who were doubted, and for nobody else', () => {
		expect(html.match(/class="name"[^>]*>&#60;n\d/g)).toHaveLength(2);
		expect(html).toContain('class="cell dead"');
	});

	it('says so when there is nothing to draw', () => {
		const quiet = reportOf([]);
		expect(quiet).toContain('No view ever doubted a member.');
		expect(quiet).toContain('Nothing to measure.');
		expect(quiet).not.toMatch(/NaN|undefined|Infinity/);
	});

	it('begins with what was broken', () => {
		const violation = {
			checker: 'verdicts',
			invariant: 3,
			at: 252_080,
			hosts: ['a'],
			text: 'a <lied>',
			evidence: ['4.1s a'],
		};
		const broken = reportOf([], { violations: [violation] });
		expect(broken).toContain('<h1 class="bad">Invariant 3 broken at 4m12.080s: a &#60;lied&#62;.</h1>');
		expect(broken).toContain('<pre>4.1s a</pre>');
	});
});

describe('ticks', () => {
	it.each([
		[100, 4, [0, 50, 100]],
		[47, 4, [0, 20, 40, 60]],
		[0.3, 3, [0, 0.1, 0.2, 0.3]],
		[1, 2, [0, 0.5, 1]],
	])('to %s', (largest, about, expected) => {
		expect(ticks(largest, about)).toEqual(expected);
	});

	it.each([
		[180_000, [0, 30_000, 60_000, 90_000, 120_000, 150_000, 180_000]],
		[2_600, [0, 500, 1_000, 1_500, 2_000, 2_500]],
	])('of time to %s', (largest, expected) => {
		expect(timeTicks(largest)).toEqual(expected);
	});
});

describe('stepped shapes', () => {
	const x = (bin: number): number => bin * 10;
	const y = linear(0, 10, 100, 0);

	it('hold each value over its bin and leave out what does not change', () => {
		expect(stepPath([1, 1, 4], x, y)).toBe('M0,90H20V60H30');
		expect(stepPath([], x, y)).toBe('');
	});

	it('go back below', () => {
		expect(stepArea([5, 5], [0, 2], x, y)).toBe('M0,50H20V80H10V100H0Z');
	});
});
