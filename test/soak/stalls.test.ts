// A minute in which one of ten real processes stalls again and again: whatever is suspected is cleared, and nothing stays.

import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Member, MeshEvent } from '../../src/mesh/index.ts';
import { MeshProcess } from '../interop/support/mesh-process.ts';

const NODES = 10;
const ROUNDS = 6;
const STALL_MS = 3_000;
const RUN_MS = 7_000;

async function startCluster(): Promise<MeshProcess[]> {
	const seed = await MeshProcess.start({ name: 'node-1' });
	const starts = Array.from({ length: NODES - 1 }, (_, i) =>
		MeshProcess.start({ name: `node-${i + 2}`, seeds: [seed.address] }),
	);
	return [seed, ...(await Promise.all(starts))];
}

/** What all views must agree on. */
async function view(node: MeshProcess): Promise<string[]> {
	const members = await node.members();
	return members.map(({ name, state, incarnation }: Member) => `${name} ${state} ${incarnation}`);
}

async function agree(nodes: readonly MeshProcess[]): Promise<void> {
	await vi.waitFor(
		async () => {
			const [first = [], ...others] = await Promise.all(nodes.map(view));
			expect(first.filter((line) => line.includes(' alive '))).toHaveLength(NODES);
			for (const other of others) expect(other).toEqual(first);
		},
		{ timeout: 20_000, interval: 100 },
	);
}

/** `node-1: node-7 alive>suspect`, of all nodes. */
function changes(nodes: readonly MeshProcess[]): string[] {
	return nodes.flatMap(({ name, process }) =>
		process.lines
			.filter((line) => line.startsWith('{'))
			.map((line): MeshEvent => JSON.parse(line))
			.flatMap((event) => (event.type === 'state' ? [`${name}: ${event.member.name} ${event.from}>${event.to}`] : [])),
	);
}

describe('soak', () => {
	it('a process that stalls for three seconds every ten does no lasting damage', { timeout: 150_000 }, async () => {
		const nodes = await startCluster();
		await agree(nodes);
		const stalled = nodes[NODES - 1] as MeshProcess;
		for (let round = 0; round < ROUNDS; round++) {
			await stalled.process.stall(STALL_MS);
			await setTimeout(RUN_MS);
		}
		await agree(nodes);
		// Three seconds are less than any suspicion waits: it was suspected each time, and nobody died of it.
		const seen = changes(nodes);
		expect(seen.filter((change) => change.endsWith('>dead'))).toEqual([]);
		expect(seen.filter((change) => change.endsWith(`: ${stalled.name} alive>suspect`)).length).toBeGreaterThan(0);
	});
});
