// The mesh on real loopback sockets and in memory: views, tags, leaves, crashes, restarts, ring and delegates.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHashRing, type Mesh, type MeshOptions } from '../../src/mesh/index.ts';
import { MemoryNetwork } from '../../src/net/index.ts';
import { agree, at, log, names, start, states } from '../support/mesh.ts';
import { until } from '../support/until.ts';

const KEYS = Array.from({ length: 200 }, (_, i) => `key-${i}`);

afterEach(() => {
	vi.restoreAllMocks();
});

const network = new MemoryNetwork();
const WAYS: readonly (readonly [string, () => MeshOptions])[] = [
	['UDP and TCP', () => ({})],
	['seed 10: UDP alone', () => ({ streams: false })],
	['memory', () => ({ transport: network.transport({ host: '127.0.0.1', port: 0 }) })],
	['label and encryption', () => ({ label: 'blue', keys: [new Uint8Array(32).fill(7)] })],
	['as a serf member', () => ({ compat: 'serf' })],
];

describe.each(WAYS)('a mesh by %s', (_, way) => {
	it('seed 05: has one view, joining through any one member', async () => {
		const a = await start('a', way());
		const b = await start('b', { ...way(), seeds: [at(a)] });
		await agree([a, b], 'a b');
		const c = await start('c', { ...way(), seeds: [at(b)] });
		await agree([a, b, c], 'a b c');
		for (const key of KEYS) {
			expect(b.ring.owners(key, 3)).toEqual(a.ring.owners(key, 3));
			expect(c.ring.owners(key, 3)).toEqual(a.ring.owners(key, 3));
		}
		expect(c.member('a')).toMatchObject({ address: a.address, state: 'alive', own: true });
	});

	it('seed 06: spreads tags to all', async () => {
		const a = await start('a', { ...way(), tags: { role: 'first' } });
		const b = await start('b', { ...way(), seeds: [at(a)], weight: 3, grpcAddress: '0.0.0.0:3001' });
		const c = await start('c', { ...way(), seeds: [at(a)] });
		await agree([a, b, c], 'a b c');
		expect(c.member('a')?.tags).toMatchObject({ role: 'first' });
		expect(a.member('b')?.tags).toMatchObject({ w: '3', grpc: '127.0.0.1:3001' });
		expect(a.ring.shares().map((share) => share.weight)).toEqual([1, 3, 1]);
		const updates: string[] = [];
		c.on('update', (now, before) => updates.push(`${before.tags.role} ${now.tags.role}`));
		await a.setTags({ role: 'second' });
		expect(a.self.tags).toMatchObject({ role: 'second' });
		await until('the tags are everywhere', () => [b, c].every((mesh) => mesh.member('a')?.tags.role === 'second'));
		expect(updates).toEqual(['first second']);
		// Tags of the mesh outlive the user's.
		await b.setTags({ zone: 'z' });
		await until('zone', () => a.member('b')?.tags.zone === 'z');
		expect(a.member('b')?.tags).toMatchObject({ w: '3', grpc: '127.0.0.1:3001', zone: 'z' });
		await agree([a, b, c], 'a b c');
	});

	it('lets a member leave at once, without a suspicion', async () => {
		const a = await start('a', way());
		const b = await start('b', { ...way(), seeds: [at(a)] });
		const c = await start('c', { ...way(), seeds: [at(a)] });
		await agree([a, b, c], 'a b c');
		const events = log(a);
		const goodbye = await c.leave();
		expect(goodbye).toMatchObject({ told: 2, of: 2 });
		await agree([a, b], 'a b');
		expect(states(events, 'c')).toEqual(['alive>left']);
		expect(a.member('c')?.state).toBe('left');
		expect(await c.leave()).toBe(goodbye);
	});

	it('seed 03: a crash is suspected, then dead, everywhere', async () => {
		const a = await start('a', way());
		const b = await start('b', { ...way(), seeds: [at(a)] });
		const c = await start('c', { ...way(), seeds: [at(a)] });
		await agree([a, b, c], 'a b c');
		const events = log(a);
		const why: string[] = [];
		a.on('dead', (member, reason) => why.push(`${member.name}: ${reason.text}`));
		await c.close();
		await until('a suspects c', () => a.member('c')?.state === 'suspect');
		expect(a.status.deadAt('c')).toBeGreaterThan(a.status.now());
		expect(a.ring.has('c')).toBe(true);
		await agree([a, b], 'a b');
		expect(states(events, 'c')).toEqual(['alive>suspect', 'suspect>dead']);
		expect(why).toHaveLength(1);
		expect(a.ring.has('c')).toBe(false);
		expect(a.members.every((member) => member.state === 'alive')).toBe(true);
	});
});

describe('a restart under the same name', () => {
	async function pairThenCrash(): Promise<{ a: Mesh; b: Mesh; port: number }> {
		const a = await start('a');
		const b = await start('b', { seeds: [at(a)] });
		await agree([a, b], 'a b');
		const { port } = b.address;
		await b.close();
		return { a, b, port };
	}

	it('at the same port, before anybody noticed, with other tags', async () => {
		const { a, port } = await pairThenCrash();
		const again = await start('b', { port, seeds: [at(a)], tags: { life: 'second' } });
		await until('the new life is seen', () => a.member('b')?.tags.life === 'second');
		await agree([a, again], 'a b');
	});

	it('at the same port, after its death', async () => {
		const { a, port } = await pairThenCrash();
		await until('b is dead', () => a.member('b')?.state === 'dead');
		const events = log(a);
		const again = await start('b', { port, seeds: [at(a)] });
		await agree([a, again], 'a b');
		expect(states(events, 'b')).toContain('dead>alive');
	});

	it('at a new port, after its death', async () => {
		const { a, port } = await pairThenCrash();
		await until('b is dead', () => a.member('b')?.state === 'dead');
		const again = await start('b', { seeds: [at(a)] });
		expect(again.address.port).not.toBe(port);
		await agree([a, again], 'a b');
		expect(a.member('b')?.address).toEqual(again.address);
	});

	it('at the same port without seeds: the survivor, alone now, finds it', async () => {
		const a = await start('a');
		const b = await start('b', { seeds: [at(a)] });
		await agree([a, b], 'a b');
		await until('a has heard b itself', () => (a.member('b')?.seenAt ?? 0) > 0);
		await b.close();
		await until('b is dead', () => a.member('b')?.state === 'dead');
		const again = await start('b', { port: b.address.port });
		await agree([a, again], 'a b');
	});

	it('after a leave', async () => {
		const a = await start('a');
		const b = await start('b', { seeds: [at(a)] });
		await agree([a, b], 'a b');
		await b.leave();
		await until('b has left', () => a.member('b')?.state === 'left');
		const again = await start('b', { port: b.address.port, seeds: [at(a)] });
		await agree([a, again], 'a b');
	});
});

describe('seed 08: the EventDelegate drives the ring', () => {
	it('moves the owner on death, and back on the return', async () => {
		const ring = createHashRing();
		const told: string[] = [];
		const a = await start('a', {
			events: {
				notifyJoin(member) {
					told.push(`join ${member.name}`);
					ring.add(member.name);
				},
				notifyLeave(member) {
					told.push(`leave ${member.name}`);
					ring.remove(member.name);
				},
			},
		});
		const b = await start('b', { seeds: [at(a)] });
		await agree([a, b], 'a b');
		const key = KEYS.find((each) => a.ring.owner(each) === 'b') as string;
		expect(ring.owner(key)).toBe('b');
		await b.close();
		await until('b is dead', () => a.member('b')?.state === 'dead');
		expect(ring.owner(key)).toBe('a');
		expect(a.ring.owner(key)).toBe('a');
		const again = await start('b', { port: b.address.port, seeds: [at(a)] });
		await agree([a, again], 'a b');
		expect(ring.owner(key)).toBe('b');
		expect(ring.fingerprint).toBe(a.ring.fingerprint);
		await a.leave();
		expect(told).toEqual(['join a', 'join b', 'leave b', 'join b', 'leave a']);
		// Whoever leaves hands over its keys before it goes.
		expect(a.ring.has('a')).toBe(false);
	});

	it('may call everything from within a call', async () => {
		const seen: string[] = [];
		const asked: Promise<unknown>[] = [];
		let mesh: Mesh | undefined;
		const a = await start('a', {
			events: {
				notifyJoin(member) {
					if (!mesh) return;
					seen.push(
						`${member.name} of ${names(mesh)}, owner ${mesh.ring.owner('key') !== undefined}, ${mesh.member(member.name)?.state}`,
					);
					expect(mesh.status.members.length).toBe(mesh.members.length);
					asked.push(mesh.setTags({ seen: member.name }), mesh.leave());
				},
			},
		});
		mesh = a;
		const events = log(a);
		const b = await start('b', { seeds: [at(a)] });
		await until('a has left', () => b.member('a')?.state === 'left');
		await Promise.all(asked);
		expect(seen).toEqual(['b of a b, owner true, alive']);
		expect(events.map((event) => event.seq)).toEqual(events.map((event) => event.seq).toSorted((x, y) => x - y));
		expect(a.self.tags.seen).toBe('b');
	});

	it('may throw, and the node goes on', async () => {
		const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
		const a = await start('a', {
			events: {
				notifyJoin() {
					throw new Error('broken delegate');
				},
			},
		});
		a.on('event', () => {
			throw new Error('broken listener');
		});
		const b = await start('b', { seeds: [at(a)] });
		await agree([a, b], 'a b');
		expect(warnings).toHaveBeenCalled();
	});
});

describe('seed 15: seeds', () => {
	it('may be names, and may come up later', async () => {
		const probe = await start('probe');
		const { port } = probe.address;
		await probe.close();
		const b = await start('b', { seeds: [`localhost:${port}`, 'no-such-host.invalid:7946'] });
		expect(b.discovery).toMatchObject([{ provider: 'static' }]);
		const a = await start('a', { port });
		await agree([a, b], 'a b');
		await until(
			'the bad name is reported',
			() => b.discovery[0]?.problem?.text.includes('no-such-host.invalid') === true,
		);
	});

	it('may be the node itself', async () => {
		const probe = await start('probe');
		const { port } = probe.address;
		await probe.close();
		const seeds = [`127.0.0.1:${port}`];
		const a = await start('a', { port, seeds });
		const b = await start('b', { seeds });
		await agree([a, b], 'a b');
	});
});
