// Tests of the driver, with a machine that does as it is told: order, the one timer, re-entrance.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Input, MeshEvent, NetworkOutput, Output } from '../swim/index.ts';
import { AlarmClock } from './alarm-clock.ts';
import { Driver, type Machine } from './driver.ts';

const FOREVER = Number.POSITIVE_INFINITY;

function packet(byte: number): NetworkOutput & Input {
	return {
		type: 'packet',
		from: { host: '10.0.0.1', port: 1 },
		to: { host: '10.0.0.1', port: 1 },
		bytes: Uint8Array.of(byte),
	} as NetworkOutput & Input;
}

/** Records what it is given, says what `outputs` says, and sleeps until `deadline`, which a timeout clears. */
class Puppet implements Machine {
	deadline = FOREVER;
	readonly inputs: string[] = [];
	outputs: (input: Input) => Output[] = () => [];
	silence = false;

	step(now: number, input: Input): readonly Output[] {
		this.inputs.push(`${input.type}@${Math.round(now)}`);
		if (input.type === 'timeout') this.deadline = FOREVER;
		return this.outputs(input);
	}

	countsSilence(): boolean {
		return this.silence;
	}
}

function drive(machine: Puppet, publish: (driver: Driver) => void = () => undefined) {
	const said: string[] = [];
	const clock = { now: () => performance.now() };
	const driver: Driver = new Driver({
		machine,
		transport: { perform: (output) => said.push(output.type) },
		clock,
		alarmClock: new AlarmClock(clock),
		note: (output) => said.push(output.type),
		publish: () => publish(driver),
	});
	return { driver, said };
}

let start = 0;

beforeEach(() => {
	vi.useFakeTimers();
	start = performance.now();
});

afterEach(() => {
	vi.useRealTimers();
});

describe('the order of things', () => {
	it('performs outputs in order, and publishes after all of them', () => {
		const machine = new Puppet();
		const event = { type: 'event', event: {} as MeshEvent } as const;
		machine.outputs = () => [packet(1), event, packet(2)];
		let published: string[] = [];
		const { driver, said } = drive(machine, () => (published = [...said]));
		driver.input({ type: 'timeout' });
		expect(published).toEqual(['packet', 'event', 'packet']);
	});

	it('takes an input from within a step after that step', () => {
		const machine = new Puppet();
		const { driver, said } = drive(machine);
		machine.outputs = (input) => {
			if (input.type === 'timeout') driver.input({ type: 'leave', id: 1 });
			return [packet(0)];
		};
		driver.input({ type: 'timeout' });
		expect(machine.inputs.map((each) => each.split('@')[0])).toEqual(['timeout', 'leave']);
		expect(said).toEqual(['packet', 'packet']);
	});

	it('takes an input from within a publication at once', () => {
		const machine = new Puppet();
		let asked = false;
		const { driver } = drive(machine, (self) => {
			if (!asked) {
				asked = true;
				self.input({ type: 'leave', id: 1 });
				expect(machine.inputs).toHaveLength(2);
			}
		});
		driver.input({ type: 'timeout' });
		expect(machine.inputs).toHaveLength(2);
	});

	it('does nothing after the stop', () => {
		const machine = new Puppet();
		const { driver } = drive(machine);
		machine.deadline = start + 10;
		driver.deliver(packet(0) as never);
		driver.stop();
		driver.deliver(packet(1) as never);
		vi.advanceTimersByTime(100);
		expect(machine.inputs).toHaveLength(1);
		expect(vi.getTimerCount()).toBe(0);
	});
});

describe('the one timer', () => {
	it('wakes the machine at its deadline, again and again', () => {
		const machine = new Puppet();
		machine.outputs = () => {
			machine.deadline = performance.now() + 200;
			return [];
		};
		const { driver } = drive(machine);
		driver.input({ type: 'timeout' });
		expect(vi.getTimerCount()).toBe(1);
		vi.advanceTimersByTime(1_010);
		expect(machine.inputs.length).toBeGreaterThanOrEqual(5);
		expect(vi.getTimerCount()).toBe(1);
	});

	it('costs no timer a packet while the deadline only moves on', () => {
		const machine = new Puppet();
		const { driver } = drive(machine);
		machine.deadline = start + 100;
		driver.deliver(packet(0) as never);
		const set = vi.spyOn(globalThis, 'setTimeout');
		for (let i = 1; i <= 50; i++) {
			machine.deadline = start + 100 + i / 10;
			driver.deliver(packet(i) as never);
		}
		expect(set).not.toHaveBeenCalled();
		vi.advanceTimersByTime(104);
		expect(machine.inputs).toHaveLength(51);
		vi.advanceTimersByTime(5);
		expect(machine.inputs.at(-1)).toMatch(/^timeout/);
		expect(machine.inputs).toHaveLength(52);
	});

	it('is brought forward by an earlier deadline', () => {
		const machine = new Puppet();
		const { driver } = drive(machine);
		machine.deadline = start + 1_000;
		driver.deliver(packet(0) as never);
		machine.deadline = start + 20;
		driver.deliver(packet(1) as never);
		expect(vi.getTimerCount()).toBe(1);
		vi.advanceTimersByTime(19);
		expect(machine.inputs).toHaveLength(2);
		vi.advanceTimersByTime(5);
		expect(machine.inputs.at(-1)).toMatch(/^timeout/);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('never steps before the deadline, fractions of a millisecond included', () => {
		const machine = new Puppet();
		const { driver } = drive(machine);
		machine.deadline = start + 10.7;
		driver.deliver(packet(0) as never);
		vi.advanceTimersByTime(10);
		expect(machine.inputs).toHaveLength(1);
		vi.advanceTimersByTime(2);
		expect(machine.inputs.length).toBeGreaterThan(1);
	});

	it('sleeps for weeks', () => {
		const machine = new Puppet();
		const { driver } = drive(machine);
		machine.deadline = start + 40 * 86_400_000;
		driver.deliver(packet(0) as never);
		vi.advanceTimersByTime(39 * 86_400_000);
		expect(machine.inputs).toHaveLength(1);
		vi.advanceTimersByTime(2 * 86_400_000);
		expect(machine.inputs.length).toBeGreaterThan(1);
	});
});

describe('X9: sockets are read before a timeout', () => {
	/** As the event loop does after a stall: timers first, then packets, then `setImmediate`. */
	function packetsPerTurn(driver: Driver, turns: readonly number[]): void {
		for (const count of turns) {
			for (let i = 0; i < count; i++) driver.deliver(packet(i) as never);
			vi.advanceTimersToNextTimer();
		}
	}

	it('goes on reading while every turn is a full one', () => {
		const machine = new Puppet();
		machine.silence = true;
		const { driver } = drive(machine);
		machine.deadline = start + 5;
		driver.deliver(packet(0) as never);
		vi.advanceTimersToNextTimer();
		packetsPerTurn(driver, [32, 32, 3]);
		const inputs = machine.inputs.slice(1).map((each) => each.split('@')[0]);
		expect(inputs.indexOf('timeout')).toBe(67);
		expect(inputs).toHaveLength(68);
	});

	it('does not wait for sockets where silence means nothing', () => {
		const machine = new Puppet();
		const { driver } = drive(machine);
		machine.deadline = start + 5;
		driver.deliver(packet(0) as never);
		vi.advanceTimersToNextTimer();
		expect(machine.inputs.at(-1)).toMatch(/^timeout/);
	});

	it('is not kept from the timeout by a flood', () => {
		const machine = new Puppet();
		machine.silence = true;
		const { driver } = drive(machine);
		machine.deadline = start + 5;
		driver.deliver(packet(0) as never);
		vi.advanceTimersToNextTimer();
		packetsPerTurn(driver, new Array(70).fill(32));
		expect(machine.inputs.filter((each) => each.startsWith('timeout'))).toHaveLength(1);
	});
});
