// Keys as an operator handles them: made, installed, used and removed on real agents, one and all, and never shown.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AgentProcess, startAgentProcess } from '../support/agent-process.ts';
import { type CliResult, cli, eventually } from '../support/cli.ts';

/** Slow enough that a loaded machine is no fault: a stopped member stays alive in the eyes of the others. */
const UNHURRIED = {
	LONGBOW_GOSSIP_PROTOCOL_PERIOD: '2s',
	LONGBOW_GOSSIP_ACK_TIMEOUT: '1s',
	LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '60s',
};

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

/** Everything that any command has written in this test. */
let written = '';
beforeEach(() => {
	written = '';
});

async function keysOf(agent: AgentProcess, args: string, input?: string): Promise<CliResult> {
	const line = ['keys', ...args.split(' '), '--addr', agent.status];
	const result = await cli(line, input === undefined ? {} : { input });
	written += result.out + result.err;
	return result;
}

async function fresh(bits = '256'): Promise<string> {
	const { out, err, code } = await cli(['keygen', '--bits', bits]);
	expect([code, err]).toEqual([0, '']);
	expect(Buffer.from(out, 'base64')).toHaveLength(Number(bits) / 8);
	return out.trim();
}

/** Three agents that see each other and hold one key. */
async function mesh(key: string): Promise<[AgentProcess, AgentProcess, AgentProcess]> {
	const agents: AgentProcess[] = [];
	for (const name of ['a', 'b', 'c']) {
		const joined = agents[0] === undefined ? [] : [agents[0].gossip];
		const agent = await startAgentProcess(name, { env: { ...UNHURRIED, LONGBOW_GOSSIP_KEYS: key }, join: joined });
		closers.push(() => agent.end());
		agents.push(agent);
	}
	for (const { status } of agents) {
		const { code, err } = await cli(['members', '--expect', '3', '--within', '20s', '--addr', status]);
		if (code !== 0) throw new Error(err);
	}
	return agents as [AgentProcess, AgentProcess, AgentProcess];
}

const idIn = (text: string): string => / key ([0-9a-f]{4})…/.exec(text)?.[1] ?? '';

describe('keygen', () => {
	it.each(['128', '192', '256'])('prints one key of %s bits, and nothing else', async (bits) => {
		const [first, second] = [await fresh(bits), await fresh(bits)];
		expect(first).not.toBe(second);
		const { out } = await cli(['keygen', '--bits', bits, '--json']);
		expect(JSON.parse(out)).toMatchObject({ schema: 1, bits: Number(bits) });
	});

	it('knows no other sizes', async () => {
		const { code, err } = await cli(['keygen', '--bits', '64']);
		expect([code, err]).toEqual([2, 'error: --bits "64": one of 128, 192, 256\n']);
	});
});

describe('keys', () => {
	it('are replaced on every member, a step at a time, each refused until it is safe', async () => {
		const [old, next] = [await fresh(), await fresh('128')];
		const [a, b] = await mesh(old);

		const early = await keysOf(a, 'use --all', next);
		const id = idIn(` ${early.err.replace('error:', '')}`);
		expect(early.code).toBe(1);
		expect(early.err).toBe(
			`error: key ${id}… is missing on a, b, c\n` +
				'  Members that lack it would understand nobody. Nothing was changed.\n  try: longbow-mesh keys install --all\n',
		);

		const installed = await keysOf(a, 'install --all', next);
		expect([installed.code, installed.err]).toEqual([0, '']);
		expect(installed.out).toMatch(new RegExp(`^told 3 of 3 members in [\\d.]+m?s: key ${id}… installed\n$`));
		const listed = await keysOf(b, 'list --all');
		expect(listed.out).toMatch(new RegExp(`^KEY +HELD BY +PRIMARY ON\n[0-9a-f]{4}… +3 of 3 +3\n${id}… +3 of 3 +0\n$`));
		const before = /^([0-9a-f]{4})… +3 of 3 +3$/m.exec(listed.out)?.[1] ?? '';

		const inUse = await keysOf(b, `remove ${before} --all`);
		expect([inUse.code, inUse.err]).toEqual([
			1,
			`error: key ${before}… is primary on 3 members\n  Who sends with it would be understood by nobody: a, b, c.\n` +
				`  try: longbow-mesh keys use ${id} --all\n`,
		]);
		expect((await keysOf(b, `use ${id} --all`)).out).toMatch(
			/^told 3 of 3 members in [\d.]+m?s: key [0-9a-f]{4}… used\n$/,
		);
		const removed = await keysOf(a, `remove ${before}… --all --json`);
		expect(JSON.parse(removed.out)).toMatchObject({ schema: 1, op: 'remove', key: before, told: 3, of: 3, silent: [] });
		const left = JSON.parse((await keysOf(a, 'list --all --json')).out);
		expect(left).toMatchObject({ schema: 1, self: 'a', members: 3, silent: [] });
		expect(left.keys).toEqual([
			{ key: id, bits: 128, heldBy: 3, primaryOn: ['a', 'b', 'c'], missing: [], heardMsAgo: expect.any(Number) },
		]);
		for (const secret of [old, next]) expect(written).not.toContain(secret.slice(0, 10));
		const { out } = await cli(['members', '--addr', a.status, '-o', 'json']);
		expect(JSON.parse(out).members.map(({ Status }: { Status: number }) => Status)).toEqual([0, 0, 0]);
	});

	it('name who did not answer, and who may be cut off', async () => {
		const [old, next] = [await fresh(), await fresh()];
		const [a, , c] = await mesh(old);
		c.child.kill('SIGSTOP');
		try {
			const installed = await keysOf(a, 'install --all --wait 1s --timeout 1s', next);
			expect(installed.code).toBe(1);
			expect(installed.out).toMatch(/^told 2 of 3 members in [\d.]+s: key [0-9a-f]{4}… installed\n$/);
			expect(installed.err).toBe('not told: c (no answer)\n');
			const id = idIn(installed.out);
			const used = await keysOf(a, `use ${id} --all --wait 0s --timeout 1s`);
			expect([used.code, used.err.split('\n')[0]]).toEqual([1, `error: key ${id}… is missing on c (no answer)`]);
			const removed = await keysOf(a, `remove ${id} --all --wait 0s --timeout 1s --json`);
			expect(removed.code).toBe(1);
			expect(JSON.parse(removed.err).error).toMatchObject({
				code: 'KEY_UNSURE',
				message: `key ${id}… may still be in use on c (no answer)`,
			});
			expect((await keysOf(a, 'list --all --timeout 1s')).err).toBe('not asked: c (no answer)\n');
		} finally {
			c.child.kill('SIGCONT');
		}
		await eventually('the member that was away', async () => {
			const { code, out } = await keysOf(a, 'install --all', next);
			return code === 0 && out.startsWith('told 3 of 3 ') ? true : undefined;
		});
	});

	it('change on one agent alone without --all, and come by file or stdin, never on the command line', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'longbow-key-'));
		closers.push(() => rm(folder, { recursive: true, force: true }));
		const [old, next] = [await fresh(), await fresh()];
		const file = join(folder, 'new.key');
		await writeFile(file, `# the next one\n${next}\n`);
		const [a, b] = await mesh(old);
		const installed = await keysOf(a, `install --key-file ${file}`);
		expect(installed.out).toMatch(/^key [0-9a-f]{4}… installed on a: 2 keys, [0-9a-f]{4}… encrypts\n$/);
		const id = idIn(` ${installed.out}`);
		expect(JSON.parse((await keysOf(b, 'list --json')).out).keys).toHaveLength(1);
		expect((await keysOf(b, `use ${id}`)).err).toContain(
			`error: there is no such key\n  Key ${id}… is not installed here.`,
		);
		expect((await keysOf(a, `remove --key-file ${file}`)).out).toContain('removed on a: 1 key, ');
		const primary = JSON.parse((await keysOf(a, 'list --json')).out).keys[0].key;
		expect((await keysOf(a, `remove ${primary}`)).err).toContain('error: the key is in use\n');

		const shown = await keysOf(a, `use ${next}`);
		expect([shown.code, shown.err.split('\n')[0]]).toEqual([
			2,
			'error: a key does not belong on the command line, where every user of the host can read it',
		]);
		for (const bad of [next.slice(0, 20), `${old}\n${next}`, '', '[1]']) {
			const { code, err } = await keysOf(a, 'install', bad);
			expect([code, err.startsWith('error: stdin ')], err).toEqual([2, true]);
		}
		expect((await keysOf(a, `install --key-file ${join(folder, 'none')}`)).code).toBe(2);
		for (const secret of [old, next]) expect(written).not.toContain(secret.slice(0, 10));
	});

	it('are told of as absent where nothing is encrypted', async () => {
		const alone = await startAgentProcess('alone');
		closers.push(() => alone.end());
		for (const args of ['list', 'list --all', 'install --all']) {
			const { code, err } = await keysOf(alone, args, await fresh());
			expect([code, err], args).toEqual([1, expect.stringContaining('this node ')]);
		}
	});

	it('are missed aloud by an agent without one, which the members of an encrypted mesh go on calling', async () => {
		const member = await startAgentProcess('member', { env: { LONGBOW_GOSSIP_KEYS: await fresh() } });
		closers.push(() => member.end());
		const bare = await startAgentProcess('bare', { join: [member.gossip] });
		closers.push(() => bare.end());
		// The member does not know of it until it is told to knock.
		await cli(['join', bare.gossip, '--addr', member.status, '--timeout', '10s']);
		const line = await eventually('the line of its log', () => bare.log.find((each) => each.includes('"unreadable"')));
		expect(JSON.parse(line)).toMatchObject({ level: 'warn', event: 'unreadable', component: 'security' });
		expect(line).toContain('give this node its keys');
	});
});
