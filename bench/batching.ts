// Claim: five member updates a packet spread the same news with a quarter of the packets, and of the system calls, of one update a packet (seed, row 31).

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DEFAULTS, totalTraffic } from '../src/swim/index.ts';
import { Cluster } from './support/cluster.ts';
import { forkRole, role, tell } from './support/fork.ts';
import { Report, type Row, round, spread } from './support/report.ts';
import { until } from './support/wait.ts';

interface NodesRole {
	readonly nodes: number;
	/** Members that change a tag at the same time. */
	readonly changes: number;
	readonly updatesPerPacket: number;
	readonly seconds: number;
}

/** What all nodes did while the news spread. */
interface Traffic {
	/** Until every view had every change; 0 when there was none. */
	readonly tookMs: number;
	readonly packets: number;
	readonly bytes: number;
	readonly cpuSeconds: number;
}

/** System calls of a traced run, by name. */
type Calls = ReadonlyMap<string, number>;

/** News of the start are repeated for a while; what is measured begins when they have faded. */
const FADE_MS = 15_000;

async function runNodes({ nodes, changes, updatesPerPacket, seconds }: NodesRole): Promise<void> {
	const cluster = new Cluster({ updatesPerPacket });
	await cluster.start(nodes);
	await cluster.complete(nodes);
	await setTimeout(FADE_MS);
	let heard = 0;
	for (const mesh of cluster.nodes) mesh.on('update', () => heard++);
	const sent = (key: 'packetsSent' | 'bytesSent'): number =>
		cluster.nodes.reduce((sum, mesh) => sum + totalTraffic(mesh.status.counters, key), 0);
	tell({ ready: true });
	await once(process, 'message');
	const before = { packets: sent('packetsSent'), bytes: sent('bytesSent'), cpu: process.cpuUsage() };
	const startedAt = performance.now();
	for (const mesh of cluster.nodes.slice(0, changes)) void mesh.setTags({ change: 'x'.repeat(16) });
	await until('every view has every change', () => heard >= changes * (nodes - 1), seconds * 1_000);
	const tookMs = performance.now() - startedAt;
	await setTimeout(seconds * 1_000 - tookMs);
	const { user, system } = process.cpuUsage(before.cpu);
	tell({
		tookMs,
		packets: sent('packetsSent') - before.packets,
		bytes: sent('bytesSent') - before.bytes,
		cpuSeconds: (user + system) / 1e6,
	} satisfies Traffic);
}

/** One run in a process of its own; `trace` is told when it begins to measure, and what it ends with. */
async function measure(given: NodesRole, trace?: (child: ChildProcess) => Promise<void>): Promise<Traffic> {
	let traffic: Traffic | undefined;
	const child = forkRole(given, (told: Traffic | { ready: true }) => {
		if ('ready' in told) {
			void Promise.resolve(trace?.(child)).then(() => child.send({ go: true }));
			return;
		}
		traffic = told;
		child.disconnect();
	});
	await once(child, 'exit', { signal: AbortSignal.timeout(FADE_MS + given.seconds * 1_000 + 60_000) });
	if (traffic === undefined) throw new Error(`${given.nodes} nodes ended before they had measured`);
	return traffic;
}

/** The same run once more, its system calls counted by strace, which slows it down: its times are not used. */
async function trace(given: NodesRole): Promise<Calls> {
	let summary: Promise<string> | undefined;
	await measure(given, async ({ pid }) => {
		const strace = spawn('strace', ['-f', '-c', '-U', 'calls,name', '-p', String(pid)], {
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		// It says so when it has attached to all threads.
		const [attached] = await once(strace.stderr, 'data');
		summary = text(strace.stderr);
		if (!/attached/.test(String(attached))) throw new Error(`strace: ${attached}`);
	});
	return callsOf((await summary) ?? '');
}

function callsOf(summary: string): Calls {
	const lines = [...summary.matchAll(/^\s*(\d+)\s+(\w+)\s*$/gm)];
	return new Map(lines.map(([, calls, name]) => [name as string, Number(calls)]));
}

function rowOf(what: string, given: NodesRole, runs: readonly Traffic[], calls: Calls | undefined): Row {
	const median = (of: (traffic: Traffic) => number): number => spread(runs.map(of)).median;
	const perNode = (count: number): number => count / given.nodes / given.seconds;
	const counted = (...names: readonly string[]): number | string =>
		calls === undefined ? '–' : round(perNode(names.reduce((sum, name) => sum + (calls.get(name) ?? 0), 0)));
	return {
		what,
		'all views ms': given.changes > 0 ? round(median(({ tookMs }) => tookMs)) : '–',
		'packets/s': round(perNode(median(({ packets }) => packets))),
		'bytes/s': round(perNode(median(({ bytes }) => bytes))),
		'CPU %': round(100 * perNode(median(({ cpuSeconds }) => cpuSeconds))),
		'sends/s': counted('sendmsg', 'sendmmsg', 'sendto'),
		'receives/s': counted('recvmsg', 'recvmmsg', 'recvfrom'),
		'system calls/s': counted('total'),
	};
}

async function runBench(): Promise<void> {
	const { values } = parseArgs({
		options: {
			/** So few that the traced process still keeps up. */
			nodes: { type: 'string', default: '50' },
			changes: { type: 'string', default: '20' },
			seconds: { type: 'string', default: '10' },
			runs: { type: 'string', default: '3' },
			json: { type: 'boolean', default: false },
		},
	});
	const [nodes, changes, seconds] = [Number(values.nodes), Number(values.changes), Number(values.seconds)];
	const report = new Report(
		`Of ${nodes} nodes in one process ${changes} change a tag at the same time: five updates a packet against one, on real sockets. Means of ${seconds} s, a node; medians of the runs.`,
		values.json,
	);
	const rest: NodesRole = { nodes, seconds, changes: 0, updatesPerPacket: DEFAULTS.updatesPerPacket };
	const cases: readonly (readonly [string, NodesRole])[] = [
		['no news', rest],
		['five updates a packet', { ...rest, changes }],
		['one update a packet', { ...rest, changes, updatesPerPacket: 1 }],
	];
	const runs = cases.map((): Traffic[] => []);
	for (let run = 0; run < Number(values.runs); run++) {
		for (const [at, [what, given]] of cases.entries()) {
			report.progress(`${what}: ${run + 1} of ${values.runs}`);
			runs[at]?.push(await measure(given));
		}
	}
	const canTrace = spawnSync('strace', ['-V']).status === 0;
	for (const [at, [what, given]] of cases.entries()) {
		report.progress(`${what}: system calls`);
		report.add(rowOf(what, given, runs[at] as Traffic[], canTrace ? await trace(given) : undefined));
	}
	report.print();
	if (!canTrace) console.error('system calls were not counted: there is no strace');
}

const given = role<NodesRole>();
await (given === undefined ? runBench() : runNodes(given));
