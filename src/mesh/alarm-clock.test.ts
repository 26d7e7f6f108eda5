// The alarm clock of a process: each alarm at its time, those of one moment together, and one timer of Node for all.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Alarm, AlarmClock } from './alarm-clock.ts';

let start = 0;

beforeEach(() => {
	vi.useFakeTimers();
	start = performance.now();
});

afterEach(() => {
	vi.useRealTimers();
});

/** Alarms that note when they rang, in milliseconds from the start. */
function alarms(count: number) {
	const clock = new AlarmClock({ now: () => performance.now() });
	const rang: [alarm: number, at: number][] = [];
	const all = Array.from(
		{ length: count },
		(_, i) => new Alarm(clock, () => rang.push([i, performance.now() - start])),
	);
	return { all, rang };
}

it('rings each alarm once, in the order of their instants, with one timer of Node', () => {
	const { all, rang } = alarms(100);
	const order = all.map((_, i) => (i * 37) % 100);
	for (const i of order) all[i]?.set(start + 10 + 20 * i);
	expect(vi.getTimerCount()).toBe(1);
	vi.advanceTimersByTime(10_000);
	expect(rang.map(([alarm]) => alarm)).toEqual(all.map((_, i) => i));
	for (const [alarm, at] of rang) expect(at).toBeGreaterThanOrEqual(10 + 20 * alarm);
	expect(vi.getTimerCount()).toBe(0);
});

it('rings alarms of one moment together, none of them early', () => {
	const { all, rang } = alarms(4);
	for (const i of [3, 2, 1, 0]) all[i]?.set(start + 10 + i);
	vi.advanceTimersByTime(11);
	expect(rang).toEqual([]);
	vi.advanceTimersByTime(1);
	expect(rang).toEqual([0, 1, 2].map((alarm) => [alarm, 12]));
	vi.advanceTimersByTime(1);
	expect(rang.at(-1)).toEqual([3, 13]);
});

it('rings at the instant that was set last, and not at all when it is off', () => {
	const { all, rang } = alarms(3);
	for (const alarm of all) alarm.set(start + 100);
	all[0]?.set(start + 300);
	all[1]?.set(Number.POSITIVE_INFINITY);
	all[2]?.set(start + 20);
	vi.advanceTimersByTime(1_000);
	expect(rang).toEqual([
		[2, 20],
		[0, 300],
	]);
	expect(vi.getTimerCount()).toBe(0);
});

it('keeps its order under many changes', () => {
	const { all, rang } = alarms(50);
	const last = new Map<number, number>();
	let seed = 1;
	for (let i = 0; i < 2_000; i++) {
		seed = (seed * 48_271) % 2_147_483_647;
		const [alarm, at] = [seed % 50, 1_000 + (seed % 977) * 5];
		all[alarm]?.set(start + at);
		last.set(alarm, at);
	}
	vi.advanceTimersByTime(10_000);
	const expected = [...last].sort(([a, at], [b, bt]) => at - bt || a - b);
	expect(rang.map(([, at]) => at)).toEqual(expected.map(([, at]) => at));
	expect(new Set(rang.map(([alarm]) => alarm)).size).toBe(50);
});

it('goes on when an alarm is set, or put off, while another one rings', () => {
	const clock = new AlarmClock({ now: () => performance.now() });
	const rang: string[] = [];
	const b = new Alarm(clock, () => rang.push('b'));
	const c = new Alarm(clock, () => rang.push('c'));
	const a = new Alarm(clock, () => {
		rang.push('a');
		b.set(Number.POSITIVE_INFINITY);
		c.set(performance.now() + 50);
		if (rang.length < 3) a.set(performance.now() + 100);
	});
	for (const alarm of [a, b, c]) alarm.set(start + 10);
	vi.advanceTimersByTime(1_000);
	expect(rang).toEqual(['a', 'c', 'a', 'c']);
});
