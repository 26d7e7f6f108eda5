// A node of ours in a process of its own, so that it can be killed and stopped like any other.

import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, vi } from 'vitest';
import type { JoinAnswer, Member } from '../../../src/mesh/index.ts';
import { formatAddress } from '../../../src/swim/index.ts';
import type { NodeOptions, NodeReply, NodeRequest } from './mesh-node.ts';
import { Running } from './processes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let program: Promise<string> | undefined;

export class MeshProcess {
	readonly name: string;
	readonly process: Running;
	/** `host:port` of its gossip. */
	address = '';
	readonly #waiting = new Map<number, PromiseWithResolvers>();
	#requests = 0;

	private constructor(name: string, process: Running) {
		this.name = name;
		this.process = process;
		process.child.on('message', (reply: NodeReply) => this.#take(reply));
		void process.exited.then(() => {
			for (const { reject } of this.#waiting.values()) reject(new Error(`${name} has gone\n${process.output}`));
			this.#waiting.clear();
		});
	}

	/** Resolves when the node is bound; the seeds are contacted by then or later. */
	static async start(options: NodeOptions): Promise<MeshProcess> {
		program ??= compile();
		const running = Running.fork(`mesh ${options.name}`, await program, [JSON.stringify(options)]);
		const node = new MeshProcess(options.name, running);
		await Promise.race([once(running.child, 'message'), running.exited]);
		if (node.address === '') throw new Error(`the node did not start\n${running.output}`);
		return node;
	}

	join(...peers: readonly string[]): Promise<readonly JoinAnswer[]> {
		return this.#ask({ type: 'join', peers }) as Promise<readonly JoinAnswer[]>;
	}

	/** Every member that is known, dead and left ones too. */
	members(): Promise<readonly Member[]> {
		return this.#ask({ type: 'members' }) as Promise<readonly Member[]>;
	}

	setTags(tags: Readonly<Record<string, string>>): Promise<unknown> {
		return this.#ask({ type: 'set-tags', tags });
	}

	/** Says goodbye; the process ends by itself. */
	async leave(): Promise<void> {
		await this.#ask({ type: 'leave' });
		await this.process.exited;
	}

	/** Expects the node to show a member so, now. */
	async shows(name: string, member: { readonly [K in keyof Member]?: unknown }): Promise<void> {
		const members = await this.members();
		expect(members, this.process.output).toContainEqual(expect.objectContaining({ name, ...member }));
	}

	/** Waits until the node shows a member so. */
	async willShow(name: string, member: { readonly [K in keyof Member]?: unknown }, timeoutMs = 10_000): Promise<void> {
		await vi.waitFor(() => this.shows(name, member), { timeout: timeoutMs, interval: 50 });
	}

	#ask(request: WithoutId<NodeRequest>): Promise<unknown> {
		const id = ++this.#requests;
		return new Promise((resolve, reject) => {
			this.#waiting.set(id, { resolve, reject });
			this.process.child.send({ ...request, id });
		});
	}

	#take(reply: NodeReply): void {
		if (reply.type === 'ready') {
			this.address = formatAddress(reply.address);
			return;
		}
		const waiting = this.#waiting.get(reply.id);
		this.#waiting.delete(reply.id);
		if (reply.type === 'done') waiting?.resolve(reply.value);
		else waiting?.reject(new Error(reply.message));
	}
}

interface PromiseWithResolvers {
	resolve(value: unknown): void;
	reject(error: Error): void;
}
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** The program as one file that Node 20 runs. */
async function compile(): Promise<string> {
	const outfile = join(root, 'node_modules/.cache/interop/mesh-node.mjs');
	await build({
		absWorkingDir: root,
		entryPoints: ['test/interop/support/mesh-node.ts'],
		outfile,
		bundle: true,
		packages: 'external',
		format: 'esm',
		platform: 'node',
		target: 'node20.19',
		sourcemap: 'inline',
		logLevel: 'warning',
	});
	return outfile;
}
