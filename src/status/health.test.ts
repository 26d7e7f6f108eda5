// How the node itself is doing: averages since its start, quantiles out of classes.

import { describe, expect, it } from 'vitest';
import { testMember, testSource } from '../../test/support/status-source.ts';
import { RTT_BOUNDS_MS } from '../swim/index.ts';
import { healthWord, nodeHealth, rttQuantile } from './health.ts';

describe('nodeHealth', () => {
	it('averages over the life of the node', () => {
		const source = testSource([testMember('a', { changedAt: 90_000 })]);
		source.health = 2;
		source.counters.probes = 50;
		Object.assign(source.counters.probeAnswers, { direct: 45, helper: 3, none: 2 });
		source.counters.traffic.probe.bytesSent = 3_000;
		source.counters.traffic.sync.bytesSent = 1_000;
		source.counters.traffic.gossip.packetsReceived = 20;
		source.counters.rejected['bad-crc'] = 2;
		source.counters.rejected['bad-label'] = 1;
		expect(nodeHealth(source)).toMatchObject({
			score: 2,
			worst: 7,
			word: 'Fair',
			upMs: 10_000,
			probes: { begun: 50, perS: 5, p50Ms: null, p99Ms: null, lost: 0.04 },
			traffic: { sentBytesPerS: 400, receivedBytesPerS: 0, sentPacketsPerS: 0, receivedPacketsPerS: 2 },
			rejected: 3,
			queue: { updates: 0, oldestMs: 0 },
		});
	});

	it('has words for its score', () => {
		expect([0, 1, 2, 3, 7].map(healthWord)).toEqual(['Good', 'Fair', 'Fair', 'Poor', 'Poor']);
	});
});

describe('rttQuantile', () => {
	it('lies within its class', () => {
		const classes = new Uint32Array(RTT_BOUNDS_MS.length + 1);
		classes[2] = 10;
		expect(rttQuantile({ rtt: { classes, sumMs: 0 } }, 0.5)).toBe(0.75);
		classes[5] = 10;
		expect(rttQuantile({ rtt: { classes, sumMs: 0 } }, 0.5)).toBe(1);
		expect(rttQuantile({ rtt: { classes, sumMs: 0 } }, 0.75)).toBe(7.5);
		classes[RTT_BOUNDS_MS.length] = 80;
		expect(rttQuantile({ rtt: { classes, sumMs: 0 } }, 0.99)).toBe(2_500);
	});
});
