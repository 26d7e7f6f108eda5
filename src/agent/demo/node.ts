// One agent of the demo: a process of its own, started, killed, frozen and asked over its public surfaces alone.

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { callAction } from '../../flight/index.ts';
import type { MemberObject, RingObject } from '../../status/index.ts';

export interface NodePorts {
	readonly gossip: number;
	readonly status: number;
	readonly metrics: number;
}

/** A JSON line of the agent's log. */
export interface LogLine {
	readonly time: string;
	readonly event: string;
	readonly node: string;
	readonly member?: string;
	readonly from?: string;
	readonly to?: string;
	readonly reason?: string;
}

export interface NodeListeners {
	readonly onLog: (node: DemoNode, line: LogLine) => void;
	/** It ended, and `expected` says whether the demo wanted it to. `said` is the end of its stderr. */
	readonly onExit: (node: DemoNode, expected: boolean, said: string) => void;
}

export interface DemoNodeOptions {
	readonly name: string;
	readonly ports: NodePorts;
	readonly tags: string;
	/** Asked at each start: `host:port,host:port`. */
	readonly peers: () => string;
	/** The script that is run with `agent`. */
	readonly binary: string;
	readonly listeners: NodeListeners;
}

const CALL_TIMEOUT_MS = 1_000;
const STOP_TIMEOUT_MS = 2_000;
const KEPT_STDERR = 2_000;

export class DemoNode {
	readonly name: string;
	readonly ports: NodePorts;
	/** Until when it is frozen, on the clock of `performance.now()`. */
	frozenUntil = 0;
	readonly #tags: string;
	readonly #peers: () => string;
	readonly #binary: string;
	readonly #listeners: NodeListeners;
	#child: ChildProcess | undefined;
	#ending = false;

	constructor(options: DemoNodeOptions) {
		this.name = options.name;
		this.ports = options.ports;
		this.#tags = options.tags;
		this.#peers = options.peers;
		this.#binary = options.binary;
		this.#listeners = options.listeners;
	}

	get pid(): number | undefined {
		return this.#child?.pid;
	}

	/** Neither ended nor about to end. */
	get running(): boolean {
		return this.#child !== undefined && !this.#ending;
	}

	get frozen(): boolean {
		return performance.now() < this.frozenUntil;
	}

	get metricsUrl(): string {
		return `http://127.0.0.1:${this.ports.metrics}/metrics`;
	}

	/** Resolves when its log says that it is ready. @throws {Error} with what it said instead. */
	async start(): Promise<void> {
		if (this.#child) await once(this.#child, 'exit');
		// The IPC channel ends with this process, and the agent ends with the channel: nothing is left behind.
		const child = fork(this.#binary, ['agent'], {
			env: { ...process.env, ...this.#environment() },
			execArgv: [],
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		});
		this.#child = child;
		this.#ending = false;
		let said = '';
		child.stderr?.setEncoding('utf8').on('data', (text: string) => {
			said = (said + text).slice(-KEPT_STDERR);
		});
		await new Promise<void>((resolve, reject) => {
			child.once('error', reject);
			child.once('exit', () => {
				this.#child = undefined;
				reject(new Error(said.trim() || `${this.name} ended`));
				this.#listeners.onExit(this, this.#ending, said.trim());
			});
			createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (text) => {
				const line = parseLine(text);
				if (line?.event === 'ready') resolve();
				if (line) this.#listeners.onLog(this, line);
			});
		});
	}

	/** kill -9: no goodbye, no last packet. */
	kill(): void {
		this.#ending = true;
		this.#child?.kill('SIGKILL');
	}

	/** SIGTERM: it says goodbye. */
	leave(): void {
		this.#ending = true;
		this.#child?.kill('SIGTERM');
	}

	/** Stops it for so many seconds. A shell wakes it again, so that it wakes even if the demo is killed meanwhile. */
	freeze(seconds: number): void {
		if (this.pid === undefined) return;
		this.frozenUntil = performance.now() + seconds * 1_000;
		const script = `kill -STOP "$0"; sleep ${seconds}; kill -CONT "$0"`;
		spawn('sh', ['-c', script, String(this.pid)], { detached: true, stdio: 'ignore' }).unref();
	}

	/** Ends it without a goodbye, by force if need be. */
	async stop(): Promise<void> {
		const child = this.#child;
		if (!child) return;
		this.#ending = true;
		const ended = once(child, 'exit');
		if (child.connected) child.disconnect();
		child.kill('SIGCONT');
		const inTime = await Promise.race([ended.then(() => true), delay(STOP_TIMEOUT_MS, false, { ref: false })]);
		if (inTime) return;
		child.kill('SIGKILL');
		await ended;
	}

	async members(): Promise<MemberObject[]> {
		return (await this.#call('MeshStatus')) as MemberObject[];
	}

	async ring(): Promise<RingObject> {
		return (await this.#call('MeshRing')) as RingObject;
	}

	#call(action: string): Promise<unknown> {
		return callAction(`127.0.0.1:${this.ports.status}`, action, undefined, { timeoutMs: CALL_TIMEOUT_MS });
	}

	#environment(): Record<string, string> {
		return {
			LONGBOW_NODE_ID: this.name,
			LONGBOW_LOG: 'json',
			LONGBOW_GOSSIP_BIND_ADDR: '127.0.0.1',
			LONGBOW_GOSSIP_PORT: String(this.ports.gossip),
			LONGBOW_GOSSIP_STATIC_PEERS: this.#peers(),
			LONGBOW_GOSSIP_TAGS: this.#tags,
			LONGBOW_META_ADDR: `127.0.0.1:${this.ports.status}`,
			LONGBOW_METRICS_ADDR: `127.0.0.1:${this.ports.metrics}`,
		};
	}
}

// Whatever is not a line of the log, such as a warning of Node, is not for the demo.
function parseLine(text: string): LogLine | undefined {
	if (!text.startsWith('{')) return undefined;
	try {
		return JSON.parse(text) as LogLine;
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}
