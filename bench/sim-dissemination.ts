// Claim: a changed tag and a goodbye reach every view in a quarter of the time that memberlist needs, at no more bytes than the limit of retransmissions allows.

import { parseArgs } from 'node:util';
import { Cluster, quantile, type SimHost } from '../src/sim/index.ts';
import { randomBelow, seededRandom } from '../src/swim/index.ts';
import { Report, type Row, round } from './support/report.ts';

type News = 'tag' | 'leave' | 'crash';

interface Spread {
	/** From the change until the last view has it; of a crash: from the first verdict. */
	readonly allMs: number;
	readonly halfMs: number;
	/** UDP payload of the whole cluster until all is quiet again, above what it sends at rest. */
	readonly bytes: number;
}

const PERIOD_MS = 200;
/** News of the start have faded. */
const SETTLE_MS = 8_000;
/** Within it every change has reached everybody and its last copy is sent. */
const WINDOW_MS = 4_000;
const MOST_MS = 60_000;

class Experiment {
	readonly #cluster: Cluster;
	readonly #hosts: SimHost[];
	#bytes = 0;
	#seen: { readonly name: string; readonly isNews: (to: string) => boolean; readonly at: number[] } | undefined;

	constructor(nodes: number, seed: number, loss: number) {
		this.#cluster = new Cluster({ seed, host: { streams: false, suspicionTimeoutMs: 'auto' } });
		this.#cluster.observe({
			packet: (_from, _to, packet) => {
				this.#bytes += packet.length;
			},
			event: (host, event, at) => {
				if (event.type !== 'state' && event.type !== 'update') return;
				if (event.member.name !== this.#seen?.name || host.name === event.member.name) return;
				if (this.#seen.isNews(event.type === 'state' ? event.to : 'update')) this.#seen.at.push(at);
			},
		});
		this.#hosts = this.#cluster.addAcquainted(Array.from({ length: nodes }, (_, i) => `n${i}`));
		if (loss > 0) this.#cluster.network.impose({ applies: () => true, packetLoss: loss, streams: false });
		this.#cluster.run(SETTLE_MS);
	}

	/** Bytes that the cluster sends in a window when nothing happens. */
	atRest(): number {
		const before = this.#bytes;
		this.#cluster.run(WINDOW_MS);
		return this.#bytes - before;
	}

	spread(news: News, pick: number, atRestBytes: number): Spread {
		const host = this.#hosts[pick]!;
		const [before, startedAt] = [this.#bytes, this.#cluster.now];
		const wanted = { tag: 'update', leave: 'left', crash: 'dead' }[news];
		const seen = { name: host.name, isNews: (to: string) => to === wanted, at: [] as number[] };
		this.#seen = seen;
		if (news === 'tag') this.#cluster.ask(host, { type: 'set-tags', tags: { at: String(startedAt) } });
		else if (news === 'leave') this.#cluster.ask(host, { type: 'leave' });
		else this.#cluster.kill(host);
		if (news !== 'tag') this.#hosts.splice(pick, 1);
		const views = this.#hosts.length - (news === 'tag' ? 1 : 0);
		if (this.#cluster.runUntil(() => seen.at.length >= views, MOST_MS) === undefined)
			throw new Error(`${news} of ${host.name} reached ${seen.at.length} of ${views} views`);
		const tookMs = this.#cluster.now - startedAt;
		this.#cluster.run(Math.max(0, WINDOW_MS - tookMs));
		const windows = Math.max(1, tookMs / WINDOW_MS);
		const from = news === 'crash' ? seen.at[0]! : startedAt;
		return {
			allMs: seen.at.at(-1)! - from,
			halfMs: seen.at[views >> 1]! - from,
			bytes: this.#bytes - before - windows * atRestBytes,
		};
	}

	get size(): number {
		return this.#hosts.length;
	}
}

function rowOf(news: News, nodes: number, seen: readonly Spread[]): Row {
	const sorted = (of: (one: Spread) => number): number[] => seen.map(of).sort((a, b) => a - b);
	const all = sorted(({ allMs }) => allMs);
	return {
		news,
		nodes,
		changes: seen.length,
		'half of views, p50 ms': round(
			quantile(
				sorted(({ halfMs }) => halfMs),
				0.5,
			)!,
		),
		'all views, p50 ms': round(quantile(all, 0.5)!),
		'p95 ms': round(quantile(all, 0.95)!),
		'worst ms': round(all.at(-1)!),
		'bytes a node, mean': round(seen.reduce((sum, { bytes }) => sum + bytes, 0) / seen.length / nodes),
	};
}

const { values } = parseArgs({
	options: {
		nodes: { type: 'string', default: '100' },
		changes: { type: 'string', default: '50' },
		news: { type: 'string', default: 'tag,leave,crash' },
		loss: { type: 'string', default: '0' },
		json: { type: 'boolean', default: false },
	},
});
const report = new Report(
	`News in a cluster at rest, packets alone, loss ${values.loss}, ${PERIOD_MS} ms, suspicionTimeout auto: milliseconds until every other view has it (of a crash: from the first verdict to the last), and what it costs a node.`,
	values.json,
);
const PER_RUN = 5;
for (const nodes of values.nodes.split(',').map(Number)) {
	for (const news of values.news.split(',') as News[]) {
		const seen: Spread[] = [];
		for (let seed = 1; seen.length < Number(values.changes); seed++) {
			report.progress(`${news}: ${seen.length} of ${values.changes}`);
			const random = seededRandom(seed);
			const experiment = new Experiment(nodes, seed, Number(values.loss));
			const atRest = experiment.atRest();
			for (let i = 0; i < PER_RUN; i++)
				seen.push(experiment.spread(news, randomBelow(random, experiment.size), atRest));
		}
		report.add(rowOf(news, nodes, seen));
	}
}
report.print();
