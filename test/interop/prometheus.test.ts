// The seed's three metrics as a real Prometheus scrapes them from real agents, before and after a kill.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METRICS } from '../../src/metrics/index.ts';
import { type AgentProcess, freePort, startAgentProcess } from '../support/agent-process.ts';
import { boardExpressions } from '../support/grafana.ts';

const present = spawnSync('prometheus', ['--version']).error === undefined;
if (!present) {
	if (process.env.CI === 'true') throw new Error('prometheus is missing: apt-get install prometheus');
	console.warn('NOT CHECKED: metrics as scraped need prometheus (Debian package "prometheus")');
}

// Prometheus looks for its targets 5 s after its start, and not before.
const FIRST_SAMPLE = { timeout: 25_000, interval: 250 };
const VERDICT = { timeout: 25_000, interval: 250 };

const agents: AgentProcess[] = [];
let folder = '';
let prometheus: ChildProcess | undefined;
let api = '';

beforeAll(async () => {
	if (!present) return;
	const env = { LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '1s' };
	const first = await startAgentProcess('longbow-0', { env });
	agents.push(first);
	for (const name of ['longbow-1', 'longbow-2', 'longbow-3', 'longbow-4']) {
		agents.push(await startAgentProcess(name, { join: [first.gossip], env }));
	}
	folder = await mkdtemp(join(tmpdir(), 'longbow-prometheus-'));
	const config = {
		global: { scrape_interval: '500ms' },
		scrape_configs: [{ job_name: 'longbow', static_configs: [{ targets: agents.map(({ metrics }) => metrics) }] }],
	};
	await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config)); // JSON is YAML
	const address = `127.0.0.1:${await freePort()}`;
	api = `http://${address}/api/v1/query`;
	prometheus = spawn(
		'prometheus',
		[
			`--config.file=${join(folder, 'prometheus.yml')}`,
			`--storage.tsdb.path=${join(folder, 'data')}`,
			`--web.listen-address=${address}`,
		],
		{ stdio: 'ignore' },
	);
	process.once('exit', () => prometheus?.kill('SIGKILL'));
});

afterAll(async () => {
	if (prometheus) {
		prometheus.kill('SIGKILL');
		await once(prometheus, 'exit');
	}
	await Promise.all(agents.map((agent) => agent.end()));
	if (folder) await rm(folder, { recursive: true, force: true });
});

/** The newest value of each series by its instance; empty while Prometheus has none, or is not up yet. */
async function query(expression: string): Promise<Record<string, number>> {
	const response = await fetch(`${api}?${new URLSearchParams({ query: expression })}`).catch(() => undefined);
	if (!response?.ok) return {};
	const answer = (await response.json()) as {
		data: { result: { metric: { instance: string }; value: [number, string] }[] };
	};
	return Object.fromEntries(answer.data.result.map(({ metric, value }) => [metric.instance, Number(value[1])]));
}

function each(value: unknown, of: readonly AgentProcess[] = agents): Record<string, unknown> {
	return Object.fromEntries(of.map(({ metrics }) => [metrics, value]));
}

const positive = expect.toSatisfy((value: number) => value > 0, 'above 0');

describe.runIf(present)('a real Prometheus', () => {
	it('seed 17: gossip_active_members scraped by a real Prometheus', async () => {
		await expect.poll(() => query('gossip_active_members'), FIRST_SAMPLE).toEqual(each(5));
	});

	it('seed 18: gossip_pings_total scraped in both directions', async () => {
		for (const direction of ['sent', 'received']) {
			await expect
				.poll(() => query(`gossip_pings_total{direction="${direction}"}`), FIRST_SAMPLE)
				.toEqual(each(positive));
		}
	});

	it('seed 19: gossip_member_state_changes_total is scraped at 0 before anything happened', async () => {
		for (const [from, to] of [
			['suspect', 'dead'],
			['alive', 'left'],
		]) {
			const series = `gossip_member_state_changes_total{from="${from}",to="${to}"}`;
			await expect.poll(() => query(series), FIRST_SAMPLE).toEqual(each(0));
		}
	});

	it('seed 29: every documented metric is scraped, and answers', async () => {
		for (const { name, type } of METRICS) {
			const series = type === 'histogram' ? `${name}_count` : name;
			const asked = name.startsWith('gossip_discovery') ? agents.slice(1) : agents;
			await expect
				.poll(async () => Object.keys(await query(`max by (instance) (${series})`)).sort(), FIRST_SAMPLE)
				.toEqual(asked.map(({ metrics }) => metrics).sort());
		}
	});

	it('takes every expression of the Grafana board, and answers those that a calm mesh has an answer to', async () => {
		const silentOnes = async (): Promise<string[]> => {
			const silent: string[] = [];
			for (const expression of boardExpressions()) {
				const response = await fetch(`${api}?${new URLSearchParams({ query: expression })}`);
				const answer = (await response.json()) as { status: string; error?: string; data?: { result: unknown[] } };
				expect(answer, expression).toMatchObject({ status: 'success' });
				if (!answer.data?.result.length) silent.push(expression);
			}
			// Only what asks for trouble (`> 0`), or for discovery of the first agent, may be without an answer.
			return silent.filter((expression) => !expression.endsWith('> 0'));
		};
		// Rates have an answer from the second scrape on.
		await expect.poll(silentOnes, VERDICT).toEqual([]);
	});

	it('seed 19: alive to suspect and suspect to dead are scraped after a kill', async () => {
		const [victim, ...others] = agents.toReversed() as [AgentProcess, ...AgentProcess[]];
		await victim.end('SIGKILL');
		const change = (from: string, to: string): string =>
			`sum by (instance) (gossip_member_state_changes_total{from="${from}",to="${to}"}) and on (instance) up == 1`;
		await expect.poll(() => query(change('suspect', 'dead')), VERDICT).toEqual(each(positive, others));
		await expect.poll(() => query(change('alive', 'suspect')), VERDICT).toEqual(each(positive, others));
		await expect.poll(() => query('gossip_active_members and on (instance) up == 1'), VERDICT).toEqual(each(4, others));
	});

	it('scrapes no series twice and none without its help', async () => {
		const page = await (await fetch(`http://${agents[0]?.metrics}/metrics`)).text();
		const judge = spawnSync('promtool', ['check', 'metrics'], { input: page, encoding: 'utf8' });
		expect({ status: judge.status, said: judge.stdout + judge.stderr }).toEqual({ status: 0, said: '' });
	});
});
