// What the check `timing` concludes from round trips and suspicions, and which values it proposes.

import { describe, expect, it } from 'vitest';
import { loadConfig, OPTIONS } from '../../../config/index.ts';
import { judgeTiming, type Timing } from './timing.ts';

const DEFAULTS = { ackTimeoutMs: 100, protocolPeriodMs: 200, suspicionTimeoutMs: 5_000 };

function timing(rttMs: number, fields: Partial<Timing> = {}): Timing {
	return { rttsMs: [rttMs, rttMs], suspicions: 0, refuted: 0, lost: 0, ...fields };
}

describe('seed 24: timing', () => {
	it('seed 24: a fast network passes', () => {
		expect(judgeTiming(timing(6.2, { lost: 0.007 }), DEFAULTS)).toMatchObject({
			result: 'pass',
			text: 'rtt p99 6.2ms against ackTimeout 100ms; lost 0.7%',
		});
	});

	it("seed 24: a round trip of 140ms gives the seed's own values", () => {
		const found = judgeTiming(timing(140, { suspicions: 31, refuted: 31 }), DEFAULTS);
		expect(found.result).toBe('warn');
		expect(found.text).toBe('rtt p99 140ms is above ackTimeout 100ms; 31 suspicions in 10m, all refuted');
		expect(found.try?.[0]).toBe(
			'LONGBOW_GOSSIP_ACK_TIMEOUT=200ms LONGBOW_GOSSIP_PROTOCOL_PERIOD=400ms LONGBOW_GOSSIP_SUSPICION_TIMEOUT=10s on every member (from what was measured here)',
		);
		expect(found.try?.[1]).toContain('longbow-mesh sim --rtt 140ms --ack-timeout 200ms --period 400ms');
	});

	it.each([71, 99, 140, 333, 900, 2_500])('proposes values for %d ms that the configuration accepts', (rttMs) => {
		const [settings = ''] = judgeTiming(timing(rttMs), DEFAULTS).try ?? [];
		const pairs = settings
			.split(' on every')[0]!
			.split(' ')
			.map((pair) => pair.split('=') as [string, string]);
		const { config, warnings } = loadConfig({ env: Object.fromEntries(pairs), hostName: 'h' });
		expect(warnings).toEqual([]);
		expect(config.gossip.ackTimeout).toBeGreaterThanOrEqual(1.4 * rttMs);
		expect(pairs.every(([name]) => Object.values(OPTIONS).some(({ env }) => env === name))).toBe(true);
	});

	it('near the timeout is too near, and what is long enough is not touched', () => {
		const found = judgeTiming(timing(75), { ...DEFAULTS, protocolPeriodMs: 1_000, suspicionTimeoutMs: 60_000 });
		expect(found.text).toContain('is close to ackTimeout 100ms');
		expect(found.try?.[0]).toMatch(/^LONGBOW_GOSSIP_ACK_TIMEOUT=150ms on every member/);
	});

	it('leaves a suspicion alone that scales with the mesh', () => {
		const [settings] = judgeTiming(timing(140), { ...DEFAULTS, suspicionTimeoutMs: 'auto' }).try ?? [];
		expect(settings).not.toContain('SUSPICION');
	});

	it('seed 24: suspicions that were all wrong in a fast network are not the network’s delay', () => {
		const found = judgeTiming(timing(2, { suspicions: 4, refuted: 4 }), DEFAULTS);
		expect(found.result).toBe('warn');
		expect(found.text).toBe('rtt p99 2.0ms is well below ackTimeout 100ms, but 4 suspicions in 10m, all refuted');
		expect(found.try?.join()).toContain('LONGBOW_GOSSIP_SUSPICION_TIMEOUT=10s');
		expect(judgeTiming(timing(2, { suspicions: 2, refuted: 1 }), DEFAULTS).result).toBe('pass');
	});
});
