// How long a suspect has (Lifeguard §IV-B, X7), against the numbers of memberlist's own functions.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Config, resolveConfig } from './config.ts';
import { confirmationsNeeded, Suspicion, suspicionMinMs, suspicionTimeoutMs } from './suspicion.ts';

interface Formulas {
	readonly suspicion: readonly {
		confirmations: number;
		k: number;
		max_ms: number;
		min_ms: number;
		timeout_ms: number;
	}[];
	readonly scaling: readonly { n: number; suspicionMin_ms_mult4_1s: number }[];
}
const formulas: Formulas = JSON.parse(
	readFileSync(new URL('../../test/golden/vectors/formulas.json', import.meta.url), 'utf8'),
);

const config: Config = resolveConfig({ name: 'a' });

describe('Lifeguard §IV-B: the timeout shrinks along a logarithm with each confirmation', () => {
	it.each(formulas.suspicion)(
		'$confirmations of $k confirmations between $min_ms and $max_ms ms: $timeout_ms ms',
		({ confirmations, k, min_ms, max_ms, timeout_ms }) => {
			expect(suspicionTimeoutMs(confirmations, k, min_ms, max_ms)).toBe(timeout_ms);
		},
	);

	it('without anybody to confirm it is the minimum at once', () => {
		expect(suspicionTimeoutMs(0, 0, 5_000, 30_000)).toBe(5_000);
	});

	it('never falls below the minimum', () => {
		expect(suspicionTimeoutMs(9, 2, 5_000, 30_000)).toBe(5_000);
	});
});

describe('X7: suspicionTimeout auto is the formula of memberlist with multiplier 4', () => {
	it.each(formulas.scaling)(
		'at $n members and 1 s: $suspicionMin_ms_mult4_1s ms',
		({ n, suspicionMin_ms_mult4_1s }) => {
			const auto = resolveConfig({ name: 'a', protocolPeriodMs: 1_000, suspicionTimeoutMs: 'auto' });
			expect(suspicionMinMs(auto, n)).toBeCloseTo(suspicionMin_ms_mult4_1s, 6);
		},
	);

	it('a number is taken as it is, whatever the size of the cluster', () => {
		for (const n of [1, 10, 10_000]) expect(suspicionMinMs(config, n)).toBe(5_000);
	});
});

describe('X7: who suspects alone waits longer, where there are enough to confirm', () => {
	it.each([
		{ n: 2, needed: 0, timeouts: [5_000] },
		{ n: 3, needed: 0, timeouts: [5_000] },
		{ n: 4, needed: 2, timeouts: [30_000, 14_226, 5_000] },
		{ n: 5, needed: 2, timeouts: [30_000, 14_226, 5_000] },
		{ n: 10, needed: 2, timeouts: [30_000, 14_226, 5_000] },
		{ n: 100, needed: 2, timeouts: [30_000, 14_226, 5_000] },
	])('of $n members $needed must confirm: $timeouts ms', ({ n, needed, timeouts }) => {
		expect(confirmationsNeeded(n)).toBe(needed);
		const suspicion = new Suspicion(7, 'first', 1_000, n, config);
		const deadlines = [suspicion.deadAt];
		for (let i = 0; i < needed; i++) {
			expect(suspicion.confirm(`other-${i}`)).toBe(true);
			deadlines.push(suspicion.deadAt);
		}
		expect(deadlines).toEqual(timeouts.map((ms) => 1_000 + ms));
	});
});

describe('a running suspicion', () => {
	it('counts each accuser once, the first one too, and no more than it needs', () => {
		const suspicion = new Suspicion(7, 'first', 0, 10, config);
		expect(suspicion.confirm('first')).toBe(false);
		expect(suspicion.confirm('second')).toBe(true);
		expect(suspicion.confirm('second')).toBe(false);
		expect(suspicion.confirm('third')).toBe(true);
		expect(suspicion.confirm('fourth')).toBe(false);
		expect(suspicion.accusers).toEqual(['first', 'second', 'third']);
		expect(suspicion.deadAt).toBe(5_000);
	});

	it('reminds the accused as long as few have confirmed, each time after what a confirmed suspicion waits', () => {
		const suspicion = new Suspicion(7, 'first', 1_000, 10, config);
		expect(suspicion.nextAt).toBe(6_000);
		suspicion.reminded(6_000);
		expect(suspicion.nextAt).toBe(11_000);
		suspicion.confirm('second');
		suspicion.confirm('third');
		expect(suspicion.nextAt).toBe(suspicion.deadAt - 2 * config.ackTimeoutMs);
	});

	it('X16: asks twice for a last word before the verdict, an ack timeout apart', () => {
		const suspicion = new Suspicion(7, 'first', 1_000, 2, config);
		expect(suspicion.isLastWordDue(5_799)).toBe(false);
		expect(suspicion.nextAt).toBe(5_800);
		suspicion.askedForLastWord(5_800);
		expect(suspicion.isLastWordDue(5_800)).toBe(false);
		expect([suspicion.nextAt, suspicion.deadAt]).toEqual([5_900, 6_000]);
		suspicion.askedForLastWord(5_900);
		expect([suspicion.nextAt, suspicion.deadAt]).toEqual([6_000, 6_000]);
	});

	it('X16: a verdict that confirmations hasten still waits for the last word', () => {
		const suspicion = new Suspicion(7, 'first', 0, 10, config);
		suspicion.confirm('second');
		suspicion.confirm('third');
		expect(suspicion.isLastWordDue(20_000)).toBe(true);
		suspicion.askedForLastWord(20_000);
		expect(suspicion.deadAt).toBe(20_000 + 2 * config.ackTimeoutMs);
	});

	it('waits anew when it is renewed, with the accusers that it has', () => {
		const suspicion = new Suspicion(7, 'first', 1_000, 10, config);
		suspicion.renew(4_000);
		expect(suspicion.accusers).toEqual(['first']);
		expect([suspicion.nextAt, suspicion.deadAt]).toEqual([9_000, 34_000]);
	});

	it('takes no confirmation where none is needed', () => {
		const suspicion = new Suspicion(7, 'first', 0, 2, config);
		expect(suspicion.confirm('second')).toBe(false);
		expect(suspicion.deadAt).toBe(5_000);
	});

	it('waits as much longer as it was begun later (X9)', () => {
		const suspicion = new Suspicion(7, 'first', 0, 2, config);
		suspicion.startedAt += 300;
		expect(suspicion.deadAt).toBe(5_300);
	});
});
