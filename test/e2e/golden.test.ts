// What a real agent prints, held against test/golden/cli (`npx vitest run --project e2e test/e2e/golden.test.ts -u` rewrites it).

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, it } from 'vitest';
import { expectGolden } from '../golden/cli/golden.ts';
import { freePort } from '../support/agent-process.ts';
import { BINARY, eventually } from '../support/cli.ts';

let child: ChildProcess | undefined;
afterEach(() => {
	child?.kill('SIGKILL');
	child = undefined;
});

/** Starts the binary, asks it to end once its output fits, and gives all that it printed. */
async function printed(args: readonly string[], env: NodeJS.ProcessEnv, enough: RegExp): Promise<string> {
	const started = spawn(process.execPath, [BINARY, ...args], {
		env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	child = started;
	let text = '';
	for (const stream of [started.stdout, started.stderr]) {
		stream.setEncoding('utf8').on('data', (more: string) => {
			text += more;
		});
	}
	await eventually(`${enough} in the output`, () => enough.test(text) || undefined);
	const ended = once(started, 'close');
	started.kill('SIGTERM');
	await ended;
	return text;
}

/** Times, ports, figures and ids differ, columns follow from them; a busy machine stalls and is told so. */
function steady(text: string): string {
	return text
		.split('\n')
		.filter((line) => !/\bstall\b|\bhealth\b/.test(line) || line.includes('healthz'))
		.map((line) =>
			line
				.replace(/\d[\d.:]*(?:m?s\b)?/g, '#')
				.replace(/ {2,}/g, '  ')
				.trimEnd(),
		)
		.join('\n');
}

async function agentEnv(): Promise<NodeJS.ProcessEnv> {
	return {
		LONGBOW_NODE_ID: 'longbow-one',
		LONGBOW_GOSSIP_BIND_ADDR: '127.0.0.1',
		LONGBOW_GOSSIP_PORT: '0',
		LONGBOW_META_ADDR: `127.0.0.1:${await freePort()}`,
		LONGBOW_METRICS_ADDR: '127.0.0.1:0',
	};
}

it('the agent for people: banner, the end', async () => {
	await expectGolden('agent', steady(await printed(['agent', '--log', 'text'], await agentEnv(), /security/)));
});

it('the agent for machines: an object a line', async () => {
	await expectGolden('agent-json', steady(await printed(['agent'], await agentEnv(), /"event":"ready"/)));
});
