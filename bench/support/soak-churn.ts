// The churn of the soak: a few nodes that stay, many that come and go, and the real agent among them.

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { SoakAgent } from './soak-agent.ts';
import type { SoakNodeRole } from './soak-node.ts';
import { SoakProcess } from './soak-process.ts';

const STAYERS = 3;
const SAMPLE_MS = 5_000;
/** Twice as many names as may run: half of the starts bring back a name, at another port. */
const NAMES_PER_NODE = 2;
const SETTLE_MS = 60_000;
/** The death of a name's former life may be told so long after the start of the next. */
const FORMER_LIFE_MS = 2_000;

export class Churn {
	readonly stayers: SoakProcess[] = [];
	readonly counts = { kills: 0, leaves: 0, starts: 0, 'new tags': 0, 'false deaths': 0 };
	readonly #size: number;
	readonly #running = new Map<string, SoakProcess>();
	readonly #faults: string[] = [];
	#agent: SoakAgent | undefined;
	#turns = 0;

	constructor(size: number) {
		this.#size = size;
	}

	get agent(): SoakAgent {
		return this.#agent!;
	}

	get faults(): readonly string[] {
		return [
			...this.#faults,
			...this.agent.faults,
			...[...this.stayers, ...this.#running.values()].flatMap(({ faults }) => faults),
		];
	}

	get summary(): string {
		return `${this.stayers.length + 1 + this.#running.size} run, ${this.faults.length} faults, ${JSON.stringify(this.counts)}`;
	}

	async start(): Promise<void> {
		const first = this.#launch({ name: 'stayer-1', seeds: [], sampleMs: SAMPLE_MS });
		this.stayers.push(first);
		const seed = await first.ready;
		for (let i = 2; i <= STAYERS; i++) {
			const stayer = this.#launch({ name: `stayer-${i}`, seeds: [seed], sampleMs: SAMPLE_MS });
			this.stayers.push(stayer);
			await stayer.ready;
		}
		this.#agent = new SoakAgent('agent', seed, await freePort(), SAMPLE_MS);
		await this.agent.ready;
		while (this.#running.size < this.#churning) await this.#startOne();
	}

	/** One step: who is too many goes, who is missing comes; now and then a member's tags change. */
	async turn(): Promise<void> {
		this.#turns++;
		if (this.#turns % 5 < 2) this.#changeTags();
		if (this.#turns % 2 === 0) await this.#startOne();
		else await this.#endOne();
	}

	/** Until all views are equal; else what differs. */
	async settle(): Promise<string[]> {
		const deadline = performance.now() + SETTLE_MS;
		for (;;) {
			const processes = [...this.stayers, ...this.#running.values()];
			const views = await Promise.all(processes.map((process) => process.view()));
			const differ = processes.filter((_, i) => views[i] !== views[0]).map(({ name }) => `${name} has another view`);
			const members = (views[0] ?? '').split('\n').length - 1;
			if (members !== processes.length + 1) differ.push(`${members} members of ${processes.length + 1}`);
			if (differ.length === 0 || performance.now() > deadline) return differ;
			await setTimeout(500);
		}
	}

	async close(): Promise<void> {
		await this.agent.stop();
		await Promise.all([...this.stayers, ...this.#running.values()].map((process) => process.kill()));
	}

	get #churning(): number {
		return this.#size - STAYERS - 1;
	}

	async #startOne(): Promise<void> {
		const names = Array.from({ length: this.#churning * NAMES_PER_NODE }, (_, i) => `guest-${i + 1}`);
		const name = pick(names.filter((each) => !this.#running.has(each)));
		if (name === undefined || this.#running.size >= this.#churning) return;
		const seed = await pick(this.stayers)!.ready;
		const process = this.#launch({ name, seeds: [seed] });
		this.#running.set(name, process);
		this.counts.starts++;
		await process.ready;
	}

	async #endOne(): Promise<void> {
		const process = pick([...this.#running.values()]);
		if (process === undefined) return;
		this.#running.delete(process.name);
		if (Math.random() < 0.3) {
			this.counts.leaves++;
			await process.leave();
		} else {
			this.counts.kills++;
			await process.kill();
		}
		this.#faults.push(...process.faults);
	}

	#changeTags(): void {
		this.counts['new tags']++;
		pick([...this.stayers, ...this.#running.values()])!.setTags({ turn: String(this.#turns) });
	}

	#launch(role: Omit<SoakNodeRole, 'kind'>): SoakProcess {
		const process = new SoakProcess({ kind: 'node', ...role });
		process.onDeath = (member) => {
			if (this.#hasRun(member)) this.counts['false deaths']++;
		};
		return process;
	}

	#hasRun(name: string): boolean {
		if (name === 'agent') return true;
		const process = this.#running.get(name) ?? this.stayers.find((stayer) => stayer.name === name);
		return process !== undefined && performance.now() - process.readyAt > FORMER_LIFE_MS;
	}
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

function pick<T>(items: readonly T[]): T | undefined {
	return items[Math.floor(Math.random() * items.length)];
}
