// Lookups without a pause against a mesh: who owns a key, asked of any member that answers.

import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from '../../netns/support/namespaces.ts';
import type { Observer } from '../../netns/support/observer.ts';

/** One key, one answer. */
export interface Lookup {
	/** When it was answered, milliseconds since 1970. */
	readonly at: number;
	/** `undefined`: no member answered, or the one that did knew of no owner. */
	readonly owner: string | undefined;
}

const PAUSE_MS = 2;

export class Lookups {
	readonly done: Lookup[] = [];
	readonly #observer: Observer;
	readonly #hosts: readonly Host[];
	#goesOn = true;
	readonly #ended: Promise<void>;

	constructor(observer: Observer, hosts: readonly Host[]) {
		this.#observer = observer;
		this.#hosts = hosts;
		this.#ended = this.#run();
	}

	/** Lookups from one moment to another that named this owner. */
	naming(owner: string, from: number, to: number): number {
		return this.done.filter((each) => each.owner === owner && each.at >= from && each.at <= to).length;
	}

	async stop(): Promise<void> {
		this.#goesOn = false;
		await this.#ended;
	}

	async #run(): Promise<void> {
		for (let turn = 0; this.#goesOn; turn++) {
			this.done.push({ owner: await this.#owner(turn), at: Date.now() });
			await delay(PAUSE_MS);
		}
	}

	/** Asks one member after the other, as any client with several addresses does. */
	async #owner(turn: number): Promise<string | undefined> {
		for (let i = 0; i < this.#hosts.length; i++) {
			const { address } = this.#hosts[(turn + i) % this.#hosts.length]!;
			const page = await this.#observer
				.page(`http://${address}:9090/api/v1/ring?key=user:${turn}`)
				.catch(() => undefined);
			if (page === undefined) continue;
			const { owners = [] }: { owners?: readonly string[] } = JSON.parse(page);
			return owners[0];
		}
		return undefined;
	}
}
