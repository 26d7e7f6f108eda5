// The real agent in a soak: the built binary, asked for its metrics as Prometheus would, watched from outside.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface AgentSample {
	readonly at: number;
	/** Bytes. */
	readonly rss: number;
	/** Open files, sockets among them. */
	readonly files: number;
}

export class SoakAgent {
	readonly samples: AgentSample[] = [];
	readonly faults: string[] = [];
	ending = false;
	readonly #child: ChildProcess;
	/** Rejects when it ends before. */
	readonly ready: Promise<{ gossip: string; metrics: string }>;
	#page = '';

	/** `statusPort`: one that is free; it is told to others, so it cannot be left to the system. */
	constructor(name: string, seed: string, statusPort: number, sampleMs: number) {
		this.#child = spawn(process.execPath, ['dist/agent/longbow-mesh.js', 'agent', '--log', 'json'], {
			env: {
				PATH: process.env.PATH,
				LONGBOW_NODE_ID: name,
				LONGBOW_GOSSIP_BIND_ADDR: '127.0.0.1',
				LONGBOW_GOSSIP_PORT: '0',
				LONGBOW_GOSSIP_STATIC_PEERS: seed,
				LONGBOW_META_ADDR: `127.0.0.1:${statusPort}`,
				LONGBOW_METRICS_ADDR: '127.0.0.1:0',
			},
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		process.once('exit', () => this.#child.kill('SIGKILL'));
		this.#child.stderr?.on('data', (text: Buffer) =>
			this.faults.push(`${name} wrote to stderr: ${text}`.slice(0, 500)),
		);
		this.ready = new Promise((resolve, reject) => {
			this.#child.once('exit', (code, signal) => {
				if (!this.ending) this.faults.push(`${name} ended by itself: ${code ?? signal}`);
				reject(new Error(`the agent ended before it was ready: ${this.faults.join(', ')}`));
			});
			createInterface({ input: this.#child.stdout! }).on('line', (line) => {
				const record = JSON.parse(line);
				if (record.event === 'ready') resolve(record);
			});
		});
		setInterval(() => void this.#sample(), sampleMs).unref();
	}

	/** Goes as an operator's stop would. */
	async stop(): Promise<void> {
		this.ending = true;
		if (this.#child.exitCode !== null) return;
		this.#child.kill('SIGTERM');
		await once(this.#child, 'exit');
	}

	async #sample(): Promise<void> {
		if (this.ending) return;
		try {
			const { metrics } = await this.ready;
			for (const path of ['metrics', 'api/v1/members', 'api/v1/events']) {
				const answer = await fetch(new URL(path, metrics));
				this.#page = await answer.text();
				if (!answer.ok) this.faults.push(`${path} answered ${answer.status}: ${this.#page.slice(0, 200)}`);
			}
			const { pid } = this.#child;
			const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
			const files = readdirSync(`/proc/${pid}/fd`).length;
			this.samples.push({ at: performance.now(), rss: Number(kib) * 1024, files });
		} catch (error) {
			if (!this.ending) this.faults.push(`the agent was not to be seen: ${String(error)}`);
		}
	}
}
