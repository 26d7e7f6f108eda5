// X17 on real sockets: own nodes count how old each other's beacons are.

import { expect, it } from 'vitest';
import type { Mesh } from '../../src/mesh/index.ts';
import { at, start } from '../support/mesh.ts';
import { until } from '../support/until.ts';

it('X17: beacons reach all own nodes within the time that news takes', async () => {
	const options = { beaconIntervalMs: 1_000 };
	const first = await start('a', options);
	const others = await Promise.all(['b', 'c', 'd'].map((name) => start(name, { ...options, seeds: [at(first)] })));
	const meshes = [first, ...others];
	const counted = (mesh: Mesh): number =>
		mesh.status.counters.propagation.classes.reduce((sum, count) => sum + count, 0);
	await until('all have heard three', () => meshes.every((mesh) => counted(mesh) >= 3), 60_000);
	for (const mesh of meshes) {
		const meanMs = mesh.status.counters.propagation.sumMs / counted(mesh);
		// News waits 5 ms for company before it leaves; a loaded machine may take its time.
		expect(meanMs).toBeGreaterThan(1);
		expect(meanMs).toBeLessThan(1_000);
	}
});
