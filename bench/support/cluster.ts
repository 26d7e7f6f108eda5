// Nodes of one process on loopback, and the instant when all of them know each other.

import { createMesh, type Mesh, type MeshOptions } from '../../src/mesh/index.ts';
import { until } from './wait.ts';

export class Cluster {
	readonly nodes: Mesh[] = [];
	readonly #options: MeshOptions;
	/** Members in each view, kept by events: asking 100 nodes for 100 members each would be a load of its own. */
	readonly #known = new Map<string, number>();
	readonly #complete = { size: 0, at: 0 };

	constructor(options: MeshOptions) {
		this.#options = options;
	}

	/** Starts a node that contacts the first one. */
	async add(name: string, options: MeshOptions = {}): Promise<Mesh> {
		const count = (by: number): void => {
			this.#known.set(name, (this.#known.get(name) ?? 0) + by);
			this.#note();
		};
		this.#known.set(name, 0);
		const mesh = await createMesh({
			...this.#options,
			name,
			bindHost: '127.0.0.1',
			port: 0,
			seeds: this.nodes.slice(0, 1).map(addressOf),
			events: { notifyJoin: () => count(1), notifyLeave: () => count(-1) },
			...options,
		});
		this.nodes.push(mesh);
		return mesh;
	}

	/** Starts one node, then all others at once; each knows the first one alone. */
	async start(size: number): Promise<void> {
		await this.add('node-1');
		await Promise.all(Array.from({ length: size - 1 }, (_, i) => this.add(`node-${i + 2}`)));
	}

	/** Ends a node as a crash does: nobody is told. */
	async crash(mesh: Mesh): Promise<void> {
		this.nodes.splice(this.nodes.indexOf(mesh), 1);
		await mesh.close();
		this.#known.delete(mesh.name);
	}

	/** `performance.now()` of the event that completed the last view of `size` members. @throws {Error} after a minute. */
	async complete(size: number): Promise<number> {
		this.#complete.size = size;
		this.#complete.at = 0;
		this.#note();
		await until(`${size} views of ${size} members`, () => this.#complete.at > 0);
		return this.#complete.at;
	}

	async close(): Promise<void> {
		await Promise.all(this.nodes.splice(0).map((mesh) => mesh.close()));
		this.#known.clear();
	}

	#note(): void {
		const { size, at } = this.#complete;
		if (at > 0 || this.#known.size !== size) return;
		for (const known of this.#known.values()) if (known !== size) return;
		this.#complete.at = performance.now();
	}
}

export function addressOf(mesh: Mesh): string {
	return `${mesh.address.host}:${mesh.address.port}`;
}
