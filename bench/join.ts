// Claim: with UDP alone and one seed, ten nodes know each other in under a second, a hundred within seconds; one more node or a restarted one is known to all in under a second.

import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Mesh, MeshOptions } from '../src/mesh/index.ts';
import { Cluster } from './support/cluster.ts';
import { Report, timing } from './support/report.ts';
import { until } from './support/wait.ts';

/** A node's news are sent 12 times by each of 100 nodes, some 125 pieces of news a second. */
const REST_MS = 120;
const UDP_ONLY: MeshOptions = { streams: false };

/** From the first start to the last complete view; then the same for one more node. */
async function join(size: number): Promise<{ all: number; oneMore: number }> {
	const cluster = new Cluster(UDP_ONLY);
	try {
		const startedAt = performance.now();
		await cluster.start(size);
		const all = (await cluster.complete(size)) - startedAt;
		// The newcomer comes to a cluster at rest: it takes so long until the news of the start have been sent often enough.
		await setTimeout(size * REST_MS + Math.random() * 200);
		const joinedAt = performance.now();
		await cluster.add(`node-${size + 1}`);
		return { all, oneMore: (await cluster.complete(size + 1)) - joinedAt };
	} finally {
		await cluster.close();
	}
}

interface Restart {
	readonly port: 'same' | 'new';
	/** Whether the others have declared it dead before it is back. */
	readonly afterDeath: boolean;
}

/** From the start of the new process's node until every view, its own included, holds it alive as it is now. */
async function restart(cluster: Cluster, { port, afterDeath }: Restart): Promise<number> {
	const { length: size } = cluster.nodes;
	const victim = cluster.nodes[1 + Math.floor(Math.random() * (size - 1))] as Mesh;
	const { name, self } = victim;
	const others = cluster.nodes.filter((mesh) => mesh !== victim);
	await cluster.crash(victim);
	if (afterDeath)
		await until('it is dead everywhere', () => others.every((mesh) => mesh.member(name)?.state === 'dead'));
	// An incarnation begins as a count of seconds, and no process starts in the second in which it began before.
	else await setTimeout(1_100);
	const startedAt = performance.now();
	const again = await cluster.add(name, port === 'same' ? { port: victim.address.port } : {});
	const isBack = (mesh: Mesh): boolean => {
		const seen = mesh.member(name);
		return (
			seen?.state === 'alive' &&
			seen.address.port === again.address.port &&
			seen.incarnation === again.self.incarnation &&
			seen.incarnation > self.incarnation
		);
	};
	await until(`${name} is back`, () => again.members.length === size && others.every(isBack));
	return performance.now() - startedAt;
}

async function restarts(report: Report, runs: number, kind: Restart): Promise<void> {
	const when = kind.afterDeath ? 'after its death' : 'before it is declared dead';
	const what = `restart ${when}, ${kind.port} port`;
	const cluster = new Cluster(UDP_ONLY);
	try {
		await cluster.start(10);
		await cluster.complete(10);
		const times: number[] = [];
		for (let run = 0; run < runs; run++) {
			report.progress(`${what}: ${run + 1} of ${runs}`);
			times.push(await restart(cluster, kind));
		}
		report.add(timing(what, times));
	} finally {
		await cluster.close();
	}
}

const { values } = parseArgs({
	options: {
		runs: { type: 'string', default: '20' },
		'burst-runs': { type: 'string', default: '5' },
		json: { type: 'boolean', default: false },
	},
});
const report = new Report(
	'Streams off, one static seed, the defaults otherwise, all nodes in one process: ten know each other in under a second, a hundred within seconds; a newcomer or a restarted member is known to all in under a second.',
	values.json,
);
const [runs, burstRuns] = [Number(values.runs), Number(values['burst-runs'])];
for (const [size, times] of [
	[10, runs],
	[32, burstRuns],
	[64, burstRuns],
	[100, burstRuns],
] as const) {
	const seen: Awaited<ReturnType<typeof join>>[] = [];
	for (let run = 0; run < times; run++) {
		report.progress(`${size} nodes: ${run + 1} of ${times}`);
		seen.push(await join(size));
	}
	report.add(
		timing(
			`${size} nodes start at once`,
			seen.map((each) => each.all),
		),
	);
	report.add(
		timing(
			`one more joins ${size}`,
			seen.map((each) => each.oneMore),
		),
	);
}
for (const afterDeath of [false, true]) {
	for (const port of ['same', 'new'] as const) await restarts(report, burstRuns, { port, afterDeath });
}
report.print();
