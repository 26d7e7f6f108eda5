// Claim: a look command of the CLI, its answer included, costs at most 2.2 times the processor time of a start of Node alone.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { freePort } from '../test/support/agent-process.ts';
import { Report, round, spread, timing } from './support/report.ts';

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

/** Processor time of one run of Node, user and system: what a busy machine does not add to, as it does to the time on the clock. */
function startMs(args: readonly string[], addr: string): number {
	const { status, stdout } = spawnSync('bash', ['-c', '"$@" >&2 && times', 'bash', process.execPath, ...args], {
		env: { PATH: process.env.PATH, LONGBOW_ADDR: addr },
		stdio: ['ignore', 'pipe', 'ignore'],
		encoding: 'utf8',
	});
	// Of the shell, then of its children: 0m0.019s 0m0.008s.
	const times = [...(stdout.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
	if (status !== 0 || times.length !== 2) throw new Error(`node ${args.join(' ')} ended with ${status}`);
	return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1_000, 0);
}

const report = new Report(
	'A look command costs at most 2.2 times the processor time of a start of Node alone.',
	values.json,
);
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
		const what = at === 0 ? 'node -e 0' : (LOOK[at - 1] as string);
		report.add({ ...timing(what, all), ratio: round(spread(all).median / alone.median) });
	}
} finally {
	const ended = once(agent, 'exit');
	agent.kill('SIGKILL');
	await ended;
}
report.print();
