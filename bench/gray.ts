// Claim: members that half work, 1 % of the cluster, with lossy or one-way links, never get a healthy member evicted.

import { parseArgs } from 'node:util';
import { type Cluster, hostName, type LinkRule } from '../src/sim/index.ts';
import { Report, type Row, round } from './support/report.ts';
import { clusterWith } from './support/without.ts';
import { editsOf, VARIANTS } from './support/without-list.ts';

/** What is wrong with the faulty ones; `in`: packets to them, `out`: packets from them. */
interface Gray {
	readonly key: string;
	readonly name: string;
	/** Share of packets that vanish, 0 to 1, at a time since the beginning. */
	readonly inLoss: (atMs: number) => number;
	readonly outLoss: (atMs: number) => number;
}

const FLIP_MS = 20_000;
const GRAYS: readonly Gray[] = [
	{ key: 'lossy', name: '80 % loss, both ways', inLoss: () => 0.8, outLoss: () => 0.8 },
	{ key: 'deaf', name: 'nothing comes in', inLoss: () => 1, outLoss: () => 0 },
	{ key: 'mute', name: 'nothing goes out', inLoss: () => 0, outLoss: () => 1 },
	{
		key: 'flapping',
		name: 'ingress 20 s off, 20 s on',
		inLoss: (at) => (Math.floor(at / FLIP_MS) % 2 === 0 ? 1 : 0),
		outLoss: () => 0,
	},
];
const SETTLE_MS = 5_000;
const SAMPLE_MS = 1_000;

/** What one run showed. Views are those of healthy members. */
interface Outcome {
	/** Healthy members that any view, a faulty member's own included, held dead at some time. */
	readonly evictedAnywhere: number;
	/** Healthy members that a healthy view held dead at some time. */
	readonly evicted: number;
	/** Views of a faulty member that held it dead, 0 to 1: mean over the second half, and at the end. */
	readonly deadShare: number;
	readonly deadAtEnd: number;
	/** Views of a faulty member that held it suspect, 0 to 1, mean over the second half. */
	readonly suspectShare: number;
	/** Until half of all views held the faulty dead for the first time; undefined: never. */
	readonly halfDeadMs: number | undefined;
	/** How often a view changed a faulty member from dead to alive, a minute. */
	readonly returnsPerMinute: number;
	/** How often a view's set of live members changed, a minute. */
	readonly changesPerMinute: number;
	/** Refutations of healthy members, a minute of the whole cluster. */
	readonly refutationsPerMinute: number;
}

/** Counts in healthy views what happens to whom. */
class Watch {
	readonly #faulty: ReadonlySet<string>;
	readonly #evicted = new Set<string>();
	readonly #evictedAnywhere = new Set<string>();
	#deadViews = 0;
	#suspectViews = 0;
	returns = 0;
	changes = 0;
	refutations = 0;

	constructor(cluster: Cluster, faulty: ReadonlySet<string>) {
		this.#faulty = faulty;
		cluster.observe({
			event: (by, event) => {
				const isHealthy = !faulty.has(by.name);
				if (event.type === 'refuted' && isHealthy) this.refutations++;
				if (event.type !== 'state') return;
				if (isHealthy && faulty.has(event.member.name))
					this.#suspectViews += Number(event.to === 'suspect') - Number(event.from === 'suspect');
				if (event.to === 'dead') this.#died(event.member.name, isHealthy);
				else if (event.from === 'dead' && event.to === 'alive' && isHealthy) this.#returned(event.member.name);
			},
		});
	}

	get evicted(): number {
		return this.#evicted.size;
	}

	get evictedAnywhere(): number {
		return this.#evictedAnywhere.size;
	}

	/** Shares of the healthy views of faulty members that hold them dead, and suspect. */
	shares(healthy: number): { readonly dead: number; readonly suspect: number } {
		const views = healthy * this.#faulty.size;
		return { dead: this.#deadViews / views, suspect: this.#suspectViews / views };
	}

	#died(name: string, isHealthyView: boolean): void {
		if (isHealthyView) this.changes++;
		if (this.#faulty.has(name)) {
			if (isHealthyView) this.#deadViews++;
			return;
		}
		this.#evictedAnywhere.add(name);
		if (isHealthyView) this.#evicted.add(name);
	}

	#returned(name: string): void {
		this.changes++;
		if (!this.#faulty.has(name)) return;
		this.#deadViews--;
		this.returns++;
	}
}

/** From now on the links of the faulty are bad. */
function impair(cluster: Cluster, faulty: ReadonlySet<string>, { inLoss, outLoss }: Gray): void {
	const beganAt = cluster.now;
	const impose = (isFaultyLink: LinkRule['applies'], loss: Gray['inLoss']): void => {
		cluster.network.impose({
			applies: (from, to) => loss(cluster.now - beganAt) > 0 && isFaultyLink(from, to),
			get packetLoss() {
				return loss(cluster.now - beganAt);
			},
			// A connection does not come about where four packets of five are lost.
			streams: false,
		});
	};
	impose((_from, to) => faulty.has(to.name), inLoss);
	impose((from) => faulty.has(from.name), outLoss);
}

/** @throws {RangeError} when there are fewer than a hundred nodes: one in a hundred is faulty. */
function measure(cluster: Cluster, gray: Gray, nodes: number, durationMs: number): Outcome {
	const count = Math.floor(nodes / 100);
	if (count < 1) throw new RangeError(`nodes: ${nodes} is not at least 100`);
	const hosts = cluster.addAcquainted(Array.from({ length: nodes }, (_, i) => hostName(i)));
	const faulty = new Set(hosts.slice(0, count).map(({ name }) => name));
	cluster.run(SETTLE_MS);
	const watch = new Watch(cluster, faulty);
	impair(cluster, faulty, gray);
	const healthy = nodes - count;
	const shares: ReturnType<Watch['shares']>[] = [];
	for (let at = 0; at < durationMs; at += SAMPLE_MS) {
		cluster.run(SAMPLE_MS);
		shares.push(watch.shares(healthy));
	}
	const late = shares.slice(shares.length >> 1);
	const halfAt = shares.findIndex(({ dead }) => dead >= 0.5);
	const minutes = durationMs / 60_000;
	return {
		evictedAnywhere: watch.evictedAnywhere,
		evicted: watch.evicted,
		deadShare: mean(late.map(({ dead }) => dead)),
		deadAtEnd: shares.at(-1)!.dead,
		suspectShare: mean(late.map(({ suspect }) => suspect)),
		halfDeadMs: halfAt < 0 ? undefined : (halfAt + 1) * SAMPLE_MS,
		returnsPerMinute: watch.returns / healthy / count / minutes,
		changesPerMinute: watch.changes / healthy / minutes,
		refutationsPerMinute: watch.refutations / minutes,
	};
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rowOf({ name }: Gray, runs: readonly Outcome[]): Row {
	const half = runs.flatMap(({ halfDeadMs }) => halfDeadMs ?? []);
	const percent = (of: (run: Outcome) => number): number => round(100 * mean(runs.map(of)));
	return {
		faulty: name,
		runs: runs.length,
		'healthy evicted': runs.reduce((sum, { evicted }) => sum + evicted, 0),
		'in faulty views': runs.reduce((sum, { evictedAnywhere, evicted }) => sum + evictedAnywhere - evicted, 0),
		'dead in half of views, s': half.length === 0 ? 'never' : round(mean(half) / 1_000),
		'dead later, %': percent(({ deadShare }) => deadShare),
		'dead at end, %': percent(({ deadAtEnd }) => deadAtEnd),
		'suspect later, %': percent(({ suspectShare }) => suspectShare),
		'returns of one/min': round(mean(runs.map(({ returnsPerMinute }) => returnsPerMinute))),
		'view changes/min': round(mean(runs.map(({ changesPerMinute }) => changesPerMinute))),
		'refutations/min': round(mean(runs.map(({ refutationsPerMinute }) => refutationsPerMinute))),
	};
}

async function runBench(): Promise<void> {
	const { values } = parseArgs({
		options: {
			nodes: { type: 'string', default: '100' },
			seconds: { type: 'string', default: '120' },
			seeds: { type: 'string', default: '3' },
			faults: { type: 'string', default: GRAYS.map(({ key }) => key).join() },
			variant: { type: 'string', default: 'all on' },
			first: { type: 'string', default: '1' },
			json: { type: 'boolean', default: false },
		},
	});
	const [nodes, seeds, first] = [Number(values.nodes), Number(values.seeds), Number(values.first)];
	const variant = VARIANTS.find(({ name }) => name === values.variant);
	if (!variant) throw new RangeError(`--variant is one of: ${VARIANTS.map(({ name }) => name).join(', ')}`);
	const Kind = await clusterWith(editsOf(variant));
	const report = new Report(
		`${nodes} nodes at the defaults, one in a hundred half works: no healthy member is evicted. ${variant.name}, ${values.seconds} s, seeds ${first} to ${first + seeds - 1}.`,
		values.json,
	);
	for (const gray of GRAYS.filter(({ key }) => values.faults.split(',').includes(key))) {
		const runs: Outcome[] = [];
		for (let seed = first; seed < first + seeds; seed++) {
			report.progress(`${gray.name}: seed ${seed}`);
			runs.push(measure(new Kind({ seed }), gray, nodes, Number(values.seconds) * 1_000));
		}
		report.add(rowOf(gray, runs));
	}
	report.print();
}

await runBench();
