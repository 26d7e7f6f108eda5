// Configuration: the defaults of the seed, and every refusal with the option, its value and what is allowed.
import { describe, expect, it } from 'vitest';
import { type Config, DEFAULTS, resolveConfig, VSN_PRESETS } from './config.ts';

const RANGES: readonly (readonly [keyof Config, number, number])[] = [
	['protocolPeriodMs', 10, 60_000],
	['ackTimeoutMs', 1, 30_000],
	['indirectProbes', 0, 16],
	['suspicionTimeoutMs', 10, 86_400_000],
	['suspicionMaxTimeoutMult', 1, 100],
	['awarenessMax', 1, 64],
	['beaconIntervalMs', 0, 86_400_000],
	['gossipIntervalMs', 10, 60_000],
	['gossipNodes', 0, 64],
	['retransmitMult', 1, 64],
	['gossipToTheDeadMs', 0, 86_400_000],
	['updatesPerPacket', 1, 126],
	['packetBytes', 1_100, 65_000],
	['pushPullIntervalMs', 100, 86_400_000],
	['streamTimeoutMs', 10, 600_000],
	['reconnectIntervalMs', 10, 86_400_000],
	['tombstoneMs', 0, 30 * 86_400_000],
	['silentTombstoneMs', 0, 30 * 86_400_000],
	['leaveTimeoutMs', 0, 600_000],
];

/** A configuration in which only the option under test can be wrong. */
function withOption(name: keyof Config, value: unknown): Config {
	const base = { name: 'a', protocolPeriodMs: 60_000, ackTimeoutMs: 1 };
	return resolveConfig({ ...base, [name]: value } as Parameters<typeof resolveConfig>[0]);
}

describe('resolveConfig', () => {
	it('has the defaults of the seed', () => {
		expect(resolveConfig({ name: 'a' })).toEqual({ ...DEFAULTS, name: 'a' });
		expect(DEFAULTS).toMatchObject({
			protocolPeriodMs: 200,
			ackTimeoutMs: 100,
			indirectProbes: 3,
			suspicionTimeoutMs: 5_000,
			updatesPerPacket: 5,
			packetBytes: 1_400,
			vsn: VSN_PRESETS.none,
		});
	});

	it('takes what is given, and the default for what is undefined', () => {
		const config = resolveConfig({ name: 'a', gossipNodes: 4, retransmitMult: undefined as unknown as number });
		expect(config.gossipNodes).toBe(4);
		expect(config.retransmitMult).toBe(DEFAULTS.retransmitMult);
	});

	it('fills in limits one by one', () => {
		expect(resolveConfig({ name: 'a', limits: { ...DEFAULTS.limits, members: 7 } }).limits).toEqual({
			...DEFAULTS.limits,
			members: 7,
		});
	});

	it.each(RANGES)('%s is a number from %i to %i', (name, low, high) => {
		for (const bad of [low - 1, high + 1, Number.NaN, Number.POSITIVE_INFINITY, '100', null]) {
			expect(() => withOption(name, bad)).toThrow(
				new RangeError(`${name}: ${String(bad)} is not a number from ${low} to ${high}`),
			);
		}
		expect(withOption(name, low)[name]).toBe(low);
		if (name !== 'ackTimeoutMs') expect(() => withOption(name, high)).not.toThrow();
	});

	it('knows a range for every number', () => {
		const numbers = Object.entries(DEFAULTS).flatMap(([name, value]) => (typeof value === 'number' ? [name] : []));
		expect(RANGES.map(([name]) => name).sort()).toEqual(numbers.sort());
	});

	it('suspicionTimeoutMs alone may be auto', () => {
		expect(withOption('suspicionTimeoutMs', 'auto').suspicionTimeoutMs).toBe('auto');
		expect(() => withOption('tombstoneMs', 'auto')).toThrow('tombstoneMs: auto is not a number from 0 to 2592000000');
	});

	it.each([100, 150])('ackTimeoutMs %i must be below a protocolPeriodMs of 100', (ackTimeoutMs) => {
		expect(() => resolveConfig({ name: 'a', protocolPeriodMs: 100, ackTimeoutMs })).toThrow(
			new RangeError(`ackTimeoutMs: ${ackTimeoutMs} is not below protocolPeriodMs (100)`),
		);
	});

	it.each(['', 'x'.repeat(129), 'é'.repeat(65)])('name %j is refused', (name) => {
		expect(() => resolveConfig({ name })).toThrow(
			new RangeError(`name: ${JSON.stringify(name)} is not 1 to 128 bytes long`),
		);
	});
});
