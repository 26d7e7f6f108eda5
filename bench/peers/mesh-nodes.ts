// Our half: nodes of one process on loopback, and what may be done to them.

import { setTimeout } from 'node:timers/promises';
import { createMesh, type Mesh } from '../../src/mesh/index.ts';
import { createNodeTransport } from '../../src/net/index.ts';
import { EXTENSION_TAG, EXTENSION_VERSION } from '../../src/swim/index.ts';
import { encodeTags } from '../../src/wire/index.ts';
import { addressOf } from '../support/cluster.ts';
import type { Commands, Took, Traffic } from './protocol.ts';
import { Watch } from './watch.ts';
import { Wire } from './wire.ts';

/** As much as memberlist's nodes say of themselves here. */
const META_BYTES = 32;

export class MeshNodes {
	readonly #wire = new Wire();
	readonly #watch = new Watch();
	readonly #nodes: Mesh[] = [];
	#size = 0;
	#streams = true;
	/** Who was killed or has left. */
	#away: Mesh | undefined;

	async start({ nodes, gapMs, streams }: Commands['start']['asks']): Promise<Took> {
		this.#size = nodes;
		this.#streams = streams;
		await this.#add(nameOf(0));
		const began = performance.now();
		await Promise.all(
			Array.from({ length: nodes - 1 }, async (_, i) => {
				if (gapMs > 0) await setTimeout(i * gapMs);
				await this.#add(nameOf(i + 1));
			}),
		);
		return this.#watch.complete(nodes, began);
	}

	traffic(): Traffic {
		const { packets, bytes } = this.#wire;
		return { packets, bytes, ...this.#watch.harm };
	}

	lose(rate: number): object {
		this.#wire.loss = rate;
		this.#watch.forgetHarm();
		return {};
	}

	kill(): Promise<Took> {
		const victim = this.#takeOut();
		return this.#watch.ask(victim.name, 'gone', this.#size - 1, () => victim.close());
	}

	leave(): Promise<Took> {
		const leaver = this.#takeOut();
		return this.#watch.ask(leaver.name, 'gone', this.#size - 1, () => leaver.leave());
	}

	tag(): Promise<Took> {
		const mesh = this.#draw();
		const change = (): Promise<void> => mesh.setTags(tagsOf(`v${Math.random()}`));
		return this.#watch.ask(mesh.name, 'retagged', this.#size - 1, change);
	}

	async comeBack(): Promise<Took> {
		const began = performance.now();
		const { name, address } = this.#away!;
		await this.#add(name, address.port);
		return this.#watch.complete(this.#size, began);
	}

	async #add(name: string, port = 0): Promise<void> {
		const sockets = createNodeTransport({ host: '127.0.0.1', port, streams: this.#streams });
		const say = this.#watch.say.bind(this.#watch, name);
		this.#watch.begin(name);
		const mesh = await createMesh({
			name,
			transport: this.#wire.over(sockets),
			seeds: this.#nodes.slice(0, 1).map(addressOf),
			tags: tagsOf('v0'),
			streams: this.#streams,
			suspicionTimeoutMs: 'auto',
			events: {
				notifyJoin: (member) => say(member.name, 'joined'),
				notifyLeave: (member) => say(member.name, 'gone'),
				notifyUpdate: (member) => say(member.name, 'retagged'),
			},
		});
		mesh.on('suspect', (member, { code }) => {
			if (code === 'probe-failed') say(member.name, 'suspected');
		});
		this.#nodes.push(mesh);
	}

	/** Any node but the first one, which the others come back through. */
	#draw(): Mesh {
		return this.#nodes[1 + Math.floor(Math.random() * (this.#nodes.length - 1))]!;
	}

	#takeOut(): Mesh {
		const mesh = this.#draw();
		this.#nodes.splice(this.#nodes.indexOf(mesh), 1);
		this.#watch.end(mesh.name);
		this.#away = mesh;
		return mesh;
	}
}

function nameOf(index: number): string {
	return `node-${String(index).padStart(3, '0')}`;
}

/** One tag, so long that with what the mesh adds the metadata has its size. */
function tagsOf(value: string): Readonly<Record<string, string>> {
	const bare = encodeTags({ [EXTENSION_TAG]: String(EXTENSION_VERSION), tag: '' }).length;
	const length = META_BYTES - bare;
	return { tag: value.slice(0, length).padEnd(length, '.') };
}
