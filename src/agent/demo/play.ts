// The demo itself: starts three agents, tells what happens to them, and obeys the keys until it is stopped.

import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../cli/errors.ts';
import { memberColumns, memberRows } from '../cli/member-rows.ts';
import { tableLines } from '../cli/table.ts';
import type { Terminal } from '../cli/terminal.ts';
import { type ClusterView, DemoCluster } from './cluster.ts';
import type { DemoNode, LogLine } from './node.ts';
import { Screen } from './screen.ts';
import { eventText, movedText, type Shares, sharesOf } from './story.ts';

const NODES = 3;
const CONVERGE_MS = 20_000;
const LOOK_MS = 500;
const FREEZE_SECONDS = 3;
const INDENT = '      ';

export interface DemoOptions {
	/** The script that the agents run. */
	readonly binary: string;
	/** The agents' log lines as they are, instead of the story. */
	readonly json: boolean;
	readonly stop: AbortSignal;
}

export class Demo {
	readonly #terminal: Terminal;
	readonly #screen: Screen;
	readonly #json: boolean;
	readonly #cluster: DemoCluster;
	readonly #stop: AbortSignal;
	/** When the last key was pressed; times are told since then, before the first one since the start. */
	#since = performance.now();
	#keyed = false;
	#telling = false;
	#shares: Shares = new Map();

	constructor(terminal: Terminal, options: DemoOptions) {
		this.#terminal = terminal;
		this.#screen = new Screen(terminal);
		this.#json = options.json;
		this.#stop = options.stop;
		this.#cluster = new DemoCluster(options.binary, {
			onLog: (node, line) => this.#onLog(node, line),
			onExit: (node, expected, said) => this.#onExit(node, expected, said),
		});
	}

	/** Until stopped. @throws {CliError} when an agent does not start. The agents are ended in any case. */
	async run(): Promise<void> {
		try {
			this.#say('', `${INDENT}longbow-mesh demo: three agents on this machine`, '');
			await this.#startAll();
			if (!this.#stop.aborted) await this.#meet();
			this.#telling = true;
			await this.#lookOn();
		} finally {
			this.#telling = false;
			const stopped = await this.#cluster.stop();
			this.#screen.end();
			this.#say(`stopped ${stopped} agent${stopped === 1 ? '' : 's'}`);
		}
	}

	/** Does what a key stands for; before the agents have met, nothing. */
	press(key: string): void {
		if (!this.#telling) return;
		const numbered = /^\d$/.test(key) ? this.#cluster.nodes[Number(key)] : undefined;
		if (numbered) this.#do(() => (numbered.running ? this.#kill(numbered) : this.#start(numbered, 'started')));
		else if (key === 's') this.#withVictim((node) => this.#freeze(node));
		else if (key === 'g') this.#withVictim((node) => this.#leave(node));
		else if (key === 'n') this.#do(async () => this.#start(await this.#cluster.add(), 'added'));
		else if (key === '?' || key === 'h') this.#say(...this.#help());
	}

	async #startAll(): Promise<void> {
		for (let i = 0; i < NODES; i++) await this.#cluster.add();
		for (const line of this.#cluster.replacedPorts) this.#say(`${INDENT}${line}`);
		await Promise.all(this.#cluster.nodes.map((node) => this.#start(node, undefined)));
	}

	async #start(node: DemoNode, verb: string | undefined): Promise<void> {
		if (verb) this.#say(`${INDENT}${verb} ${node.name}`);
		try {
			await node.start();
		} catch (error) {
			if (this.#stop.aborted) return;
			const why = error instanceof Error ? error.message.replaceAll('\n', '\n  ') : String(error);
			throw new CliError(`${node.name} does not start`, { code: 'DEMO_START', cause: error, why });
		}
		const { gossip } = node.ports;
		const line = `${this.#terminal.glyph('alive')} ${node.name}   gossip ${gossip}   status ${node.ports.status}   metrics ${node.metricsUrl}   pid ${node.pid}`;
		this.#say(`${this.#clock()} ${line}`);
	}

	async #meet(): Promise<void> {
		const started = performance.now();
		const fingerprint = await this.#cluster.converged(CONVERGE_MS);
		if (fingerprint === undefined) {
			throw new CliError('the agents do not see each other', {
				code: 'DEMO_APART',
				why: `They had ${CONVERGE_MS / 1_000}s on loopback. A firewall may drop UDP there.`,
			});
		}
		const took = ((performance.now() - started) / 1_000).toFixed(1);
		this.#say(`${this.#clock()} All ${NODES} see each other (${took}s). One ring, fingerprint ${fingerprint}.`, '');
		const view = await this.#cluster.view();
		if (view) this.#shares = sharesOf(view.ring);
		if (view && !this.#terminal.isTTY) this.#say(...this.#table(view), '');
		this.#say(...this.#help());
	}

	#help(): string[] {
		const [first] = this.#cluster.nodes;
		const at = this.#addr();
		const keys = [
			['2', 'kill demo-2 (kill -9) and watch it become suspect, then dead; 2 again restarts it'],
			['s', `freeze demo-2 for ${FREEZE_SECONDS}s: it is suspected, wakes, refutes`],
			['n', 'one more node'],
			['g', 'demo-2 leaves in good order'],
		];
		const commands = [
			[`npx longbow-mesh members${at}`, 'who is there'],
			[`npx longbow-mesh why demo-2${at}`, 'why it is what it is'],
			[`npx longbow-mesh ring user:4711${at}`, 'who owns a key'],
			[`curl -s ${first?.metricsUrl ?? ''}`, 'what Prometheus sees'],
			[
				`grpcurl -plaintext -d '{"type":"MeshStatus"}' localhost:${first?.ports.status} arrow.flight.protocol.FlightService/DoAction`,
				'',
			],
		];
		const rows = this.#terminal.isTTY ? [...keys, ...commands] : commands;
		return [
			`${INDENT}Try this, ${this.#terminal.isTTY ? 'here or in a second terminal' : 'in a second terminal'}:`,
			...rows.map(([what = '', why = '']) => `${INDENT}  ${what.padEnd(what.length < 3 ? 8 : 44)}  ${why}`.trimEnd()),
			`${INDENT}Ctrl-C stops all of it.`,
			'',
		];
	}

	/** What a command needs to reach the first agent; nothing when that one has the usual port. */
	#addr(): string {
		const port = this.#cluster.nodes[0]?.ports.status ?? 3001;
		return port === 3001 ? '' : ` --addr localhost:${port}`;
	}

	/** Draws the table until it is stopped. */
	async #lookOn(): Promise<void> {
		while (!this.#stop.aborted) {
			const view = await this.#cluster.view();
			if (view && !this.#json) this.#screen.show(['', ...this.#table(view)]);
			// An abort ends the wait early; that is how it is meant to end.
			await delay(LOOK_MS, undefined, { signal: this.#stop }).catch(() => undefined);
		}
	}

	#table(view: ClusterView): string[] {
		const shares = sharesOf(view.ring);
		const rows = memberRows({ members: view.members, shares });
		const columns = memberColumns('demo', Date.now());
		return tableLines(columns, rows, this.#terminal).map((line) => INDENT + line);
	}

	async #kill(node: DemoNode): Promise<void> {
		this.#say(`${INDENT}killed ${node.name} (pid ${node.pid})`);
		node.kill();
	}

	async #freeze(node: DemoNode): Promise<void> {
		this.#say(`${INDENT}froze ${node.name} (pid ${node.pid}) for ${FREEZE_SECONDS}s`);
		node.freeze(FREEZE_SECONDS);
	}

	async #leave(node: DemoNode): Promise<void> {
		this.#say(`${INDENT}${node.name} was asked to leave`);
		node.leave();
	}

	#withVictim(act: (node: DemoNode) => Promise<void>): void {
		const { victim } = this.#cluster;
		if (victim) this.#do(() => act(victim));
		else this.#say(`${INDENT}only one agent is left; n starts another one`);
	}

	#do(act: () => Promise<void>): void {
		this.#since = performance.now();
		this.#keyed = true;
		act().catch((error: unknown) => this.#say(`${INDENT}${error instanceof Error ? error.message : String(error)}`));
	}

	#onLog(node: DemoNode, line: LogLine): void {
		if (this.#json) this.#terminal.out(JSON.stringify(line));
		if (!this.#telling || node !== this.#cluster.observer) return;
		const text = eventText(line, this.#terminal);
		if (text === undefined) return;
		this.#say(`${this.#clock()} ${text}`);
		if (line.event === 'state') this.#tellMoves(line);
	}

	// A view shows the keys where they are after the event; asked at once, it already does.
	#tellMoves(line: LogLine): void {
		const tell = async (): Promise<void> => {
			const view = await this.#cluster.view();
			if (!view) return;
			const after = sharesOf(view.ring);
			const moved = movedText(this.#shares, after);
			this.#shares = after;
			if (moved) this.#say(`${INDENT}  ${moved}`);
			if (line.to === 'dead' && line.member) {
				const story = `Read the whole story: npx longbow-mesh why ${line.member}${this.#addr()}`;
				this.#say(`${INDENT}  ${story}       Bring it back: ${line.member.replace(/\D/g, '')}`);
			}
		};
		tell().catch((error: unknown) => this.#say(`${INDENT}${String(error)}`));
	}

	#onExit(node: DemoNode, expected: boolean, said: string): void {
		if (expected || !this.#telling) return;
		this.#say(`${INDENT}${node.name} ended by itself${said ? `: ${said}` : ''}`);
	}

	#say(...lines: readonly string[]): void {
		if (!this.#json) this.#screen.say(...lines);
	}

	#clock(): string {
		const seconds = ((performance.now() - this.#since) / 1_000).toFixed(1);
		return (this.#keyed ? `+${seconds}s` : `${seconds}s`).padEnd(INDENT.length - 1);
	}
}
