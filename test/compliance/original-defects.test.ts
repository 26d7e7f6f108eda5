// What the original mesh got wrong at its border with the host and with its user, each defect by its number
// (the table is in test/simulation/original-defects.test.ts).

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import type { EventDelegate, Mesh } from '../../src/mesh/index.ts';
import { MemoryNetwork } from '../../src/net/index.ts';
import { agree, at, start } from '../support/mesh.ts';
import { until } from '../support/until.ts';

it('defect 27: binds the address that is configured, and no other', async () => {
	const mesh = await start('a', { bindHost: '127.0.0.2', streams: false });
	expect(mesh.address.host).toBe('127.0.0.2');
	// The same port is free on every other address of this host.
	const other = createSocket('udp4');
	other.bind({ address: '127.0.0.1', port: mesh.address.port, exclusive: true });
	await once(other, 'listening');
	await new Promise<void>((resolve) => other.close(resolve));
});

it('defect 27: tells others the address that is configured, or one at which they can reach it', async () => {
	const wild = await start('wild', { bindHost: '0.0.0.0' });
	expect(wild.address.host).not.toBe('0.0.0.0');
	expect(wild.self.address).toEqual(wild.address);
	const told = await start('told', { bindHost: '0.0.0.0', advertise: '127.0.0.1', seeds: [at(wild)] });
	expect(told.address.host).toBe('127.0.0.1');
	expect(told.address.port).toBeGreaterThan(0);
	await agree([wild, told], 'told wild');
	expect(wild.member('told')?.address).toEqual(told.address);
	const elsewhere = await start('elsewhere', { advertise: '192.0.2.7:1234' });
	expect(elsewhere.self.address).toEqual({ host: '192.0.2.7', port: 1_234 });
});

it('defect 28: joins, updates and leaves are told in the order in which they happened, of the state they left', async () => {
	const network = new MemoryNetwork();
	const inMemory = (): { transport: ReturnType<MemoryNetwork['transport']> } => ({
		transport: network.transport({ host: '127.0.0.1', port: 0 }),
	});
	const told: string[] = [];
	const tell = (what: string): NonNullable<EventDelegate['notifyJoin']> => {
		return ({ name, state }) => told.push(`${what} ${name}: ${state}, ${mesh?.member(name)?.state}`);
	};
	let mesh: Mesh | undefined;
	const a = await start('a', {
		...inMemory(),
		events: { notifyJoin: tell('join'), notifyLeave: tell('leave'), notifyUpdate: tell('update') },
	});
	mesh = a;
	told.length = 0;
	for (let round = 0; round < 3; round++) {
		const b = await start('b', { ...inMemory(), seeds: [at(a)] });
		await agree([a, b], 'a b');
		await b.setTags({ round: String(round) });
		await until('the tag', () => a.member('b')?.tags.round === String(round));
		await b.leave();
		await until('the leave', () => a.member('b')?.state === 'left');
	}
	const news = told.filter((line) => !line.startsWith('update'));
	expect(news).toEqual([1, 2, 3].flatMap(() => ['join b: alive, alive', 'leave b: left, left']));
	const updates = told
		.map((line, i) => ({ line, before: told[i - 1] }))
		.filter(({ line }) => line.startsWith('update'));
	expect(updates.length).toBeGreaterThanOrEqual(3);
	for (const { before } of updates) expect(before).not.toBe('leave b: left, left');
});

it('defect 29: a delegate may ask everything, and change everything, from within a call', async () => {
	const network = new MemoryNetwork();
	const done: Promise<unknown>[] = [];
	let mesh: Mesh | undefined;
	const ask = (): void => {
		if (!mesh) return;
		const found = mesh.members.find(({ address }) => address.port === mesh?.address.port);
		expect(found).toEqual(mesh.self);
		expect(mesh.ring.owner('key')).toBeDefined();
		expect(mesh.status.members).toContainEqual(mesh.self);
	};
	const a = await start('a', {
		transport: network.transport({ host: '127.0.0.1', port: 0 }),
		events: {
			notifyJoin({ name }) {
				ask();
				if (mesh && name !== 'a')
					done.push(
						mesh.setTags({ greets: name }),
						mesh.join([at(mesh)]).catch(() => 'own address'),
					);
			},
			notifyUpdate: ask,
			notifyLeave: ask,
		},
	});
	mesh = a;
	const b = await start('b', { transport: network.transport({ host: '127.0.0.1', port: 0 }), seeds: [at(a)] });
	await until('the tag that was set within a call', () => b.member('a')?.tags.greets === 'b');
	expect(await Promise.all(done)).toEqual([undefined, 'own address']);
	await b.leave();
	await until('the leave', () => a.member('b')?.state === 'left');
});

it('defect 30: changed tags and a changed address are told to the delegate, and the ring follows the weight', async () => {
	const updates: string[] = [];
	const a = await start('a', {
		events: { notifyUpdate: ({ name, tags, address }) => updates.push(`${name} ${tags.role} ${address.port}`) },
	});
	const first = await start('b', { seeds: [at(a)], tags: { role: 'one' } });
	await agree([a, first], 'a b');
	await first.setTags({ role: 'two' });
	await until('the tags', () => updates.includes(`b two ${first.address.port}`));
	await first.close();
	const second = await start('b', { seeds: [at(a)], tags: { role: 'two' }, weight: 5 });
	await until('the address', () => updates.includes(`b two ${second.address.port}`));
	await agree([a, second], 'a b');
	expect(a.ring.shares().map(({ member, weight }) => [member, weight])).toEqual([
		['a', 1],
		['b', 5],
	]);
});
