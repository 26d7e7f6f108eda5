// Real Alertmanagers and our node in one cluster: plain memberlist at 200 ms and 100 ms.

import { expect, it } from 'vitest';
import { Alertmanager } from './support/alertmanager.ts';
import { MeshProcess } from './support/mesh-process.ts';
import { describeWith } from './support/programs.ts';
import { QUIET_MS, staysFor } from './support/quiet.ts';

// Alertmanagers wait for their turn by rank among all names: a guest's must sort last (wire spec §12).
const NAME = 'zz-mesh';

describeWith('prometheus-alertmanager', 'Alertmanager', () => {
	it('lists our node, is listed by it, and is quiet about it', { timeout: QUIET_MS + 60_000 }, async () => {
		const first = await Alertmanager.start();
		const second = await Alertmanager.start({ peer: first.address });
		await second.listsPeers(2);
		const mesh = await MeshProcess.start({ name: NAME, seeds: [second.address] });
		const peers = await first.listsPeers(3);
		expect(peers).toContainEqual({ name: NAME, address: mesh.address });
		for (const { name } of peers) await mesh.willShow(name, { state: 'alive', own: name === NAME });
		await staysFor(QUIET_MS, async () => {
			for (const alertmanager of [first, second]) expect(await alertmanager.peers()).toHaveLength(3);
			expect((await mesh.members()).filter(({ state }) => state === 'alive')).toHaveLength(3);
		});
		for (const alertmanager of [first, second]) {
			expect(alertmanager.complaints).toEqual([]);
			expect(await alertmanager.metric('health_score')).toBe(0);
			expect(await alertmanager.metric('failed_peers')).toBe(0);
		}
	});

	it('joins through our node', async () => {
		const mesh = await MeshProcess.start({ name: NAME });
		const alertmanager = await Alertmanager.start({ peer: mesh.address });
		expect(await alertmanager.listsPeers(2)).toContainEqual({ name: NAME, address: mesh.address });
		await mesh.willShow(NAME, { state: 'alive' });
		expect(alertmanager.complaints).toEqual([]);
	});

	it('sees our goodbye at once and our crash within seconds', async () => {
		const alertmanager = await Alertmanager.start();
		const leaver = await MeshProcess.start({ name: NAME, seeds: [alertmanager.address] });
		await alertmanager.listsPeers(2);
		await leaver.leave();
		await alertmanager.listsPeers(1, 2_000);
		const victim = await MeshProcess.start({ name: `${NAME}-2`, seeds: [alertmanager.address] });
		await alertmanager.listsPeers(2);
		victim.process.signal('SIGKILL');
		await alertmanager.listsPeers(1);
	});

	it('is seen to crash', async () => {
		const alertmanager = await Alertmanager.start();
		const mesh = await MeshProcess.start({ name: NAME, seeds: [alertmanager.address] });
		const [{ name = '' } = {}] = (await alertmanager.listsPeers(2)).filter((peer) => peer.name !== NAME);
		alertmanager.process.signal('SIGKILL');
		await mesh.willShow(name, { state: 'dead' }, 20_000);
	});
});
