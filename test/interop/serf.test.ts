// Real serf agents and our nodes in one cluster: each sees the other join, change, stall, crash and leave.

import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { MeshProcess } from './support/mesh-process.ts';
import { describeWith } from './support/programs.ts';
import { QUIET_MS, staysFor } from './support/quiet.ts';
import { SerfAgent, type SerfMember } from './support/serf-agent.ts';

const TAGS = { role: 'cache', zone: 'b' };

const startMesh = (options: { name?: string; seeds?: readonly string[]; port?: number } = {}): Promise<MeshProcess> =>
	MeshProcess.start({
		name: 'mesh-1',
		compat: 'serf',
		tags: TAGS,
		grpcAddress: '0.0.0.0:3000',
		metaAddress: '0.0.0.0:3001',
		...options,
	});

/** What serf shows of a node that `startMesh` started. */
const shown = (mesh: MeshProcess): SerfMember => ({
	name: mesh.name,
	addr: mesh.address,
	tags: { ...TAGS, lb: '1', grpc: '127.0.0.1:3000', meta: '127.0.0.1:3001' },
	status: 'alive',
});

/** One agent and one node that know each other. */
async function pair(): Promise<{ serf: SerfAgent; mesh: MeshProcess }> {
	const serf = await SerfAgent.start({ name: 'serf-1', tags: { role: 'web' } });
	const mesh = await startMesh({ seeds: [serf.address] });
	await serf.willShow('mesh-1', shown(mesh));
	await mesh.willShow('serf-1', { state: 'alive' });
	return { serf, mesh };
}

describeWith('serf', 'joining', () => {
	it('our node joins through an agent', async () => {
		const serf = await SerfAgent.start({ name: 'serf-1', tags: { role: 'web' } });
		const mesh = await startMesh();
		const [answer] = await mesh.join(serf.address);
		expect(answer).toMatchObject({ ok: true, via: 'stream' });
		await serf.willShow('mesh-1', shown(mesh));
		await mesh.willShow('serf-1', { state: 'alive', own: false, tags: { role: 'web' } });
		expect(serf.complaints).toEqual([]);
	});

	it('an agent joins through our node', async () => {
		const mesh = await startMesh();
		const serf = await SerfAgent.start({ name: 'serf-1', tags: { role: 'web' } });
		await serf.command('join', mesh.address);
		await serf.willShow('mesh-1', shown(mesh));
		await mesh.willShow('serf-1', { state: 'alive', own: false, tags: { role: 'web' } });
		expect(serf.complaints).toEqual([]);
	});

	it('two agents and two nodes see each other, whoever joined through whom', async () => {
		const first = await startMesh({ name: 'mesh-1' });
		const serf1 = await SerfAgent.start({ name: 'serf-1', join: first.address });
		const second = await startMesh({ name: 'mesh-2', seeds: [serf1.address] });
		const serf2 = await SerfAgent.start({ name: 'serf-2', join: second.address });
		const names = ['mesh-1', 'mesh-2', 'serf-1', 'serf-2'];
		for (const name of names) {
			for (const serf of [serf1, serf2]) await serf.willShow(name, { status: 'alive' });
			for (const mesh of [first, second]) await mesh.willShow(name, { state: 'alive', own: name.startsWith('mesh') });
		}
		expect([...serf1.complaints, ...serf2.complaints]).toEqual([]);
	});

	it('an encrypted cluster lets in who has the key', async () => {
		const encrypt = randomBytes(32).toString('base64');
		const serf = await SerfAgent.start({ name: 'serf-1', encrypt });
		const mesh = await MeshProcess.start({ name: 'mesh-1', compat: 'serf', keys: [encrypt], seeds: [serf.address] });
		const late = await SerfAgent.start({ name: 'serf-2', encrypt, join: mesh.address });
		for (const agent of [serf, late]) {
			for (const name of ['mesh-1', 'serf-1', 'serf-2']) await agent.willShow(name, { status: 'alive' });
			expect(agent.complaints).toEqual([]);
		}
		await mesh.willShow('serf-2', { state: 'alive' });
	});
});

describeWith('serf', 'living together', () => {
	it('causes no line in the log that an agent would not cause', { timeout: QUIET_MS + 60_000 }, async () => {
		const { serf, mesh } = await pair();
		const control = await SerfAgent.start({ name: 'control-1' });
		await SerfAgent.start({ name: 'control-2', join: control.address });
		await staysFor(QUIET_MS, async () => {
			await serf.shows('mesh-1', { status: 'alive' });
			await mesh.shows('serf-1', { state: 'alive' });
		});
		expect(serf.complaints).toEqual([]);
		// Who syncs with whom, and when, is chance.
		const known = new Set([...control.logKinds, ...ROUTINE]);
		expect([...serf.logKinds].filter((kind) => !known.has(kind))).toEqual([]);
	});

	it('a change of tags reaches an agent, and the change of an agent reaches us', async () => {
		const { serf, mesh } = await pair();
		await mesh.setTags({ role: 'queue' });
		await serf.willShow('mesh-1', { tags: { role: 'queue', lb: '1', grpc: '127.0.0.1:3000', meta: '127.0.0.1:3001' } });
		await serf.command('tags', '-set', 'role=db');
		await mesh.willShow('serf-1', { tags: { role: 'db' } });
	});

	it('queries reach us by name and by tag, and are acknowledged', async () => {
		const { serf } = await pair();
		const acked = async (...filters: readonly string[]): Promise<boolean> => {
			const answer = await serf.command('query', '-timeout=1s', '-format=json', ...filters, 'uptime');
			return JSON.parse(answer).Acks?.includes('mesh-1') ?? false;
		};
		expect(await acked()).toBe(true);
		expect(await acked('-node=mesh-1')).toBe(true);
		expect(await acked('-tag=role=^c.*e$')).toBe(true);
		expect(await acked('-tag=role=^x')).toBe(false);
		expect(await serf.command('reachability')).toContain('Successfully contacted all live nodes');
	});

	it('force-leave does not get rid of a living node', async () => {
		const { serf, mesh } = await pair();
		// With nobody else alive an agent keeps its intent to itself.
		const witness = await SerfAgent.start({ name: 'serf-2', join: serf.address });
		await witness.willShow('mesh-1', { status: 'alive' });
		await serf.command('force-leave', 'mesh-1');
		// When the command returns, the agent has taken it for leaving. Usually gossip tells us, at the latest a push/pull.
		for (const agent of [serf, witness]) await agent.willShow('mesh-1', { status: 'alive' }, 40_000);
		await staysFor(2_000, async () => {
			for (const agent of [serf, witness]) await agent.shows('mesh-1', { status: 'alive' });
		});
		await mesh.willShow('serf-1', { state: 'alive' });
	});

	it('our vote keeps an agent up whose name another one claims', async () => {
		const { serf, mesh } = await pair();
		const impostor = await SerfAgent.start({ name: 'serf-1' });
		await impostor.command('join', mesh.address).catch(() => 'refused, as it may well be');
		await impostor.process.exited;
		await serf.willShow('serf-1', { status: 'alive', addr: serf.address });
		await mesh.willShow('serf-1', { state: 'alive' });
	});
});

describeWith('serf', 'leaving and failing', () => {
	it('our goodbye is shown as left', async () => {
		const { serf, mesh } = await pair();
		await mesh.leave();
		await serf.willShow('mesh-1', { status: 'left' });
		expect(serf.complaints).toEqual([]);
	});

	it("an agent's goodbye is shown as left", async () => {
		const { serf, mesh } = await pair();
		await serf.command('leave');
		await mesh.willShow('serf-1', { state: 'left' });
	});

	it('our crash is shown as failed, and our restart as alive', async () => {
		const { serf, mesh } = await pair();
		const port = Number(mesh.address.split(':')[1]);
		mesh.process.signal('SIGKILL');
		await serf.willShow('mesh-1', { status: 'failed' }, 20_000);
		await startMesh({ port, seeds: [serf.address] });
		await serf.willShow('mesh-1', shown(mesh));
	});

	it('our return after a goodbye is shown as alive, and the second goodbye as left', async () => {
		const { serf, mesh } = await pair();
		const port = Number(mesh.address.split(':')[1]);
		await mesh.leave();
		await serf.willShow('mesh-1', { status: 'left' });
		const again = await startMesh({ port, seeds: [serf.address] });
		await serf.willShow('mesh-1', shown(mesh));
		await again.willShow('serf-1', { state: 'alive' });
		await again.leave();
		await serf.willShow('mesh-1', { status: 'left' });
	});

	it("an agent's crash is shown as dead", async () => {
		const { serf, mesh } = await pair();
		serf.process.signal('SIGKILL');
		await mesh.willShow('serf-1', { state: 'dead' }, 20_000);
	});

	it('an agent that stalls for three seconds does no lasting damage', async () => {
		const { serf, mesh } = await pair();
		await serf.process.stall(3_000);
		await mesh.willShow('serf-1', { state: 'alive' });
		await serf.willShow('mesh-1', { status: 'alive' });
		await staysFor(3_000, async () => {
			await mesh.shows('serf-1', { state: 'alive' });
			await serf.shows('mesh-1', { status: 'alive' });
		});
	});

	it('a stall of ours of three seconds does no lasting damage', async () => {
		const { serf, mesh } = await pair();
		await mesh.process.stall(3_000);
		await serf.willShow('mesh-1', { status: 'alive' });
		await mesh.willShow('serf-1', { state: 'alive' });
		await staysFor(3_000, async () => {
			await mesh.shows('serf-1', { state: 'alive' });
			await serf.shows('mesh-1', { status: 'alive' });
		});
	});
});

const ROUTINE = [
	'[DEBUG] memberlist: Stream connection from=#.#.#.#:#',
	'[DEBUG] memberlist: Initiating push/pull sync with',
];
