// Each action as a client gets it: its answer, and what it says of a bad request.

import { afterEach, describe, expect, it } from 'vitest';
import { COMMANDS, callFlight as call, closeAll, serveFlight as serve } from '../../test/support/flight-server.ts';
import { testMember, testSource } from '../../test/support/status-source.ts';
import type { DiscoveryHealth } from '../discovery/index.ts';
import type { MemberObject } from '../status/index.ts';
import type { Address } from '../swim/index.ts';

afterEach(closeAll);

describe('actions', () => {
	it('seed 20: MeshStatus lists the members in order of their IDs', async () => {
		const members = (await call(await serve(), 'MeshStatus')) as { ID: string; Status: number }[];
		expect(members.map(({ ID, Status }) => [ID, Status])).toEqual([
			['a', 1],
			['b', 0],
			['zoë', 0],
		]);
	});

	it('seed 21: MeshIdentity is the node itself', async () => {
		expect(await call(await serve(), 'MeshIdentity')).toMatchObject({ ID: 'b', Addr: '10.0.0.1:7946', Status: 0 });
	});

	it('cluster-status is this node, all members, and their number', async () => {
		const answer = (await call(await serve(), 'cluster-status')) as { self: MemberObject; members: MemberObject[] };
		expect(answer).toMatchObject({ self: { ID: 'b' }, count: 3 });
		expect(answer.members.map(({ ID }) => ID)).toEqual(['a', 'b', 'zoë']);
	});

	it('MeshInfo tells all of this node, what it measures of another one, and knows nobody else', async () => {
		const server = await serve();
		expect(await call(server, 'MeshInfo')).toMatchObject({
			schema: 1,
			self: 'b',
			member: { ID: 'b' },
			cluster: { members: 3, states: { alive: 2, suspect: 1, dead: 0, left: 0 }, of: 1, agree: 1 },
			ring: { owners: 3, share: 1 / 3, fair: 1 },
			node: {
				health: { word: 'Good' },
				loop: { p99Ms: 3.1 },
				refuted: null,
				reaches: { udp: 1, tcpOnly: 0 },
				security: { encrypted: true, keys: 2, label: 'prod' },
				discovery: { provider: 'none' },
				version: { agent: '0.9.0', protocol: 5, node: '20.20.2' },
			},
		});
		const other = await call(server, 'MeshInfo', { member: 'zoë' });
		expect(other).toMatchObject({ member: { ID: 'zoë' }, view: { rttMs: null, path: 'udp' } });
		expect(other).not.toHaveProperty('node');
		const unknown = { code: 'NOT_FOUND', message: 'no member "nobody"' };
		await expect(call(server, 'MeshInfo', { member: 'nobody' })).rejects.toMatchObject(unknown);
	});

	it('MeshViews has a row a member, in the order of their names', async () => {
		expect(await call(await serve(), 'MeshViews')).toMatchObject({
			self: 'b',
			digest: '7f3a91c2000000ff',
			of: 1,
			agree: 1,
			members: [
				{ member: 'a', digest: null, agrees: null, heardAt: null, own: true },
				{ member: 'b', digest: '7f3a91c2000000ff', agrees: true, differsSince: null },
				{ member: 'zoë', digest: null },
			],
		});
	});

	it('MeshRing gives the part of every owner, one in detail, or the owners of a key', async () => {
		const server = await serve();
		const ring = { schema: 1, self: 'b', fingerprint: 'c41f08d2c41f08d2', size: 3, of: 1, agree: 1 };
		const share = { weight: 1, share: 1 / 3, fair: 1, heirs: 2, most: 1 / 3 };
		const shares = ['a', 'b', 'zoë'].map((member) => ({ member, ...share }));
		expect(await call(server, 'MeshRing')).toEqual({ ...ring, shares });
		expect(await call(server, 'MeshRing', { key: 'user:1' })).toEqual({ ...ring, key: 'user:1', owners: ['a'] });
		expect(await call(server, 'MeshRing', { key: 'user:1', count: 2 })).toMatchObject({ owners: ['a', 'b'] });
		const one = await call(server, 'MeshRing', { member: 'zoë' });
		expect(one).toEqual({ ...ring, shares: [{ member: 'zoë', ...share }], takeover: [] });
		await expect(call(server, 'MeshRing', { member: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
	});

	it('MeshRing asks the others for theirs on request alone', async () => {
		const differing = [
			{ member: 'a', digest: 'd', since: 's', fingerprint: 'f', problem: null, lacks: ['zoë'], adds: [] },
		];
		const server = await serve({ commands: { ...COMMANDS, compareRings: async () => differing } });
		expect(await call(server, 'MeshRing', { diff: true })).toMatchObject({ size: 3, differing });
		expect(await call(server, 'MeshRing', { diff: false })).not.toHaveProperty('differing');
	});

	it('MeshWhy explains a member, and knows nobody else', async () => {
		const server = await serve();
		expect(await call(server, 'MeshWhy', { member: 'zoë' })).toMatchObject({
			schema: 1,
			member: 'zoë',
			state: 'alive',
			deadAt: null,
			likely: { code: 'healthy' },
			observer: { name: 'b' },
		});
		const unknown = { code: 'NOT_FOUND', message: 'no member "nobody"' };
		await expect(call(server, 'MeshWhy', { member: 'nobody' })).rejects.toMatchObject(unknown);
		await expect(call(server, 'MeshWhy')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
	});

	it('MeshWhy explains what was at a time, and says where its record begins', async () => {
		const server = await serve();
		const asked = (at: unknown) => call(server, 'MeshWhy', { member: 'zoë', at });
		expect(await asked('2026-11-22T15:02:30.004+01:00')).toMatchObject({
			likely: { code: 'healthy' },
			asked: { at: '2026-11-22T14:02:30.004Z', turns: [] },
		});
		await expect(asked('2026-11-22T14:02:20Z')).rejects.toMatchObject({
			code: 'OUT_OF_RANGE',
			message: 'nothing of "zoë" is on record before 2026-11-22T14:02:22.000Z',
		});
		const wrong = 'body.at: "yesterday" is no time such as 2026-11-22T14:02:32Z';
		await expect(asked('yesterday')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: wrong });
		await expect(asked(1)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
	});

	it('DiscoveryStatus tells what each provider found and what is wrong with it', async () => {
		const [one, two] = [1, 2].map((last) => ({ host: `10.0.0.${last}`, port: 7946 })) as [Address, Address];
		const problem = { code: 'unresolved', text: 'b.example does not exist' } as const;
		const discovery = (): DiscoveryHealth[] => [
			{ provider: 'static', addresses: [one], answeredAtMs: 0, errors: 3, problem },
			{ provider: 'dns', addresses: [one, two], answeredAtMs: undefined, errors: 0, problem: undefined },
		];
		expect(await call(await serve({ discovery }), 'DiscoveryStatus')).toEqual({
			provider: 'static,dns',
			peers: ['10.0.0.1:7946', '10.0.0.2:7946'],
			providers: [
				{ provider: 'static', peers: ['10.0.0.1:7946'], answeredAt: '1970-01-01T00:00:00.000Z', errors: 3, problem },
				{ provider: 'dns', peers: ['10.0.0.1:7946', '10.0.0.2:7946'], answeredAt: null, errors: 0, problem: null },
			],
		});
		expect(await call(await serve(), 'DiscoveryStatus')).toEqual({ provider: 'none', peers: [], providers: [] });
	});

	it('MeshJoin and MeshLeave are allowed from this machine', async () => {
		const server = await serve();
		expect(await call(server, 'MeshJoin', { addresses: ['x:1', 'y:2'] })).toEqual({
			answers: [
				{ address: { host: '10.0.0.9', port: 0 }, ok: true },
				{ address: { host: '10.0.0.9', port: 1 }, ok: false },
			],
		});
		expect(await call(server, 'MeshLeave')).toEqual({ told: 2, of: 2, tookMs: 12 });
	});

	it('MeshLeave removes a dead member, and says why it does not', async () => {
		const removed: string[] = [];
		const remove = async (member: string): Promise<void> => {
			if (member === 'zoë') throw Object.assign(new Error('zoë is alive'), { code: 'MESH_MEMBER_ALIVE' });
			if (member === 'x') throw Object.assign(new Error('no member "x"'), { code: 'MESH_NO_MEMBER' });
			removed.push(member);
		};
		const server = await serve({ commands: { ...COMMANDS, remove } });
		expect(await call(server, 'MeshLeave', { remove: 'a' })).toEqual({ removed: 'a' });
		expect(removed).toEqual(['a']);
		await expect(call(server, 'MeshLeave', { remove: 'zoë' })).rejects.toMatchObject({
			code: 'FAILED_PRECONDITION',
			message: 'MESH_MEMBER_ALIVE: zoë is alive',
		});
		await expect(call(server, 'MeshLeave', { remove: 'x' })).rejects.toMatchObject({
			code: 'NOT_FOUND',
			message: 'no member "x"',
		});
	});

	it('MeshTags sets and removes tags, and keeps the others', async () => {
		const tags = { lb: '1', grpc: '10.0.0.1:3000', meta: '10.0.0.1:3001', w: '3', zone: 'x', role: 'web' };
		const source = testSource([testMember('b', { tags })]);
		const given: object[] = [];
		const setTags = async (wanted: Readonly<Record<string, string>>): Promise<void> => {
			given.push(wanted);
			source.members = [testMember('b', { tags: { lb: '1', ...wanted } })];
		};
		const server = await serve({ source, commands: { ...COMMANDS, setTags } });
		const answer = await call(server, 'MeshTags', { set: { role: 'store', empty: '' }, remove: ['zone', 'absent'] });
		expect(answer).toEqual({ tags: { role: 'store', empty: '' } });
		expect(given).toEqual([{ role: 'store', empty: '' }]);
	});

	it.each([
		[{}, 'body: neither set nor remove names a tag'],
		[{ set: {}, remove: undefined }, 'body: neither set nor remove names a tag'],
		[{ set: 'x' }, 'body.set: "x" is not an object of texts'],
		[{ set: ['x'] }, 'body.set: ["x"] is not an object of texts'],
		[{ set: { k: 7 } }, 'body.set.k: 7 is not a text'],
		[{ set: { '': 'v' } }, 'a name in body.set: "" is not a text'],
		[{ set: { k: 'v'.repeat(513) } }, 'body.set.k is longer than 512 bytes'],
		[{ remove: 'k' }, 'body.remove: "k" is not a list of 1 to 64 texts'],
		[{ set: { k: 'v' }, remove: ['k'] }, 'body.remove: k is in body.set as well'],
	])('MeshTags refuses %j', async (body, message) => {
		await expect(call(await serve(), 'MeshTags', body)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message });
	});

	it('MeshTags says when all tags together are too large', async () => {
		const message = 'tags: 600 bytes encoded; at most 512 are allowed';
		const setTags = () => Promise.reject(Object.assign(new Error(message), { code: 'MESH_TAGS_TOO_LARGE' }));
		const server = await serve({ commands: { ...COMMANDS, setTags } });
		const refusal = { code: 'INVALID_ARGUMENT', message };
		await expect(call(server, 'MeshTags', { set: { k: 'v' } })).rejects.toMatchObject(refusal);
	});

	it.each([
		[
			'an unknown action',
			'Mesh"Foo',
			undefined,
			'no action "Mesh\\"Foo"; known: MeshStatus, MeshIdentity, cluster-status, MeshInfo, MeshViews, MeshEvents, MeshLive, MeshRing, MeshWhy, MeshDoctor, DiscoveryStatus, MeshJoin, MeshKeys, MeshLeave, MeshTags',
		],
		['an unknown key', 'MeshRing', { kéy: 1 }, 'body.kéy is not known; known: key, count, member, diff'],
		['a wrong value', 'MeshJoin', { addresses: 'x:1' }, 'body.addresses: "x:1" is not a list of 1 to 64 texts'],
	])('refuse %s', async (_case, type, body, message) => {
		await expect(call(await serve(), type, body)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message });
	});

	it.each([
		[
			Object.assign(new Error('it has left'), { code: 'MESH_STOPPED' }),
			'FAILED_PRECONDITION',
			'MESH_STOPPED: it has left',
		],
		[new RangeError('"x" has no port'), 'INVALID_ARGUMENT', '"x" has no port'],
		[new Error('disk full'), 'INTERNAL', 'the agent failed: disk full'],
	])('report a failed command: %s', async (error, code, message) => {
		const server = await serve({ commands: { ...COMMANDS, join: () => Promise.reject(error) } });
		await expect(call(server, 'MeshJoin', { addresses: ['x:1'] })).rejects.toMatchObject({ code, message });
	});
});
