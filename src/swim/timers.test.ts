// The alarm clock: one deadline out of many timers, served in a fixed order.
import { describe, expect, it } from 'vitest';
import { Timer, Timers } from './timers.ts';

const NEVER = Number.POSITIVE_INFINITY;

describe('Timers', () => {
	it('has no deadline until one is set, and none again when all are cleared', () => {
		const timers = new Timers();
		expect(timers.deadline).toBe(NEVER);
		timers.set(Timer.probe, 200);
		timers.set(Timer.ack, 100);
		expect(timers.deadline).toBe(100);
		timers.clear(Timer.ack);
		expect(timers.deadline).toBe(200);
		timers.clearAll();
		expect(timers.deadline).toBe(NEVER);
		expect(timers.takeDue(1e9)).toBeUndefined();
	});

	it('can be moved later by `set`, and only earlier by `setEarlier`', () => {
		const timers = new Timers();
		timers.setEarlier(Timer.suspicion, 500);
		timers.setEarlier(Timer.suspicion, 700);
		expect(timers.at(Timer.suspicion)).toBe(500);
		timers.setEarlier(Timer.suspicion, 400);
		expect(timers.deadline).toBe(400);
		timers.set(Timer.suspicion, 900);
		expect(timers.deadline).toBe(900);
	});

	it('gives nothing before its time, and each timer once', () => {
		const timers = new Timers();
		timers.set(Timer.gossip, 10);
		expect(timers.takeDue(9.999)).toBeUndefined();
		expect(timers.takeDue(10)).toBe(Timer.gossip);
		expect(timers.takeDue(10)).toBeUndefined();
		expect(timers.at(Timer.gossip)).toBe(NEVER);
	});

	it('serves what is due by time, then in the order of the table', () => {
		const timers = new Timers();
		const all = Object.values(Timer);
		for (const timer of [...all].reverse()) timers.set(timer, 50);
		timers.set(Timer.reap, 40);
		const served = [];
		for (let due = timers.takeDue(60); due !== undefined; due = timers.takeDue(60)) served.push(due);
		expect(served).toEqual([Timer.reap, ...all.filter((timer) => timer !== Timer.reap)]);
	});
});
