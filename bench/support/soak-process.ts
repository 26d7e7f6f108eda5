// A process of the soak as the bench sees it: what it told, and what may be asked of it.

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { end, forkRole } from './fork.ts';
import type { AskedOfSoakNode, Sample, SoakNodeRole, ToldBySoakNode } from './soak-node.ts';

export class SoakProcess {
	readonly name: string;
	readonly child: ChildProcess;
	readonly samples: { readonly at: number; readonly sample: Sample }[] = [];
	readonly faults: string[] = [];
	/** Told of every member that dies in its view. */
	onDeath: (member: string) => void = () => undefined;
	/** `performance.now()` of when it was up. */
	readyAt = Number.POSITIVE_INFINITY;
	readonly ready: Promise<string>;
	/** We ended it, or it was asked to leave: its exit is no fault. */
	ending = false;
	#view: ((view: string) => void) | undefined;

	constructor(role: SoakNodeRole) {
		this.name = role.name;
		let settle: (address: string) => void = () => undefined;
		this.child = forkRole(role, (told: ToldBySoakNode) => this.#take(told, settle));
		this.ready = new Promise((resolve, reject) => {
			settle = resolve;
			this.child.once('exit', (code, signal) => {
				if (!this.ending) this.faults.push(`${this.name} ended by itself: ${code ?? signal}`);
				reject(new Error(`${this.name} ended before it was ready`));
			});
		});
		// Whoever does not wait for it to be ready learns of its end by the fault.
		this.ready.catch(() => undefined);
	}

	async view(): Promise<string> {
		const view = new Promise<string>((resolve) => {
			this.#view = resolve;
		});
		this.#ask('view');
		return view;
	}

	setTags(tags: Readonly<Record<string, string>>): void {
		this.#ask({ tags });
	}

	async leave(): Promise<void> {
		this.ending = true;
		const gone = once(this.child, 'exit');
		this.#ask('leave');
		await gone;
	}

	async kill(): Promise<void> {
		this.ending = true;
		await end(this.child);
	}

	#ask(asked: AskedOfSoakNode): void {
		if (this.child.connected) this.child.send(asked);
	}

	#take(told: ToldBySoakNode, ready: (address: string) => void): void {
		const at = performance.now();
		if (told.type === 'ready') {
			this.readyAt = at;
			ready(told.address);
		} else if (told.type === 'sample') this.samples.push({ at, sample: told.sample });
		else if (told.type === 'dead') this.onDeath(told.member);
		else if (told.type === 'fault') this.faults.push(`${this.name}: ${told.text}`);
		else this.#view?.(told.view);
	}
}
