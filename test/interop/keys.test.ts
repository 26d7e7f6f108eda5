// Keys replaced in a cluster of eight of our members and two real serf agents, by serf's own command: nobody is suspected, nothing refused.

import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Mesh, MeshEvent } from '../../src/mesh/index.ts';
import { keyId } from '../../src/wire/index.ts';
import { type AgentProcess, startAgentProcess } from '../support/agent-process.ts';
import { type CliResult, cli, eventually } from '../support/cli.ts';
import { checkOf, examine } from '../support/doctor.ts';
import { at, start } from '../support/mesh.ts';
import { describeWith } from './support/programs.ts';
import { staysFor } from './support/quiet.ts';
import { SerfAgent } from './support/serf-agent.ts';

/** Serf's own pace, so that a loaded machine is no fault: what is tested is keys, not detection. */
const UNHURRIED = {
	protocolPeriodMs: 1_000,
	ackTimeoutMs: 500,
	suspicionTimeoutMs: 20_000,
	gossipIntervalMs: 200,
	compat: 'serf',
} as const;
const UNHURRIED_AGENT = {
	LONGBOW_GOSSIP_PROTOCOL_PERIOD: '1s',
	LONGBOW_GOSSIP_ACK_TIMEOUT: '500ms',
	LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '20s',
	LONGBOW_GOSSIP_COMPAT: 'serf',
};
/** Each member is probed by another one several times a step. */
const STEP_MS = 4_000;
const OURS = 7;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

interface Cluster {
	readonly meshes: readonly Mesh[];
	readonly agent: AgentProcess;
	readonly serfs: readonly [SerfAgent, SerfAgent];
	/** Suspicions and deaths in the eyes of our members, and what they refused to read. */
	readonly trouble: MeshEvent[];
	readonly keys: readonly [old: Uint8Array, fresh: Uint8Array];
}

const base64 = (key: Uint8Array): string => Buffer.from(key).toString('base64');

function isTrouble(event: MeshEvent): boolean {
	if (event.type === 'rejected') return event.code === 'cannot-decrypt';
	return event.type === 'state' && (event.to === 'suspect' || event.to === 'dead');
}

/** Ours: seven in this process and an agent of its own. */
async function tenMembers(): Promise<Cluster> {
	const keys = [new Uint8Array(randomBytes(32)), new Uint8Array(randomBytes(16))] as const;
	const encrypt = base64(keys[0]);
	const serf1 = await SerfAgent.start({ name: 'serf-1', encrypt, profile: 'lan' });
	const serf2 = await SerfAgent.start({ name: 'serf-2', encrypt, profile: 'lan', join: serf1.address });
	const trouble: MeshEvent[] = [];
	const meshes: Mesh[] = [];
	for (let i = 0; i < OURS; i++) {
		const mesh = await start(`mesh-${i}`, { ...UNHURRIED, keys: [keys[0]], seeds: [serf1.address] });
		mesh.on('event', (event) => {
			if (isTrouble(event)) trouble.push(event);
		});
		meshes.push(mesh);
	}
	const agent = await agentWith('mesh-7', keys[0], at(meshes[0]!));
	const cluster: Cluster = { meshes, agent, serfs: [serf1, serf2], trouble, keys };
	await eventually('ten members', async () => ((await sees(cluster, 10)) ? true : undefined), 40_000);
	return cluster;
}

async function agentWith(name: string, key: Uint8Array, seed: string): Promise<AgentProcess> {
	const env = { ...UNHURRIED_AGENT, LONGBOW_GOSSIP_KEYS: base64(key) };
	const agent = await startAgentProcess(name, { env, join: [seed] });
	closers.push(() => agent.end());
	return agent;
}

async function sees({ meshes, agent, serfs }: Cluster, count: number): Promise<boolean> {
	if (meshes.some((mesh) => mesh.members.filter(({ state }) => state === 'alive').length !== count)) return false;
	const { out } = await cli(['members', '--state', 'alive', '-o', 'name', '--addr', agent.status]);
	if (out.trim().split('\n').length !== count) return false;
	for (const serf of serfs) {
		if ((await serf.members()).filter(({ status }) => status === 'alive').length !== count) return false;
	}
	return true;
}

/** Nobody is suspected by anybody, and nobody's packets are refused, for the length of a step. */
async function staysWell(cluster: Cluster): Promise<void> {
	const { agent, serfs, trouble } = cluster;
	await staysFor(STEP_MS, async () => {
		expect(trouble).toEqual([]);
		for (const serf of serfs) expect(serf.complaints).toEqual([]);
		expect(await sees(cluster, 10)).toBe(true);
	});
	expect(agent.log.filter((line) => /"event":"unreadable"|"to":"(suspect|dead)"/.test(line))).toEqual([]);
	const page = await (await fetch(`http://${agent.metrics}/metrics`)).text();
	expect(page).toContain('gossip_rejected_total{reason="cannot-decrypt"} 0');
	for (const { status } of cluster.meshes) expect(status.counters.rejected['cannot-decrypt'] ?? 0).toBe(0);
}

describeWith('serf', 'keys', () => {
	let cluster: Cluster;
	beforeEach(async () => {
		cluster = await tenMembers();
	}, 90_000);

	const keysOf = (...args: string[]): Promise<CliResult> => cli(['keys', ...args, '--addr', cluster.agent.status]);

	it('are installed, used and removed by serf keys on one agent, and all ten obey', { timeout: 150_000 }, async () => {
		const { serfs, meshes, keys } = cluster;
		const [old, fresh] = keys;
		const late = await agentWith('late', old, at(meshes[0]!));
		await eventually('the eleventh', async () => ((await sees(cluster, 11)) ? true : undefined));
		await late.end('SIGTERM');
		await eventually('its goodbye', async () => ((await sees(cluster, 10)) ? true : undefined));

		expect(await serfs[0].command('keys', '-install', base64(fresh))).toContain('Successfully installed key');
		for (const { keyring } of meshes) expect(keyring?.keys).toEqual([old, fresh]);
		await staysWell(cluster);
		expect(await serfs[1].command('keys', '-use', base64(fresh))).toContain('Successfully changed primary key');
		for (const { keyring } of meshes) expect(keyring?.keys).toEqual([fresh, old]);
		await staysWell(cluster);
		expect(await serfs[0].command('keys', '-remove', base64(old))).toContain('Successfully removed key');
		for (const { keyring } of meshes) expect(keyring?.keys).toEqual([fresh]);
		await staysWell(cluster);
		expect(await serfs[1].command('keys', '-list')).toMatch(new RegExp(`${escaped(base64(fresh))}\\s+\\[10/10\\]`));
		const listed = JSON.parse((await keysOf('list', '--json')).out);
		expect(listed.keys).toMatchObject([{ key: keyId(fresh), bits: 128, heldBy: 1 }]);

		const missed = await agentWith('late', old, at(meshes[0]!));
		const line = await eventually('word of what it missed', () =>
			missed.log.find((each) => each.includes('"event":"unreadable"')),
		);
		expect(JSON.parse(line)).toMatchObject({ level: 'error', component: 'security', keys: [keyId(old)] });
		expect(JSON.parse(line).reason).toContain('If the keys were rotated while this node was away');
		const label = checkOf(await examine(['--addr', missed.status, '--only', 'label']), 'label');
		expect(label).toMatchObject({ result: 'fail', why: expect.stringContaining(`our 1 key (${keyId(old)}…)`) });
		expect(await sees(cluster, 10)).toBe(true);
		await missed.end();
		await agentWith('late', fresh, at(meshes[0]!));
		await eventually('the one that was given the new key', async () => ((await sees(cluster, 11)) ? true : undefined));
		expect(cluster.trouble.filter(({ type }) => type === 'state')).toEqual([]);
	});

	it('are not changed by keys --all while members cannot be asked', { timeout: 90_000 }, async () => {
		const id = keyId(cluster.keys[0]);
		const used = await keysOf('use', id, '--all', '--wait', '0s');
		expect(used.code).toBe(1);
		expect(used.err).toContain('serf-1 (no status address), serf-2 (no status address)');
		expect(used.err).toContain('serf keys -use <key> on a serf agent: it reaches members with compat serf too');
		const list = JSON.parse((await keysOf('list', '--all', '--json')).out);
		expect(list.members).toBe(10);
		expect(list.keys).toMatchObject([{ key: id, heldBy: 1, primaryOn: ['mesh-7'] }]);
	});
});

function escaped(text: string): string {
	return text.replace(/[+/=]/g, '\\$&');
}
