// The queue against a plain list: tasks run by time, then in the order in which they were planned, whatever plans them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeQueue } from './time-queue.ts';

/** When a task is planned for, and how long after its own time it plans others. Few different times, so many are equal. */
const plan = fc.record({
	at: fc.integer({ min: 0, max: 20 }),
	later: fc.array(fc.integer({ min: -3, max: 10 }), { maxLength: 3 }),
});

/** What runs when, by a list that is searched for the first of the earliest. */
function expected(plans: readonly { at: number; later: readonly number[] }[]): [time: number, name: string][] {
	const waiting = plans.map(({ at, later }, i) => ({ at, name: String(i), later }));
	const ran: [number, string][] = [];
	while (waiting.length > 0) {
		let first = 0;
		for (const [i, { at }] of waiting.entries()) if (at < waiting[first]!.at) first = i;
		const [task] = waiting.splice(first, 1);
		ran.push([task!.at, task!.name]);
		for (const [i, ms] of task!.later.entries()) {
			waiting.push({ at: Math.max(task!.at, task!.at + ms), name: `${task!.name}.${i}`, later: [] });
		}
	}
	return ran;
}

describe('TimeQueue', () => {
	it('runs tasks by time and then in the order of planning; what is planned in the past happens now', () => {
		fc.assert(
			fc.property(fc.array(plan, { maxLength: 200 }), (plans) => {
				const queue = new TimeQueue();
				const ran: [number, string][] = [];
				for (const [i, { at, later }] of plans.entries()) {
					queue.at(at, () => {
						ran.push([queue.now, String(i)]);
						for (const [j, ms] of later.entries()) queue.after(ms, () => ran.push([queue.now, `${i}.${j}`]));
					});
				}
				expect(queue.size).toBe(plans.length);
				expect(queue.runUntil(1_000)).toBe(false);
				expect([queue.now, queue.size]).toEqual([1_000, 0]);
				expect(ran).toEqual(expected(plans));
			}),
		);
	});

	it('runs to the given time and no further, or until a condition holds', () => {
		const queue = new TimeQueue();
		const ran: number[] = [];
		const task = { run: () => ran.push(queue.now) };
		for (const at of [30, 10, 20]) queue.plan(at, task);
		queue.runUntil(20);
		expect([ran, queue.now, queue.size]).toEqual([[10, 20], 20, 1]);
		queue.plan(40, task);
		expect(queue.runUntil(100, () => ran.length === 3)).toBe(true);
		expect([ran, queue.now, queue.size]).toEqual([[10, 20, 30], 30, 1]);
	});
});
