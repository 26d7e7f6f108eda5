// The live stream of real agents: a killed member goes through it, a restart begins it anew, a goodbye ends it.

import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { fold, type LiveSnapshot } from '../../src/status/index.ts';
import { type AgentProcess, freePort, startAgentProcess } from '../support/agent-process.ts';
import { until } from '../support/until.ts';

const agents: AgentProcess[] = [];
const streams: Stream[] = [];

afterEach(async () => {
	for (const stream of streams.splice(0)) stream.end();
	await Promise.all(agents.splice(0).map((agent) => agent.end()));
});

/** Reads one connection and folds it. */
class Stream {
	snapshot: LiveSnapshot | undefined;
	readonly events: string[] = [];
	/** Every state of every member that was ever held, in order: `name:status`. */
	readonly states: string[] = [];
	lastId: string | undefined;
	ended = false;
	#rest = '';
	#response: IncomingMessage | undefined;

	static async open(address: string, lastId?: string): Promise<Stream> {
		const stream = new Stream();
		streams.push(stream);
		const headers = lastId === undefined ? {} : { 'last-event-id': lastId };
		const [response] = await once(get(`http://${address}/api/v1/live`, { headers, agent: false }), 'response');
		stream.#read(response);
		return stream;
	}

	state(name: string): number | undefined {
		return this.snapshot?.members.find(({ ID }) => ID === name)?.Status;
	}

	end(): void {
		this.#response?.destroy();
	}

	#read(response: IncomingMessage): void {
		this.#response = response;
		response.setEncoding('utf8');
		response.on('error', () => undefined); // we, or the agent, hang up
		response.on('close', () => {
			this.ended = true;
		});
		response.on('data', (text: string) => {
			const blocks = (this.#rest + text).split('\n\n');
			this.#rest = blocks.pop() ?? '';
			for (const block of blocks) this.#take(block);
		});
	}

	#take(block: string): void {
		const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
		const event = field('event');
		if (event === undefined) return;
		this.events.push(event);
		this.lastId = field('id') ?? this.lastId;
		const data = JSON.parse(field('data') ?? 'null');
		if (event === 'snapshot') this.snapshot = data;
		else if (event === 'delta' && this.snapshot) this.snapshot = fold(this.snapshot, data);
		for (const { ID, Status } of this.snapshot?.members ?? []) {
			const last = this.states.findLast((state) => state.startsWith(`${ID}:`));
			if (last !== `${ID}:${Status}`) this.states.push(`${ID}:${Status}`);
		}
	}
}

it('follows a member from alive to suspect to dead and back, and ends with the agent', async () => {
	const env = { LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '1s' };
	const first = await startAgentProcess('live-0', { env });
	agents.push(first);
	for (const name of ['live-1', 'live-2']) agents.push(await startAgentProcess(name, { join: [first.gossip], env }));
	const stream = await Stream.open(first.metrics);
	await until('all are alive', () => stream.snapshot?.mesh.counts.alive === 3, 30_000);
	await until('probes are told', () =>
		stream.snapshot!.members.every(({ ID, probes }) => ID === 'live-0' || probes.length > 3),
	);
	expect(stream.snapshot?.seconds.some(({ sent }) => sent[0] > 0)).toBe(true);
	await agents[2]!.end('SIGKILL');
	await until('it is dead', () => stream.state('live-2') === 2, 30_000);
	await until('it owns nothing', () => stream.snapshot?.members[2]?.share === 0);
	agents[2] = await startAgentProcess('live-2', { join: [first.gossip], env });
	await until('it is back', () => stream.state('live-2') === 0, 30_000);
	expect(stream.states.filter((state) => state.startsWith('live-2:'))).toEqual([
		'live-2:0',
		'live-2:1',
		'live-2:2',
		'live-2:0',
	]);
	// Each event once, though they came in many deltas.
	const seqs = stream.snapshot!.events.map(({ seq }) => seq);
	expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
	expect(stream.events.filter((event) => event === 'snapshot')).toHaveLength(1);
	await first.end('SIGTERM');
	await until('the stream has ended', () => stream.ended);
});

it('resumes where it broke off, and begins anew with a node that has restarted', async () => {
	const env = { LONGBOW_GOSSIP_PORT: String(await freePort()), LONGBOW_METRICS_ADDR: `127.0.0.1:${await freePort()}` };
	const agent = await startAgentProcess('live-0', { env });
	agents.push(agent);
	const before = await Stream.open(agent.metrics);
	await until('a second has passed', () => (before.snapshot?.seconds.length ?? 0) > 0);
	before.end();
	const resumed = await Stream.open(agent.metrics, before.lastId);
	await until('it goes on', () => resumed.events.length > 1);
	expect(resumed.events).not.toContain('snapshot');
	await agent.end('SIGKILL');
	await until('the stream has ended', () => resumed.ended);
	const again = await startAgentProcess('live-0', { env });
	agents.push(again);
	const anew = await Stream.open(again.metrics, before.lastId);
	await until('it begins anew', () => anew.snapshot !== undefined);
	expect(anew.events[0]).toBe('snapshot');
	expect(anew.snapshot?.node.startedAt).toBeGreaterThan(before.snapshot!.node.startedAt);
});
