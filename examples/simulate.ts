// A test of one's own cluster before it is built: its size, its network and its timeouts, under simulated time.
//
//   npm run example -- simulate

import assert from 'node:assert/strict';
import { type Cluster, Statistics, simulate, WEATHERS } from 'longbow-mesh/sim';

// What we are going to run: 24 nodes in two regions, 60 ms apart and back, with 2 % loss on a bad day.
const nodes = 24;
const link = { ...WEATHERS.calm.link, delayMs: 30, jitterMs: 3, loss: 0.02 };
const weather = { ...WEATHERS.calm, nodes, link };

function run(host: { ackTimeoutMs: number; protocolPeriodMs: number; suspicionTimeoutMs: number }, seed: number) {
	let statistics: Statistics | undefined;
	const report = simulate({
		seed, // the same seed is the same run, byte for byte, on any machine
		durationMs: 60_000,
		weather,
		host,
		// What happens is given here; without it, it would be drawn from weather and seed.
		history: [
			{ type: 'crash', at: 20_000, host: 'n7' },
			{ type: 'partition', at: 35_000, forMs: 10_000, side: ['n0', 'n1', 'n2', 'n3'], flapMs: 0 },
		],
		observe: (cluster: Cluster) => {
			statistics = new Statistics(cluster);
			return statistics;
		},
	});
	assert.deepEqual(report.violations, [], `seed ${seed}: an invariant is broken`);
	assert(report.convergedMs !== undefined, `seed ${seed}: the views did not become equal`);
	const { detection } = (statistics as Statistics).finish();
	return { suspicions: report.falseSuspicions, convergedMs: report.convergedMs, detection };
}

const LAN = { ackTimeoutMs: 100, protocolPeriodMs: 200, suspicionTimeoutMs: 5_000 };
const WAN = { ackTimeoutMs: 250, protocolPeriodMs: 500, suspicionTimeoutMs: 5_000 };
for (const [name, times] of Object.entries({ LAN, WAN })) {
	const runs = [1, 2, 3].map((seed) => run(times, seed));
	const suspicions = runs.reduce((sum, each) => sum + each.suspicions, 0);
	const dead = Math.max(...runs.map(({ detection }) => detection.deadAll.maxMs ?? 0));
	const healed = Math.max(...runs.map(({ convergedMs }) => convergedMs));
	console.log(
		`${name} (ackTimeout ${times.ackTimeoutMs} ms): ${suspicions} wrong suspicions in three runs, ` +
			`a crash is dead in every view after ${(dead / 1_000).toFixed(1)} s, views equal ${(healed / 1_000).toFixed(1)} s after the last fault`,
	);
}
