// The page: the seed's three metrics exactly, every series from the start, and Prometheus' own linter.

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { testMember, testSource } from '../../test/support/status-source.ts';
import { STATE_CHANGES } from '../swim/index.ts';
import { createMetrics, METRICS } from './index.ts';

async function lines(source = testSource()): Promise<string[]> {
	return (await createMetrics(source).page()).split('\n');
}

describe('createMetrics', () => {
	it('seed 17: gossip_active_members counts alive and suspect members, self included', async () => {
		const source = testSource([
			testMember('a'),
			testMember('b', { state: 'suspect' }),
			testMember('c', { state: 'dead' }),
			testMember('d', { state: 'left' }),
		]);
		expect(await lines(source)).toContain('gossip_active_members 2');
	});

	it('seed 18: gossip_pings_total tells sent from received', async () => {
		const source = testSource();
		source.counters.pingsSent = 12;
		source.counters.pingsReceived = 34;
		const page = await lines(source);
		expect(page).toContain('gossip_pings_total{direction="sent"} 12');
		expect(page).toContain('gossip_pings_total{direction="received"} 34');
	});

	it('seed 19: gossip_member_state_changes_total has every legal step at 0 from the start', async () => {
		const page = await lines();
		for (const [from, to] of STATE_CHANGES) {
			expect(page).toContain(`gossip_member_state_changes_total{from="${from}",to="${to}"} 0`);
		}
		const series = page.filter((line) => line.startsWith('gossip_member_state_changes_total{'));
		expect(series).toHaveLength(STATE_CHANGES.length);
	});

	it('seed 19: counts alive to suspect and suspect to dead', async () => {
		const source = testSource();
		source.counters.stateChanges['alive>suspect'] = 3;
		source.counters.stateChanges['suspect>dead'] = 1;
		const page = await lines(source);
		expect(page).toContain('gossip_member_state_changes_total{from="alive",to="suspect"} 3');
		expect(page).toContain('gossip_member_state_changes_total{from="suspect",to="dead"} 1');
	});

	it('reads at scrape time and adds nothing up', async () => {
		const source = testSource();
		const metrics = createMetrics(source);
		for (const total of [5, 6, 6]) {
			source.counters.probes = total;
			expect((await metrics.page()).split('\n')).toContain(`gossip_probes_total ${total}`);
		}
	});

	it('gives two scrapes at once the same page', async () => {
		const metrics = createMetrics(testSource());
		const [one, two] = await Promise.all([metrics.page(), metrics.page()]);
		expect(one).toBe(two);
	});

	it('keeps two nodes of one process apart', async () => {
		const [one, two] = [testSource(), testSource()];
		one.health = 1;
		two.health = 7;
		expect(await lines(one)).toContain('gossip_health_score 1');
		expect(await lines(two)).toContain('gossip_health_score 7');
	});

	it('counts refused input by reason, all reasons from the start', async () => {
		const source = testSource();
		source.counters.rejected['bad-label'] = 412;
		const page = await lines(source);
		expect(page).toContain('gossip_rejected_total{reason="bad-label"} 412');
		expect(page).toContain('gossip_rejected_total{reason="bad-crc"} 0');
	});

	it('names every metric once, under the prefix, with a help text', () => {
		const names = METRICS.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		for (const { name, help } of METRICS) {
			expect(name).toMatch(/^gossip_[a-z_]+$/);
			expect(help).toMatch(/^[A-Z].*\.$/);
		}
	});

	it('satisfies promtool check metrics', async ({ skip }) => {
		const page = await createMetrics(testSource()).page();
		const judge = spawnSync('promtool', ['check', 'metrics'], { input: page, encoding: 'utf8' });
		if (judge.error && process.env.CI !== 'true') {
			console.warn('NOT CHECKED: promtool is not installed (Debian package "prometheus")');
			skip('promtool is missing');
		}
		expect(judge.error).toBeUndefined();
		expect({ status: judge.status, said: judge.stdout + judge.stderr }).toEqual({ status: 0, said: '' });
	});
});
