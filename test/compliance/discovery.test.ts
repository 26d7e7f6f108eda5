// What every discovery provider promises to the mesh, whatever it asks.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatAddress } from '../../src/swim/index.ts';
import { staysFor } from '../interop/support/quiet.ts';
import { until } from '../support/until.ts';
import { PORT, type World, worlds } from './discovery-worlds.ts';

describe.each(worlds)('provider %s', (name, open) => {
	let world: World;
	let abort: AbortController;
	let lists: string[];
	let ended: Promise<void>;

	beforeEach(async () => {
		world = await open();
		abort = new AbortController();
		lists = [];
		ended = Promise.resolve();
	});

	afterEach(async () => {
		abort.abort();
		await ended;
		await world.close();
	});

	function read(): void {
		ended = (async () => {
			for await (const list of world.discovery.watch(abort.signal))
				lists.push(list.map(formatAddress).sort().join(' '));
		})();
	}

	function at(...hosts: readonly string[]): string {
		return hosts.map((host) => `${host}:${PORT}`).join(' ');
	}

	/** Reads on until this is the last list. */
	function lastIs(...hosts: readonly string[]): Promise<void> {
		return until(`the last list is ${hosts}`, () => lists.at(-1) === at(...hosts));
	}

	it('has done nothing before it is read', () => {
		expect(world.discovery.name).toBe(name);
		expect(world.discovery.health).toEqual({
			provider: name,
			addresses: [],
			answeredAtMs: undefined,
			errors: 0,
			problem: undefined,
		});
	});

	it('tells the complete list, and again when it has changed', async () => {
		world.answers('10.0.0.1', '10.0.0.2');
		const before = Date.now();
		read();
		await lastIs('10.0.0.1', '10.0.0.2');
		expect(lists).toHaveLength(1);
		const { addresses, answeredAtMs, errors, problem } = world.discovery.health;
		expect(addresses.map(formatAddress).sort().join(' ')).toBe(at('10.0.0.1', '10.0.0.2'));
		expect([errors, problem]).toEqual([0, undefined]);
		expect(answeredAtMs).toBeGreaterThanOrEqual(before);
		world.answers('10.0.0.2', '10.0.0.3');
		await lastIs('10.0.0.2', '10.0.0.3');
	});

	it('an answer that there is nobody changes nothing, and is a problem that is told', async () => {
		world.answers('10.0.0.1');
		read();
		await lastIs('10.0.0.1');
		world.answers();
		await until('a problem is told', () => world.discovery.health.problem !== undefined);
		expect(['no-record', 'no-match']).toContain(world.discovery.health.problem?.code);
		expect(world.discovery.health.addresses.map(formatAddress)).toEqual([at('10.0.0.1')]);
		world.answers('10.0.0.2');
		await lastIs('10.0.0.2');
		expect(lists).toEqual([at('10.0.0.1'), at('10.0.0.2')]);
		expect(world.discovery.health.problem).toBeUndefined();
	});

	it('a failure changes nothing, is counted, and is over when there is an answer again', async () => {
		world.answers('10.0.0.1');
		read();
		await lastIs('10.0.0.1');
		await world.fails();
		await until('a problem is told', () => world.discovery.health.problem !== undefined);
		expect(world.discovery.health).toMatchObject({
			problem: { code: 'unreachable', text: expect.stringMatching(/\S/) },
		});
		expect(world.discovery.health.errors).toBeGreaterThan(0);
		expect(world.discovery.health.addresses.map(formatAddress)).toEqual([at('10.0.0.1')]);
		world.answers('10.0.0.1', '10.0.0.2');
		await world.recovers();
		await lastIs('10.0.0.1', '10.0.0.2');
		await until('the problem is over', () => world.discovery.health.problem === undefined);
		expect(lists).toHaveLength(2);
	});

	it('is asked for ever when there was no answer at the start', async () => {
		await world.fails();
		read();
		await until('two failures', () => world.discovery.health.errors >= 2);
		expect(lists).toEqual([]);
		expect(world.discovery.health.answeredAtMs).toBeUndefined();
		world.answers('10.0.0.1');
		await world.recovers();
		await lastIs('10.0.0.1');
	});

	it('ends when it is told to, at once', async () => {
		world.answers('10.0.0.1');
		read();
		await lastIs('10.0.0.1');
		abort.abort();
		await ended;
		world.answers('10.0.0.2');
		for await (const list of world.discovery.watch(AbortSignal.abort())) throw new Error(`told ${list.length} more`);
		expect(lists).toHaveLength(1);
	});

	it('stops asking when its reader stops reading', async () => {
		world.answers('10.0.0.1');
		for await (const list of world.discovery.watch(abort.signal)) {
			expect(list.map(formatAddress)).toEqual([at('10.0.0.1')]);
			break;
		}
		await world.fails();
		const { errors } = world.discovery.health;
		await staysFor(1_000, async () => expect(world.discovery.health.errors).toBe(errors));
		await world.recovers();
	});
});
