// Claim: 20,000 packets of garbage a second for 30 s at a mesh of ten kill nobody, with and without encryption.

import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { totalTraffic } from '../src/swim/index.ts';
import { Cluster } from './support/cluster.ts';
import { type Flood, flood } from './support/flooder.ts';
import { forkRole, role, tell } from './support/fork.ts';
import { Report, type Row, round } from './support/report.ts';

const NODES = 10;
const CALM_SECONDS = 5;
const KEY = new Uint8Array(32).fill(11);

interface Case {
	readonly encrypted: boolean;
	/** Whether all nodes are flooded, or the first one alone with all of it. */
	readonly aim: 'all' | 'one';
}

interface MeshRole extends Case {
	readonly kind: 'mesh';
	readonly seconds: number;
	readonly perSecond: number;
}

type Role = MeshRole | ({ readonly kind: 'flood' } & Flood);

interface Outcome {
	readonly sent: number;
	/** Of those, how many were read or left unread by the nodes; the kernel dropped the others. */
	readonly refused: number;
	readonly muted: number;
	/** Percent of one core: of all ten nodes, before and during the flood. */
	readonly calmCpu: number;
	readonly cpu: number;
	readonly suspicions: number;
	readonly deaths: number;
	readonly worstHealth: number;
	/** Probes begun for each that would have been in calm: below 1, nodes doubt themselves. */
	readonly probes: number;
}

async function runMesh({ encrypted, aim, seconds, perSecond }: MeshRole): Promise<void> {
	const cluster = new Cluster(encrypted ? { keys: [KEY] } : {});
	await cluster.start(NODES);
	await cluster.complete(NODES);
	await setTimeout(3_000);
	const { nodes } = cluster;
	const sum = (of: (node: (typeof nodes)[number]) => number): number => nodes.reduce((all, node) => all + of(node), 0);
	const refused = (): number => sum(({ status }) => Object.values(status.counters.rejected).reduce((a, b) => a + b, 0));
	const calm = await cpuWhile(setTimeout(CALM_SECONDS * 1_000));
	const seen = { suspicions: 0, deaths: 0 };
	for (const node of nodes) {
		node.on('suspect', () => seen.suspicions++);
		node.on('dead', () => seen.deaths++);
	}
	const before = { refused: refused(), probes: sum(({ status }) => status.counters.probes) };
	let worstHealth = 0;
	const watch = setInterval(() => {
		worstHealth = Math.max(worstHealth, ...nodes.map(({ status }) => status.health));
	}, 50);
	const ports = (aim === 'all' ? nodes : nodes.slice(0, 1)).map(({ address }) => address.port);
	const flooding = runFlood({ kind: 'flood', from: '127.0.0.2', ports, perSecond, seconds });
	const busy = await cpuWhile(flooding);
	const probes = sum(({ status }) => status.counters.probes) - before.probes;
	// Whoever was suspected by the end of it has as long as a suspicion waits.
	await setTimeout(6_000);
	clearInterval(watch);
	tell({
		sent: await flooding,
		refused: refused() - before.refused,
		muted: sum(({ status }) => status.counters.rejected.muted ?? 0),
		calmCpu: calm.cpu,
		cpu: busy.cpu,
		...seen,
		worstHealth,
		probes: (probes * 200) / (NODES * busy.seconds * 1_000),
	} satisfies Outcome);
	if (totalTraffic(nodes[0]!.status.counters, 'packetsSent') === 0) throw new Error('a mesh that says nothing');
}

async function cpuWhile(work: Promise<unknown>): Promise<{ cpu: number; seconds: number }> {
	const [startedAt, before] = [performance.now(), process.cpuUsage()];
	await work;
	const { user, system } = process.cpuUsage(before);
	const seconds = (performance.now() - startedAt) / 1_000;
	return { seconds, cpu: (100 * (user + system)) / 1e6 / seconds };
}

async function runFlood(given: Extract<Role, { kind: 'flood' }>): Promise<number> {
	let sent = 0;
	const child = forkRole(given, (told: { sent: number }) => {
		sent = told.sent;
		child.disconnect();
	});
	await once(child, 'exit');
	return sent;
}

/** A fresh process for each case. */
async function measure(given: MeshRole): Promise<Outcome> {
	let told: Outcome | undefined;
	const child = forkRole(given, (outcome: Outcome) => {
		told = outcome;
		child.disconnect();
	});
	await once(child, 'exit');
	if (told === undefined) throw new Error('the mesh ended before it had measured');
	return told;
}

function rowOf({ encrypted, aim }: Case, outcome: Outcome, seconds: number): Row {
	return {
		keys: encrypted ? 'AES-256' : 'none',
		at: aim === 'all' ? 'all ten' : 'one node',
		'sent/s': Math.round(outcome.sent / seconds),
		'arrived/s': Math.round(outcome.refused / seconds),
		'not read/s': Math.round(outcome.muted / seconds),
		'CPU % calm': round(outcome.calmCpu),
		'CPU % flood': round(outcome.cpu),
		'µs a packet': round((1e4 * (outcome.cpu - outcome.calmCpu) * seconds) / Math.max(1, outcome.refused)),
		'probe rate': round(outcome.probes),
		'worst health': outcome.worstHealth,
		suspicions: outcome.suspicions,
		'false deaths': outcome.deaths,
	};
}

async function runBench(): Promise<void> {
	const { values } = parseArgs({
		options: {
			seconds: { type: 'string', default: '30' },
			rate: { type: 'string', default: '20000' },
			json: { type: 'boolean', default: false },
		},
	});
	const report = new Report(`Garbage from 127.0.0.2 at ten nodes of one process: no false death.`, values.json);
	const seconds = Number(values.seconds);
	let deaths = 0;
	for (const encrypted of [false, true]) {
		for (const aim of ['all', 'one'] as const) {
			report.progress(`${encrypted ? 'encrypted' : 'in clear'}, at ${aim}`);
			const given: MeshRole = { kind: 'mesh', encrypted, aim, seconds, perSecond: Number(values.rate) };
			const outcome = await measure(given);
			deaths += outcome.deaths;
			report.add(rowOf(given, outcome, seconds));
		}
	}
	report.print();
	if (deaths > 0) process.exitCode = 1;
}

async function runRole(given: Role): Promise<void> {
	if (given.kind === 'mesh') await runMesh(given);
	else tell({ sent: await flood(given) });
}

const given = role<Role>();
await (given === undefined ? runBench() : runRole(given));
