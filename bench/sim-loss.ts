// Claim: lost packets alone kill nobody: at 5 and 20 % loss no healthy member is declared dead, with streams or without, and few are suspected.

import { parseArgs } from 'node:util';
import { Cluster } from '../src/sim/index.ts';
import { DEFAULTS } from '../src/swim/index.ts';
import { Report, type Row, round } from './support/report.ts';

/** What 60 s of loss did to a cluster in which nobody is ill. */
interface Harm {
	/** Probes that nobody answered, each the first word against a member. */
	readonly suspicions: number;
	/** Views that turned suspect, and those that turned dead. */
	readonly suspectViews: number;
	readonly deadViews: number;
	readonly refutations: number;
	readonly packetsPerS: number;
	/** UDP payload, and with IPv4 and UDP headers. */
	readonly bytesPerS: number;
	readonly wireBytesPerS: number;
}

const SETTLE_MS = 10_000;
const HEADER_BYTES = 28;

function run(nodes: number, loss: number, streams: boolean, seconds: number, seed: number, timing: Timing): Harm {
	const cluster = new Cluster({ seed, host: { streams, suspicionTimeoutMs: timing } });
	const harm = { suspicions: 0, suspectViews: 0, deadViews: 0, refutations: 0 };
	let bytes = 0;
	let counts = false;
	cluster.observe({
		packet: (_from, _to, packet) => {
			bytes += packet.length;
		},
		event: (_host, event) => {
			if (!counts) return;
			if (event.type === 'refuted') harm.refutations++;
			if (event.type !== 'state') return;
			if (event.to === 'suspect') {
				harm.suspectViews++;
				if (event.why.code === 'probe-failed') harm.suspicions++;
			} else if (event.to === 'dead') harm.deadViews++;
		},
	});
	cluster.addAcquainted(Array.from({ length: nodes }, (_, i) => `node-${i}`));
	cluster.run(SETTLE_MS);
	// As in the measurements of memberlist: packets are lost, streams are not touched.
	cluster.network.impose({ applies: () => true, packetLoss: loss, streams: true });
	counts = true;
	const before = { packets: cluster.packets, bytes };
	cluster.run(seconds * 1_000);
	const perNode = nodes * seconds;
	const packetsPerS = (cluster.packets - before.packets) / perNode;
	const bytesPerS = (bytes - before.bytes) / perNode;
	return { ...harm, packetsPerS, bytesPerS, wireBytesPerS: bytesPerS + HEADER_BYTES * packetsPerS };
}

type Timing = number | 'auto';

function rowOf(what: Row, harms: readonly Harm[]): Row {
	const mean = (of: (harm: Harm) => number): number =>
		round(harms.reduce((sum, harm) => sum + of(harm), 0) / harms.length);
	return {
		...what,
		runs: harms.length,
		suspicions: mean(({ suspicions }) => suspicions),
		'views suspect': mean(({ suspectViews }) => suspectViews),
		'views dead, all runs': harms.reduce((sum, { deadViews }) => sum + deadViews, 0),
		refutations: mean(({ refutations }) => refutations),
		'packets/s': mean(({ packetsPerS }) => packetsPerS),
		'bytes/s': mean(({ bytesPerS }) => bytesPerS),
		'bytes/s with headers': mean(({ wireBytesPerS }) => wireBytesPerS),
	};
}

const { values } = parseArgs({
	options: {
		nodes: { type: 'string', default: '100,200' },
		loss: { type: 'string', default: '0.05,0.2' },
		runs: { type: 'string', default: '3' },
		seconds: { type: 'string', default: '60' },
		/** `auto`: memberlist's formula; milliseconds, or the default. */
		suspicion: { type: 'string', default: 'auto' },
		json: { type: 'boolean', default: false },
	},
});
const timing = values.suspicion === 'auto' ? 'auto' : Number(values.suspicion || DEFAULTS.suspicionTimeoutMs);
const report = new Report(
	`Nobody is ill, packets get lost: nobody dies. Simulated, ${values.seconds} s, 200 ms, suspicionTimeout ${timing}; means of the runs, a second of a node.`,
	values.json,
);
for (const nodes of values.nodes.split(',').map(Number)) {
	for (const loss of values.loss.split(',').map(Number)) {
		for (const streams of [false, true]) {
			const harms: Harm[] = [];
			for (let seed = 1; seed <= Number(values.runs); seed++) {
				report.progress(`${nodes} nodes, ${loss} lost, seed ${seed}`);
				harms.push(run(nodes, loss, streams, Number(values.seconds), seed, timing));
			}
			report.add(rowOf({ nodes, 'lost, %': 100 * loss, streams: streams ? 'on' : 'off' }, harms));
		}
	}
}
report.print();
