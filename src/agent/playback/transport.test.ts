// The transport over a simulated run and over a journal: forward, back, to the next change of state, from any view.

import { afterEach, describe, expect, it } from 'vitest';
import { MemoryJournal } from '../../../test/support/journals.ts';
import { until } from '../../../test/support/until.ts';
import { type Fault, type SimulateOptions, simulate, WEATHERS } from '../../sim/index.ts';
import { memberObjects } from '../../status/index.ts';
import { journalPlayable } from './journal-playable.ts';
import type { Playable } from './playable.ts';
import { SimRecord } from './sim-playable.ts';
import { Transport, type TransportOptions } from './transport.ts';

const CRASH: Fault = { type: 'crash', host: 'n2', at: 8_000 };
const RUN: SimulateOptions = {
	seed: 7,
	durationMs: 20_000,
	weather: { ...WEATHERS.calm, nodes: 6 },
	history: [CRASH],
};

function simulated(allFollowed?: number): Playable {
	const record = new SimRecord();
	return record.playable(RUN, simulate({ ...RUN, observe: record.observe }), allFollowed);
}

function recorded(): Playable {
	const journal = new MemoryJournal();
	simulate({ ...RUN, record: { host: 'n0', sink: journal } });
	journal.end('closed: the run is over');
	return journalPlayable(journal.bytes);
}

const open: Transport[] = [];
afterEach(async () => {
	for (const transport of open.splice(0)) await transport.close();
});

async function started(playable: Playable, options?: TransportOptions): Promise<Transport> {
	const transport = new Transport(playable, options);
	open.push(transport);
	await arrived(transport);
	return transport;
}

const arrived = (transport: Transport): Promise<void> => until('it has arrived', () => !transport.state.seeking);

const stateOf = ({ source }: Transport, name: string): string | undefined =>
	memberObjects(source)
		.find(({ ID }) => ID === name)
		?.Status.toString();

describe.each([
	['a simulated run', () => simulated()],
	['a journal', recorded],
])('%s', (_, make) => {
	it('begins shortly before its first change of state, and waits', async () => {
		const playable = make();
		const [first, second] = playable.marks;
		expect(first).toMatchObject({ member: 'n2', to: 'suspect' });
		expect(second).toMatchObject({ member: 'n2', to: 'dead' });
		expect(first?.atMs).toBeGreaterThan(8_000);
		const transport = await started(playable);
		expect(transport.state.playing).toBe(false);
		expect(transport.state.positionMs).toBeGreaterThanOrEqual((first?.atMs ?? 0) - 2_000);
		expect(transport.state.positionMs).toBeLessThan(first?.atMs ?? 0);
		expect(stateOf(transport, 'n2')).toBe('0');
	});

	it('steps from one change of state to the next, and then to its end', async () => {
		const transport = await started(make());
		const seen: (string | undefined)[] = [];
		for (let step = 0; step < 2; step++) {
			transport.command({ step: true });
			await arrived(transport);
			seen.push(stateOf(transport, 'n2'));
		}
		expect(seen).toEqual(['1', '2']);
		transport.command({ step: true });
		await arrived(transport);
		expect(transport.state.positionMs).toBe(transport.state.durationMs);
	});

	it('goes back to what was then', async () => {
		const transport = await started(make(), { startMs: 18_000 });
		expect(stateOf(transport, 'n2')).toBe('2');
		const later = transport.source;
		transport.command({ seekMs: 7_000 });
		await arrived(transport);
		expect(transport.source).not.toBe(later);
		expect(stateOf(transport, 'n2')).toBe('0');
		expect(transport.state.positionMs).toBeGreaterThanOrEqual(7_000);
		expect(transport.state.positionMs).toBeLessThan(7_500);
	});

	it('plays at its speed to the end, stops there, and begins again when played once more', async () => {
		const transport = await started(make(), { startMs: 15_000, speed: 100 });
		transport.command({ play: true });
		expect(transport.state.playing).toBe(true);
		await until('it has stopped at its end', () => !transport.state.playing);
		expect(transport.state.positionMs).toBe(transport.state.durationMs);
		transport.command({ speed: 1, play: true });
		await until('it plays from the beginning', () => !transport.state.seeking && transport.state.positionMs < 10_000);
		transport.command({ play: false });
		const { positionMs } = transport.state;
		await new Promise((resolve) => setImmediate(resolve));
		expect(transport.state.positionMs).toBe(positionMs);
	});

	it('refuses what makes no sense, and changes nothing', async () => {
		const transport = await started(make());
		const before = transport.state;
		for (const command of [
			{ speed: 0 },
			{ speed: 101 },
			{ speed: Number.NaN },
			{ seekMs: -1 },
			{ seekMs: 1e9 },
			{ seenFrom: 'nobody' },
			{ play: 'yes' as unknown as boolean },
			{ step: true, speed: '9' as unknown as number },
		]) {
			expect(() => transport.command(command)).toThrow(RangeError);
		}
		expect(transport.state).toEqual(before);
	});
});

describe('a simulated run, seen from', () => {
	it('any of its nodes', async () => {
		const transport = await started(simulated(), { startMs: 7_000 });
		expect(transport.source.config.name).toBe('n0');
		transport.command({ seenFrom: 'n4' });
		expect(transport.source.config.name).toBe('n4');
		expect(transport.source.members).toHaveLength(6);
	});

	it('everyone, tells of whom views differ, and of nobody once they agree', async () => {
		const transport = await started(simulated(), { startMs: 7_000 });
		transport.command({ everyone: true });
		expect(transport.state.differing).toEqual([]);
		transport.command({ step: true });
		await arrived(transport);
		// The first node may hear of a suspicion before or after others; going on by small steps shows them apart.
		transport.command({ seekMs: 8_000 });
		await arrived(transport);
		const seen = new Set<string>();
		for (let at = 8_000; at < 14_500; at += 100) {
			transport.command({ seekMs: at });
			await arrived(transport);
			for (const { member, views } of transport.state.differing) {
				seen.add(member);
				expect(views.reduce((sum, { count }) => sum + count, 0)).toBe(5);
				expect(views.length).toBeGreaterThan(1);
			}
		}
		expect([...seen].every((member) => member === 'n2')).toBe(true);
		expect(transport.state.differing).toEqual([]);
	});

	it('a node of a large run by a pass of its own, at the same moment', async () => {
		const transport = await started(simulated(5), { startMs: 14_000 });
		expect(transport.source.config.name).toBe('n0');
		transport.command({ seenFrom: 'n5' });
		await arrived(transport);
		expect(transport.source.config.name).toBe('n5');
		expect(transport.state.positionMs).toBe(14_000);
		expect(stateOf(transport, 'n2')).toBe('2');
	});
});

describe('a run in small steps and without checkers', () => {
	it('is byte for byte the run that was checked', () => {
		for (const seed of [3, 11]) {
			const options = { seed, durationMs: 5_000 };
			expect(simulate({ ...options, checks: [], stepMs: 100 }).stateHash).toBe(simulate(options).stateHash);
		}
	});
});
