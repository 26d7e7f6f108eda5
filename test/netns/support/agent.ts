// An agent on a host: the built binary in a namespace, and what it says of the others in its log.

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { MemberState } from '../../../src/swim/index.ts';
import { BINARY } from '../../support/cli.ts';
import { until } from '../../support/until.ts';
import type { Host } from './namespaces.ts';

/** A line of the agent's log. */
interface LogLine {
	readonly event: string;
	/** RFC 3339. */
	readonly time: string;
	readonly member?: string;
	readonly from?: string;
	readonly to?: string;
	readonly reason?: string;
}

/** A step of a member from one state to another, in the view of one agent. */
export interface Step {
	readonly by: string;
	readonly member: string;
	readonly from: string;
	readonly to: string;
	readonly reason: string;
	/** Milliseconds since 1970, by the agent's own clock. */
	readonly at: number;
}

export interface AgentOptions {
	readonly name: string;
	/** Static peers as `host:port`. */
	readonly seeds?: readonly string[];
	/** More of its environment. */
	readonly env?: NodeJS.ProcessEnv;
}

const READY_MS = 30_000;

export class Agent {
	readonly name: string;
	readonly host: Host;
	readonly steps: Step[] = [];
	readonly #child: ChildProcess;
	readonly #exited: Promise<void>;
	readonly #view = new Map<string, string>();
	#readyAt: number | undefined;
	#running = true;
	#output = '';

	private constructor(host: Host, { name, seeds = [], env = {} }: AgentOptions) {
		this.name = name;
		this.host = host;
		// Without a shell between: the signals reach the agent. It ends with this process because of the channel.
		this.#child = spawn('ip', ['netns', 'exec', host.namespace, process.execPath, BINARY, 'agent', '--log', 'json'], {
			env: {
				PATH: process.env.PATH,
				LONGBOW_NODE_ID: name,
				LONGBOW_GOSSIP_STATIC_PEERS: seeds.join(','),
				...env,
			},
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		});
		this.#exited = new Promise((resolve) => {
			this.#child.once('exit', () => {
				this.#running = false;
				resolve();
			});
		});
		for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
			createInterface({ input: stream }).on('line', (line) => this.#read(line));
		}
	}

	/** Resolves when its doors are open; it may not have joined by then. */
	static async start(host: Host, options: AgentOptions): Promise<Agent> {
		const agent = new Agent(host, options);
		await until(`${agent.name} is ready`, () => agent.#readyAt !== undefined || !agent.#running, READY_MS);
		if (agent.#readyAt === undefined) throw new Error(`${agent.name} did not start\n${agent.#output}`);
		return agent;
	}

	/** `host:port` of its gossip. */
	get gossip(): string {
		return hostPort(this.host, 7946);
	}

	/** `host:port` of its HTTP pages. */
	get http(): string {
		return hostPort(this.host, 9090);
	}

	/** When its doors were open, milliseconds since 1970. */
	get readyAt(): number {
		return this.#readyAt!;
	}

	/** Members but itself in this state, by name, as its log has it. */
	those(state: MemberState): readonly string[] {
		return [...this.#view].flatMap(([name, is]) => (is === state ? [name] : [])).sort();
	}

	/** SIGKILL is a crash, SIGSTOP a stall, SIGCONT its end. */
	signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
		this.#child.kill(signal);
	}

	/** A crash: no goodbye. Resolves when the process is gone. */
	async kill(): Promise<void> {
		this.signal('SIGKILL');
		await this.#exited;
	}

	#read(text: string): void {
		this.#output = `${this.#output}${text}\n`.slice(-OUTPUT_MAX);
		if (!text.startsWith('{')) return;
		const line: LogLine = JSON.parse(text);
		if (line.event === 'ready') this.#readyAt = Date.parse(line.time);
		const { member, from, to, reason = '' } = line;
		if (line.event !== 'state' || member === undefined || from === undefined || to === undefined) return;
		this.steps.push({ by: this.name, member, from, to, reason, at: Date.parse(line.time) });
		if (to === 'none') this.#view.delete(member);
		else if (member !== this.name) this.#view.set(member, to);
	}
}

/** Characters of output that are kept for the message of a failure. */
const OUTPUT_MAX = 20_000;

function hostPort({ address }: Host, port: number): string {
	return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
