// What viewers of the dashboard cost the agent: none, one and four of them, at 24, 600 and 3,000 members that are all well.

import { once } from 'node:events';
import { get } from 'node:http';
import { parseArgs } from 'node:util';
import { createHttpServer, type HttpServer } from '../src/http/index.ts';
import { createMetrics } from '../src/metrics/index.ts';
import { createHashRing } from '../src/ring/index.ts';
import { type TestSource, testFacts, testMember, testSource } from '../test/support/status-source.ts';
import { end, forkRole, role, tell } from './support/fork.ts';
import { Report, round } from './support/report.ts';
import { until } from './support/wait.ts';

const PROBE_MS = 200;
const SETTLE_MS = 1_000;

/** A viewer in a process of its own: reads, and says how much has come. */
const watched = role<{ url: string }>();
if (watched) {
	const [response] = await once(get(watched.url, { agent: false }), 'response');
	for await (const chunk of response) tell({ bytes: chunk.length });
	process.exit();
}

const { values } = parseArgs({
	options: { seconds: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } },
});
const measureMs = Number(values.seconds) * 1_000;

/** A node that probes one of its members every period and is always answered; its list is made anew for each question, as a machine's is. */
function calmNode(count: number): { readonly source: TestSource; readonly stop: () => void } {
	const members = Array.from({ length: count }, (_, i) =>
		testMember(`longbow-${String(i).padStart(4, '0')}`, {
			address: { host: `10.42.${i >> 8}.${i & 255}`, port: 7946 },
			tags: {
				lb: '1',
				grpc: `10.42.${i >> 8}.${i & 255}:3000`,
				meta: `10.42.${i >> 8}.${i & 255}:3001`,
				zone: `eu-1${'abc'[i % 3]}`,
			},
		}),
	);
	const ring = createHashRing();
	for (const { name } of members) ring.add(name);
	const made = testSource(members);
	const rtts = new Map<string, number>();
	const source: TestSource = Object.create(made, {
		now: { value: () => performance.now() },
		wallMs: { value: (instant: number) => Math.round(performance.timeOrigin + instant) },
		ring: { value: ring },
		members: { get: () => members.map((member) => ({ ...member })).sort((a, b) => (a.name < b.name ? -1 : 1)) },
		rttMs: { value: (name: string) => rtts.get(name) },
	});
	let turn = 0;
	const timer = setInterval(() => {
		const member = members[(turn++ % (count - 1)) + 1]!;
		const rttMs = 0.5 + Math.random();
		rtts.set(member.name, rttMs);
		Object.assign(member, { seenAt: performance.now() });
		made.history.noteProbe(member.name, 'direct', rttMs, performance.now());
		made.counters.traffic.probe.bytesSent += 60;
		made.counters.traffic.probe.packetsSent++;
	}, PROBE_MS);
	return { source, stop: () => clearInterval(timer) };
}

function pass(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

interface Cost {
	readonly cpuShare: number;
	readonly looks: number;
	readonly serialisations: number;
	readonly bytesPerS: number;
}

async function measure(server: HttpServer, viewers: number): Promise<Cost> {
	let bytes = 0;
	const url = `http://${server.address}/api/v1/live`;
	const children = Array.from({ length: viewers }, () =>
		forkRole<{ bytes: number }>({ url }, (told) => (bytes += told.bytes)),
	);
	await until('the viewers are there', () => server.live.viewers === viewers);
	await pass(SETTLE_MS);
	const [work, cpu, at] = [server.live, process.cpuUsage(), performance.now()];
	bytes = 0;
	await pass(measureMs);
	const used = process.cpuUsage(cpu);
	const tookMs = performance.now() - at;
	const { looks, serialisations } = server.live;
	const bytesPerS = viewers === 0 ? 0 : (bytes * 1_000) / tookMs / viewers;
	for (const child of children) await end(child);
	await until('the viewers are gone', () => server.live.viewers === 0);
	return {
		cpuShare: (used.user + used.system) / 1_000 / tookMs,
		looks: looks - work.looks,
		serialisations: serialisations - work.serialisations,
		bytesPerS,
	};
}

const report = new Report(
	'A viewer costs at most 1 % of a core at 600 members and 2 KB/s at 3,000; without a viewer nothing is looked at and nothing written.',
	values.json,
);
for (const count of [24, 600, 3_000]) {
	const { source, stop } = calmNode(count);
	const server = await createHttpServer({
		source,
		metrics: createMetrics(source),
		facts: testFacts,
		ready: () => ({ ready: true, reasons: [] }),
		address: '127.0.0.1:0',
	});
	let idle = 0;
	for (const viewers of [0, 1, 4]) {
		report.progress(`${count} members, ${viewers} viewers`);
		const cost = await measure(server, viewers);
		if (viewers === 0) idle = cost.cpuShare;
		if (viewers === 0 && cost.looks + cost.serialisations > 0) throw new Error('work was done for nobody');
		report.add({
			members: count,
			viewers,
			'CPU, % of a core': round(cost.cpuShare * 100),
			'above none, %': round((cost.cpuShare - idle) * 100),
			looks: cost.looks,
			texts: cost.serialisations,
			'bytes/s a viewer': round(cost.bytesPerS),
		});
	}
	stop();
	await server.close();
}
report.print();
