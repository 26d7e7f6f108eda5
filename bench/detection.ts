// Claim: at the defaults a crashed process is suspected in under a second and dead in every view 5 to 6 seconds after the crash.

import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createMesh, type MemberState } from '../src/mesh/index.ts';
import { end, forkRole, machineMs, role, tell } from './support/fork.ts';
import { Report, timing } from './support/report.ts';
import { until } from './support/wait.ts';

interface NodeRole {
	readonly name: string;
	readonly seeds: readonly string[];
}

type Told =
	| { readonly type: 'ready'; readonly address: string }
	/** `at`: when the machine stepped, by the clock that all processes share. */
	| { readonly type: 'state'; readonly name: string; readonly to: MemberState | 'none'; readonly at: number };

/** A node in its own process, with the defaults throughout; it tells every change of its view. */
async function runNode({ name, seeds }: NodeRole): Promise<void> {
	const mesh = await createMesh({ name, seeds, bindHost: '127.0.0.1', port: 0 });
	const offset = machineMs() - performance.now();
	tell({ type: 'ready', address: `${mesh.address.host}:${mesh.address.port}` } satisfies Told);
	mesh.on('event', (event) => {
		if (event.type !== 'state') return;
		tell({ type: 'state', name: event.member.name, to: event.to, at: event.at + offset } satisfies Told);
	});
}

class NodeProcess {
	readonly name: string;
	readonly child: ChildProcess;
	address: string | undefined;
	readonly alive = new Set<string>();
	/** When this node first held a member suspect or dead since the last `forget`. */
	readonly first = new Map<string, number>();

	constructor(name: string, seeds: readonly string[]) {
		this.name = name;
		this.alive.add(name);
		this.child = forkRole({ name, seeds } satisfies NodeRole, (told: Told) => this.#take(told));
	}

	#take(told: Told): void {
		if (told.type === 'ready') {
			this.address = told.address;
			return;
		}
		const { name, to, at } = told;
		if (to === 'alive') this.alive.add(name);
		else this.alive.delete(name);
		const key = `${to} ${name}`;
		if (!this.first.has(key)) this.first.set(key, at);
	}
}

const NODES = 5;

async function startCluster(): Promise<NodeProcess[]> {
	const seed = new NodeProcess('node-1', []);
	await until('the seed listens', () => seed.address !== undefined);
	const nodes = [seed];
	for (let i = 2; i <= NODES; i++) nodes.push(new NodeProcess(`node-${i}`, [seed.address as string]));
	await until('all views are complete', () => nodes.every(({ alive }) => alive.size === NODES));
	return nodes;
}

interface Detection {
	readonly firstSuspicion: number;
	readonly firstDeath: number;
	readonly deadEverywhere: number;
	/** Suspicions of others than the crashed one, in all views together. */
	readonly falseSuspicions: number;
}

/** One crash in a fresh cluster, at a random instant of the probe cycle. */
async function crash(run: number): Promise<Detection> {
	const nodes = await startCluster();
	try {
		await setTimeout(2_000 + Math.random() * 1_000);
		const victim = nodes[run % NODES] as NodeProcess;
		const survivors = nodes.filter((node) => node !== victim);
		const crashedAt = machineMs();
		victim.child.kill('SIGKILL');
		const times = (state: MemberState): number[] =>
			survivors.flatMap(({ first }) => {
				const at = first.get(`${state} ${victim.name}`);
				return at === undefined || at < crashedAt ? [] : [at - crashedAt];
			});
		await until(`${victim.name} is dead everywhere`, () => times('dead').length === survivors.length);
		const accused = survivors.flatMap(({ first }) => [...first.keys()].filter((key) => key.startsWith('suspect ')));
		return {
			firstSuspicion: Math.min(...times('suspect')),
			firstDeath: Math.min(...times('dead')),
			deadEverywhere: Math.max(...times('dead')),
			falseSuspicions: accused.filter((key) => key !== `suspect ${victim.name}`).length,
		};
	} finally {
		await Promise.all(nodes.map(({ child }) => end(child)));
	}
}

async function runBench(): Promise<void> {
	const { values } = parseArgs({
		options: { runs: { type: 'string', default: '10' }, json: { type: 'boolean', default: false } },
	});
	const report = new Report(
		`${NODES} processes on loopback at the defaults (period 200 ms, suspicion 5 s), one ended by SIGKILL: suspected in under 1 s, dead everywhere after 5 to 6 s.`,
		values.json,
	);
	const runs = Number(values.runs);
	const seen: Detection[] = [];
	for (let run = 0; run < runs; run++) {
		report.progress(`crash ${run + 1} of ${runs}`);
		seen.push(await crash(run));
	}
	report.add(
		timing(
			'first suspicion',
			seen.map((each) => each.firstSuspicion),
		),
	);
	report.add(
		timing(
			'first declared dead',
			seen.map((each) => each.firstDeath),
		),
	);
	report.add(
		timing(
			'dead in every view',
			seen.map((each) => each.deadEverywhere),
		),
	);
	report.note(
		'false suspicions',
		seen.reduce((sum, each) => sum + each.falseSuspicions, 0),
	);
	report.print();
}

const given = role<NodeRole>();
await (given === undefined ? runBench() : runNode(given));
