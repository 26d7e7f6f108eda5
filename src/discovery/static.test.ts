// Tests of static discovery: literals at once, names for ever, and nothing lost to a failed answer.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Address, formatAddress, seededRandom } from '../swim/index.ts';
import type { Discovery } from './discovery.ts';
import { createStaticDiscovery, type Resolve } from './static.ts';

beforeEach(() => {
	vi.useFakeTimers();
});

afterEach(() => {
	vi.useRealTimers();
});

/** A resolver whose answers are set by host; an Error is thrown, and every question is counted. */
function resolver(answers: Record<string, readonly string[] | Error>): Resolve & { asked: Record<string, number> } {
	const asked: Record<string, number> = {};
	const resolve = async (host: string): Promise<readonly string[]> => {
		asked[host] = (asked[host] ?? 0) + 1;
		const answer = answers[host] ?? new Error('unknown host');
		if (answer instanceof Error) throw answer;
		return answer;
	};
	return Object.assign(resolve, { asked });
}

function failure(code: string): Error {
	return Object.assign(new Error(`queryA ${code}`), { code });
}

/** Reads everything that is told, as text, until the stop. */
function reading(discovery: Discovery): { lists: string[]; stop: () => Promise<void> } {
	const abort = new AbortController();
	const lists: string[] = [];
	const text = (list: readonly Address[]): string => list.map(formatAddress).join(' ');
	const done = (async () => {
		for await (const list of discovery.watch(abort.signal)) lists.push(text(list));
	})();
	return {
		lists,
		stop: () => {
			abort.abort();
			return done;
		},
	};
}

function discover(peers: string[], resolve: Resolve): Discovery {
	return createStaticDiscovery({ peers, defaultPort: 7946, resolve, random: seededRandom(1) });
}

describe('seed 15: static discovery', () => {
	it('tells IP literals at once and names when they resolve', async () => {
		let answer: (hosts: string[]) => void = () => undefined;
		const discovery = discover(
			['slow.example', '10.0.0.1', '[fd00::1]:7000'],
			() => new Promise((resolve) => (answer = resolve)),
		);
		const reader = reading(discovery);
		await vi.advanceTimersByTimeAsync(0);
		expect(reader.lists).toEqual(['10.0.0.1:7946 [fd00::1]:7000']);
		answer(['10.0.0.9', '10.0.0.8', 'fd00::8']);
		await vi.advanceTimersByTimeAsync(0);
		expect(reader.lists[1]).toBe('10.0.0.8:7946 10.0.0.9:7946 [fd00::8]:7946 10.0.0.1:7946 [fd00::1]:7000');
		await reader.stop();
	});

	it('resolves again for ever, and tells only changes', async () => {
		const answers: Record<string, string[]> = { a: ['10.0.0.1', '10.0.0.2'] };
		const resolve = resolver(answers);
		const reader = reading(discover(['a:1'], resolve));
		await vi.advanceTimersByTimeAsync(100_000);
		answers.a = ['10.0.0.2', '10.0.0.1'];
		await vi.advanceTimersByTimeAsync(40_000);
		expect(resolve.asked.a).toBeGreaterThanOrEqual(4);
		expect(reader.lists).toEqual(['10.0.0.1:1 10.0.0.2:1']);
		answers.a = ['10.0.0.3'];
		await vi.advanceTimersByTimeAsync(40_000);
		expect(reader.lists).toEqual(['10.0.0.1:1 10.0.0.2:1', '10.0.0.3:1']);
		await reader.stop();
	});

	it('keeps the last good addresses through failed and empty answers, and counts them', async () => {
		const answers: Record<string, string[] | Error> = { a: ['10.0.0.1'] };
		const discovery = discover(['a'], resolver(answers));
		const reader = reading(discovery);
		await vi.advanceTimersByTimeAsync(0);
		const answeredAtMs = discovery.health.answeredAtMs;
		expect(answeredAtMs).toBeTypeOf('number');
		answers.a = failure('ENOTFOUND');
		await vi.advanceTimersByTimeAsync(40_000);
		expect(discovery.health).toMatchObject({
			problem: { code: 'unresolved', text: 'a does not exist (ENOTFOUND); ask with: getent ahosts a' },
			answeredAtMs,
			addresses: [{ host: '10.0.0.1', port: 7946 }],
		});
		answers.a = [];
		await vi.advanceTimersByTimeAsync(40_000);
		expect(discovery.health).toMatchObject({
			problem: { code: 'no-record' },
			addresses: [{ host: '10.0.0.1', port: 7946 }],
		});
		expect(discovery.health.errors).toBeGreaterThan(1);
		answers.a = ['10.0.0.1'];
		await vi.advanceTimersByTimeAsync(40_000);
		expect(discovery.health.problem).toBeUndefined();
		expect(reader.lists).toEqual(['10.0.0.1:7946']);
		await reader.stop();
	});

	it('retries a name that does not resolve after 0.5 s, then more and more rarely, up to 30 s', async () => {
		const resolve = resolver({});
		const reader = reading(discover(['gone'], resolve));
		await vi.advanceTimersByTimeAsync(1_000);
		expect(resolve.asked.gone).toBe(2);
		await vi.advanceTimersByTimeAsync(60_000);
		const soon = resolve.asked.gone as number;
		expect(soon).toBeGreaterThanOrEqual(6);
		expect(soon).toBeLessThanOrEqual(9);
		await vi.advanceTimersByTimeAsync(300_000);
		expect((resolve.asked.gone as number) - soon).toBeGreaterThanOrEqual(8);
		expect((resolve.asked.gone as number) - soon).toBeLessThanOrEqual(13);
		expect(reader.lists).toEqual([]);
		await reader.stop();
	});

	it('one dead name does not hold up the others', async () => {
		const reader = reading(discover(['gone', 'here', '10.0.0.1'], resolver({ here: ['10.0.0.2'] })));
		await vi.advanceTimersByTimeAsync(0);
		expect(reader.lists.at(-1)).toBe('10.0.0.2:7946 10.0.0.1:7946');
		await reader.stop();
	});

	it('tells an address once that several entries mean', async () => {
		const reader = reading(discover(['a', '10.0.0.1:7946', '10.0.0.1'], resolver({ a: ['10.0.0.1'] })));
		await vi.advanceTimersByTimeAsync(0);
		expect(reader.lists).toEqual(['10.0.0.1:7946']);
		await reader.stop();
	});

	it('ends on abort even while a name hangs, and leaves no timer', async () => {
		const reader = reading(
			discover(['hangs', 'a'], (host) => (host === 'a' ? Promise.resolve(['10.0.0.1']) : new Promise(() => undefined))),
		);
		await vi.advanceTimersByTimeAsync(0);
		await reader.stop();
		expect(vi.getTimerCount()).toBe(0);
	});

	it('stops resolving when the reader stops reading', async () => {
		const resolve = resolver({ a: ['10.0.0.1'] });
		for await (const list of discover(['a'], resolve).watch(new AbortController().signal)) {
			expect(list).toHaveLength(1);
			break;
		}
		await vi.advanceTimersByTimeAsync(120_000);
		expect(resolve.asked.a).toBe(1);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('refuses an entry that is no peer', () => {
		expect(() => discover(['fine:1', 'host:99999'], resolver({}))).toThrow(/peer "host:99999": the port/);
	});

	it('resolves localhost by the operating system', async () => {
		vi.useRealTimers();
		const discovery = createStaticDiscovery({ peers: ['localhost:7946'], defaultPort: 1 });
		for await (const list of discovery.watch(AbortSignal.timeout(10_000))) {
			expect(list.map((each) => each.port)).toEqual(list.map(() => 7946));
			expect(list.map((each) => each.host).some((host) => host === '127.0.0.1' || host === '::1')).toBe(true);
			break;
		}
		expect(discovery.health).toMatchObject({ provider: 'static', errors: 0, problem: undefined });
	});
});
