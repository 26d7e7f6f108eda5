// Every command against live agents: what it prints, on which stream, and its exit code.

import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callAction } from '../../src/flight/index.ts';
import type { MemberObject } from '../../src/status/index.ts';
import { type AgentProcess, freePort, startAgentProcess } from '../support/agent-process.ts';
import { cli, eventually } from '../support/cli.ts';

let a: AgentProcess;
let b: AgentProcess;

const ask = (line: string, env: NodeJS.ProcessEnv = {}) =>
	cli(line.split(' '), { env: { LONGBOW_ADDR: a.status, ...env } });

beforeAll(async () => {
	a = await startAgentProcess('a', { env: { LONGBOW_GOSSIP_TAGS: 'role=store' } });
	b = await startAgentProcess('b', {
		join: [a.gossip],
		env: { LONGBOW_GOSSIP_TAGS: 'role=web', LONGBOW_GOSSIP_WEIGHT: '3' },
	});
	await eventually('both are alive', async () => (await ask('members --expect 2')).code === 0 || undefined);
});

afterAll(async () => {
	await Promise.all([a.end(), b.end()]);
});

describe('members', () => {
	it('is a table on stdout and a summary on stderr', async () => {
		const { code, out, err } = await ask('members');
		expect(code).toBe(0);
		const lines = out.trimEnd().split('\n');
		expect(lines[0]).toMatch(/^NAME +STATE +ADDRESS +RTT +SEEN +KEYS +TAGS$/);
		expect(lines[1]).toMatch(new RegExp(`^a +● alive +${a.gossip} +- +0s +\\d+\\.\\d+% +role=store$`));
		expect(lines).toHaveLength(3);
		expect(err).toMatch(/^2 members: 2 alive\. Seen from a; [12] of [12] views? agrees?\.\n$/);
	});

	it('--json has the objects of the Flight API', async () => {
		const document = JSON.parse((await ask('members --json')).out);
		expect(document).toMatchObject({ schema: 1, self: 'a', count: 2 });
		expect(document.members[1]).toMatchObject({ ID: 'b', Addr: b.gossip, Status: 0, Tags: { role: 'web', w: '3' } });
		expect(document.members[0].share + document.members[1].share).toBeCloseTo(1);
	});

	it.each([
		['members -o name', 'a\nb\n'],
		['members --tag role=web -o name', 'b\n'],
		['members --state dead -o name', ''],
		['members --sort keys -o name', 'b\na\n'],
	])('%s', async (line, expected) => {
		expect(await ask(`${line} -q`)).toEqual({ code: 0, out: expected, err: '' });
	});

	it('--expect waits, and says what is missing', async () => {
		expect((await ask('members --expect 2 --within 5s')).code).toBe(0);
		const { code, out, err } = await ask('members --expect 3 --within 300ms');
		expect([code, out]).toEqual([1, '']);
		expect(err).toBe('error: 3 expected, 2 alive after 300ms\n  try: longbow-mesh members\n');
	});

	it('speaks no escapes to a pipe, and ASCII alone to LANG=C and TERM=dumb', async () => {
		expect((await ask('members', { TERM: 'xterm' })).out).not.toContain('\x1b');
		for (const env of [{ LANG: 'C' }, { TERM: 'dumb' }]) {
			const { out } = await ask('members', env);
			expect(out).toMatch(/^\p{ASCII}*$/u);
			expect(out).toContain('+ alive');
		}
		expect((await ask('members', { FORCE_COLOR: '1' })).out).toContain('\x1b[36m●');
		expect((await ask('members --no-color', { FORCE_COLOR: '1' })).out).not.toContain('\x1b');
	});
});

describe('info', () => {
	it('is about the node that is asked', async () => {
		const { code, out } = await ask('info');
		expect(code).toBe(0);
		expect(out).toMatch(/^a +● alive, up \d/);
		expect(out).toMatch(new RegExp(`\n {2}gossip address +${a.gossip} +\\S`));
		expect(out).toMatch(/\n {2}ring +[0-9a-f]{8} +2 owners, this node \d+\.\d+% \(\d\.\d+x fair\)\n/);
		for (const label of ['cluster', 'local health', 'probes', 'traffic', 'security', 'discovery', 'version']) {
			expect(out).toContain(`\n  ${label}`);
		}
		expect(JSON.parse((await ask('info --json')).out)).toMatchObject({ self: 'a', member: { ID: 'a' }, node: {} });
	});

	it('is about another member on request, or names the nearest', async () => {
		expect(JSON.parse((await ask('info b --json')).out)).toMatchObject({
			schema: 1,
			self: 'a',
			member: { ID: 'b' },
			view: { own: true, path: 'udp' },
			cluster: { members: 2, states: { alive: 2, suspect: 0, dead: 0, left: 0 } },
		});
		const { code, err } = await ask('info bb');
		expect([code, err]).toEqual([1, 'error: no member "bb"\n  Known here: a, b.\n  try: longbow-mesh info b\n']);
	});
});

describe('why', () => {
	it('explains a member: sentence, evidence, this node meanwhile', async () => {
		const { code, out } = await ask('why b');
		expect(code).toBe(0);
		expect(out).toMatch(/^b is alive\.\n/);
		expect(out).toMatch(/\nthis node meanwhile: a, local health \d of 7, .*, probes lost \d+ of \d+ since its start\n/);
		expect(JSON.parse((await ask('why b --json')).out)).toMatchObject({ schema: 1, member: 'b', state: 'alive' });
	});

	it('names the nearest when it knows nobody of that name', async () => {
		const { code, err } = await ask('why bb');
		expect([code, err]).toEqual([1, 'error: no member "bb"\n  Known here: a, b.\n  try: longbow-mesh why b\n']);
		expect((await ask('why')).code).toBe(2);
	});
});

describe('ring', () => {
	it('names the owner of a key, the same on every node', async () => {
		const here = await ask('ring user:4711 --count 2');
		expect(here.out).toMatch(/^user:4711 {2}(a, b|b, a)\n$/);
		expect(here.err).toMatch(/^ring [0-9a-f]{8}, 2 owners, same on 2 of 2\n$/);
		expect((await ask('ring user:4711 --count 2', { LONGBOW_ADDR: b.status })).out).toBe(here.out);
	});

	it('shows shares that follow the weights', async () => {
		const document = JSON.parse((await ask('ring --json')).out);
		const share = (name: string) => document.shares.find(({ member }: { member: string }) => member === name).share;
		expect(share('b')).toBeGreaterThan(0.6);
		expect(share('a') + share('b')).toBeCloseTo(1);
		expect((await ask('ring --member a --no-headers -q')).out).toMatch(
			/^a {2}\d+\.\d+% {2}\d\.\d\dx {2}1 takes over \d+\.\d+%\n$/,
		);
		expect((await ask('ring')).out).toMatch(/^OWNER +SHARE +FAIR +IF IT DIES\n/);
		expect(JSON.parse((await ask('ring --member a --json')).out)).toMatchObject({ takeover: [{ member: 'b' }] });
		const { code, err } = await ask('ring --member bb');
		expect([code, err]).toEqual([
			1,
			'error: no member "bb"\n  Known here: a, b.\n  try: longbow-mesh ring --member b\n',
		]);
	});

	it('finds no other ring where all agree', async () => {
		expect(await ask('ring --diff -q')).toEqual({ code: 0, out: '', err: '' });
		expect((await ask('ring key --diff')).code).toBe(2);
	});

	it('reads keys from stdin, and agrees with the agent', async () => {
		const keys = Array.from({ length: 50 }, (_, i) => `key-${i}`);
		const { out } = await cli(['ring', '-', '--addr', a.status], { input: keys.join('\n') });
		const owners = out.trimEnd().split('\n');
		expect(owners).toHaveLength(50);
		for (const i of [0, 7, 49]) {
			expect(JSON.parse((await ask(`ring ${keys[i]} --json`)).out).owners).toEqual([owners[i]]);
		}
	});
});

describe('join', () => {
	it('says how each peer answered; one is enough', async () => {
		const silent = `127.0.0.1:${await freePort()}`;
		const { code, out, err } = await ask(`join ${b.gossip} ${silent}`);
		expect(code).toBe(0);
		expect(out).toMatch(new RegExp(`^● ${b.gossip} +b +udp, 2 members learnt$`, 'm'));
		expect(out).toMatch(new RegExp(`^✕ ${silent} +- +\\S`, 'm'));
		expect(err).toMatch(/^joined: 2 members known, /);
	});

	it('is 1 when nobody answered, and says why not', async () => {
		const silent = `127.0.0.1:${await freePort()}`;
		const { code, out, err } = await ask(`join ${silent} --json`);
		expect([code, out]).toEqual([1, '']);
		const { error } = JSON.parse(err);
		expect(error).toMatchObject({ code: 'MESH_JOIN_FAILED', message: `the agent at ${a.status} could not join` });
		expect(error.cause).toContain(`${silent}: `);
	});
});

describe('leave', () => {
	it('does not ask where nobody can answer', async () => {
		const { code, err } = await ask('leave');
		expect([code, err]).toEqual([
			2,
			'error: leave asks first, and there is no terminal to ask on\n  try: longbow-mesh leave --yes\n',
		]);
	});

	it('lets the agent say goodbye and end with 0', async () => {
		const c = await startAgentProcess('c', { join: [a.gossip] });
		await eventually('c is known', async () => (await ask('members --expect 3')).code === 0 || undefined);
		const ended = once(c.child, 'exit');
		const { code, out } = await cli(['leave', '--yes', '--json', '--addr', c.status]);
		expect(code).toBe(0);
		expect(JSON.parse(out)).toMatchObject({ schema: 1, told: 2, of: 2 });
		expect(await ended).toEqual([0, null]);
		expect((await ask('members --state left -o name -q')).out).toBe('c\n');
		await c.end();
	});
});

describe('why, of a crash', () => {
	it('tells the whole story of a crash', async () => {
		const c = await startAgentProcess('crashed', { join: [a.gossip] });
		await eventually('it is known', async () => (await ask('members --expect 3')).code === 0 || undefined);
		await c.end();
		const isDead = async () => ((await ask('members --state dead -o name -q')).out === 'crashed\n' ? true : undefined);
		await eventually('it is dead', isDead);
		const { out } = await ask('why crashed');
		expect(out).toMatch(/^crashed is dead since \d\d:\d\d:\d\d\.\d{3}\.\nLikely its process or host: /);
		expect(out).toMatch(/· asked 1 helper +b nack\n|· asked 1 helper +b silent\n|◐ suspected +by /);
		expect(out).toMatch(/✕ dead +(not refuted in 5\.\ds|heard by gossip, accused by b)/);
		expect(out).toContain('next: longbow-mesh info crashed');
	});
});

describe('MeshTags', () => {
	const tagsSeenBy = async ({ status }: AgentProcess) => {
		const members = JSON.parse((await cli(['members', '--json', '--addr', status])).out).members as MemberObject[];
		return members.find(({ ID }) => ID === 'a')?.Tags;
	};

	it('changes the tags of a node, which all the others see', async () => {
		const options = { timeoutMs: 10_000 };
		const change = { set: { role: 'cache', für: 'alle' }, remove: ['none'] };
		expect(await callAction(a.status, 'MeshTags', change, options)).toEqual({ tags: change.set });
		await eventually('b sees them', async () => ((await tagsSeenBy(b))?.für === 'alle' ? true : undefined));
		const tooLarge = callAction(a.status, 'MeshTags', { set: { x: 'x'.repeat(510) } }, options);
		await expect(tooLarge).rejects.toMatchObject({
			code: 'INVALID_ARGUMENT',
			message: expect.stringMatching(/^tags: \d+ bytes encoded; at most 512 are allowed$/),
		});
		const reserved = callAction(a.status, 'MeshTags', { set: { grpc: 'x' } }, options);
		await expect(reserved).rejects.toMatchObject({
			code: 'INVALID_ARGUMENT',
			message: expect.stringContaining('grpc'),
		});
		await callAction(a.status, 'MeshTags', { set: { role: 'store' }, remove: ['für'] }, options);
		await eventually('b sees the old ones', async () => ((await tagsSeenBy(b))?.für === undefined ? true : undefined));
		expect(await tagsSeenBy(b)).toEqual({ role: 'store' });
	});
});
