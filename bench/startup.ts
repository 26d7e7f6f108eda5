// Claim: a look command of the CLI, its answer included, takes at most 2.2 times as long as Node alone takes to start.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { freePort } from '../test/support/agent-process.ts';
import { Report, round, spread } from './support/report.ts';

/** Benches are run from the root of the repository. */
const BINARY = 'dist/agent/longbow-mesh.js';
const NODE_ALONE = ['-e', '0'];
const LOOK = ['version', 'members', 'members --json', 'info', 'ring user:4711', 'why bench'];

const { values } = parseArgs({
	options: { runs: { type: 'string', default: '21' }, json: { type: 'boolean', default: false } },
});
const runs = Number(values.runs);

const AGENT_ENV = {
	LONGBOW_NODE_ID: 'bench',
	LONGBOW_GOSSIP_BIND_ADDR: '127.0.0.1',
	LONGBOW_GOSSIP_PORT: '0',
	LONGBOW_META_ADDR: `127.0.0.1:${await freePort()}`,
	LONGBOW_METRICS_ADDR: '127.0.0.1:0',
};

const agent = spawn(process.execPath, [BINARY, 'agent', '--log', 'json'], {
	env: { PATH: process.env.PATH, ...AGENT_ENV },
	stdio: ['ignore', 'pipe', 'inherit'],
});

/** The status address that the agent's log tells. */
async function ready(): Promise<string> {
	for await (const line of createInterface({ input: agent.stdout })) {
		const { event, status } = JSON.parse(line);
		if (event === 'ready') return status;
	}
	throw new Error('the agent ended before it was ready');
}

function startMs(args: readonly string[], addr: string): number {
	const startedAt = performance.now();
	const env = { PATH: process.env.PATH, LONGBOW_ADDR: addr };
	const { status } = spawnSync(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
	if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
	return performance.now() - startedAt;
}

const report = new Report('A look command takes at most 2.2 times as long as Node alone takes to start.', values.json);
try {
	const addr = await ready();
	const cases = [NODE_ALONE, ...LOOK.map((line) => [BINARY, ...line.split(' ')])];
	const times = cases.map((): number[] => []);
	// In turns, so that what else the machine does falls on all of them alike.
	for (let i = 0; i < runs; i++) {
		report.progress(`run ${i + 1} of ${runs}`);
		for (const [at, args] of cases.entries()) times[at]?.push(startMs(args, addr));
	}
	const alone = spread(times[0] as number[]);
	for (const [at, all] of times.entries()) {
		const { median, min } = spread(all);
		const what = at === 0 ? 'node -e 0' : (LOOK[at - 1] as string);
		report.add({
			what,
			runs: all.length,
			'median ms': round(median),
			'ratio of medians': round(median / alone.median),
			'min ms': round(min),
			'ratio of minima': round(min / alone.min),
		});
	}
} finally {
	const ended = once(agent, 'exit');
	agent.kill('SIGKILL');
	await ended;
}
report.print();
