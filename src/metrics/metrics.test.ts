// The page: the seed's three metrics exactly, every series from the start, and Prometheus' own linter.

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { testMember, testSource } from '../../test/support/status-source.ts';
import { RTT_BOUNDS_MS, STATE_CHANGES } from '../swim/index.ts';
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

	it('tells packets and bytes by direction and by what they are for', async () => {
		const source = testSource();
		source.counters.traffic.sync.bytesReceived = 1_390;
		const page = await lines(source);
		expect(page).toContain('gossip_packet_bytes_total{direction="received",type="sync"} 1390');
		expect(page).toContain('gossip_packets_total{direction="sent",type="probe"} 0');
	});

	it('adds the classes of round trips up, as Prometheus wants its buckets', async () => {
		const source = testSource();
		source.counters.rtt.classes[1] = 3;
		source.counters.rtt.classes[2] = 4;
		source.counters.rtt.classes[RTT_BOUNDS_MS.length] = 1;
		source.counters.rtt.sumMs = 5_500;
		const page = await lines(source);
		expect(page).toContain('gossip_probe_rtt_seconds_bucket{le="0.0005"} 3');
		expect(page).toContain('gossip_probe_rtt_seconds_bucket{le="0.001"} 7');
		expect(page).toContain('gossip_probe_rtt_seconds_bucket{le="2.5"} 7');
		expect(page).toContain('gossip_probe_rtt_seconds_bucket{le="+Inf"} 8');
		expect(page).toContain('gossip_probe_rtt_seconds_sum 5.5');
		expect(page).toContain('gossip_probe_rtt_seconds_count 8');
	});

	it('tells the ages of beacons, accusations and bytes on streams', async () => {
		const source = testSource();
		source.counters.propagation.classes[3] = 2;
		source.counters.propagation.sumMs = 90;
		source.counters.accusations = 4;
		source.counters.streamBytesReceived = 1_500;
		const page = await lines(source);
		expect(page).toContain('gossip_propagation_seconds_bucket{le="0.025"} 0');
		expect(page).toContain('gossip_propagation_seconds_bucket{le="0.05"} 2');
		expect(page).toContain('gossip_propagation_seconds_sum 0.09');
		expect(page).toContain('gossip_accusations_total 4');
		expect(page).toContain('gossip_stream_bytes_total{direction="received"} 1500');
	});

	it('counts changes of the ring, not events', async () => {
		const source = testSource();
		let fingerprint = 'c41f08d2c41f08d2';
		const ring = { ...source.ring };
		Object.defineProperty(ring, 'fingerprint', { get: () => fingerprint });
		Object.defineProperty(source, 'ring', { get: () => ring });
		const metrics = createMetrics(source);
		const event = { type: 'leaving', seq: 1, at: 0 } as const;
		source.emit(event);
		fingerprint = '0000000000000000';
		source.emit(event);
		source.emit(event);
		expect((await metrics.page()).split('\n')).toContain('gossip_ring_fingerprint_changes_total 1');
		metrics.close();
		fingerprint = 'ffffffffffffffff';
		source.emit(event);
		expect((await metrics.page()).split('\n')).toContain('gossip_ring_fingerprint_changes_total 1');
	});

	it('tells of discovery and of the event loop what it is given', async () => {
		const addresses = [{ host: '10.0.0.2', port: 7946 }];
		const health = { provider: 'dns', addresses, answeredAtMs: 1, errors: 2, problem: undefined };
		const loop = { p99Ms: 3, maxMs: 1_900 };
		const page = await createMetrics(testSource(), { discovery: () => [health], loop: () => loop }).page();
		expect(page).toContain('gossip_discovery_addresses{provider="dns"} 1\n');
		expect(page).toContain('gossip_discovery_errors_total{provider="dns"} 2\n');
		expect(page).toContain('gossip_event_loop_delay_seconds{stat="p99"} 0.003\n');
		expect(page).toContain('gossip_event_loop_delay_seconds{stat="max"} 1.9\n');
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
		const health = { provider: 'dns', addresses: [], answeredAtMs: 1, errors: 2, problem: undefined };
		const options = { discovery: () => [health], loop: () => ({ p99Ms: 1, maxMs: 2 }) };
		const page = await createMetrics(testSource(), options).page();
		const judge = spawnSync('promtool', ['check', 'metrics'], { input: page, encoding: 'utf8' });
		if (judge.error && process.env.CI !== 'true') {
			console.warn('NOT CHECKED: promtool is not installed (Debian package "prometheus")');
			skip('promtool is missing');
		}
		expect(judge.error).toBeUndefined();
		expect({ status: judge.status, said: judge.stdout + judge.stderr }).toEqual({ status: 0, said: '' });
	});
});
