// A cache that is sharded over the members: each holds its own keys alone, and drops what is no longer its own.
//
//   npm run example -- sharded-cache

import { setTimeout as wait } from 'node:timers/promises';
import { createMesh, type Mesh } from 'longbow-mesh';

class ShardedCache {
	readonly #mesh: Mesh;
	readonly #values = new Map<string, string>();

	constructor(mesh: Mesh) {
		this.#mesh = mesh;
		// Whatever adds or takes an owner may move keys. `join` covers those who come back; a suspect keeps its keys.
		for (const event of ['join', 'dead', 'leave'] as const) mesh.on(event, () => this.#dropForeign());
	}

	get size(): number {
		return this.#values.size;
	}

	owner(key: string): string {
		// The ring of a running node is never empty: the node itself is on it.
		return this.#mesh.ring.owner(key) as string;
	}

	/** On the owner alone; others pass the question on to it, as in http-service.ts. */
	get(key: string, load: (key: string) => string): string {
		const cached = this.#values.get(key);
		if (cached !== undefined) return cached;
		const value = load(key);
		this.#values.set(key, value);
		return value;
	}

	// Runs once an event, after the ring has changed. A large cache would rather ask for the owner when it is next read.
	#dropForeign(): void {
		for (const key of this.#values.keys()) if (this.owner(key) !== this.#mesh.name) this.#values.delete(key);
	}
}

const KEYS = Array.from({ length: 3_000 }, (_, i) => `user:${i}`);
const caches = new Map<string, ShardedCache>();
const meshes: Mesh[] = [];
let loads = 0;

async function start(name: string): Promise<void> {
	const seeds = meshes.slice(0, 1).map(({ address }) => `${address.host}:${address.port}`);
	const mesh = await createMesh({ name, seeds, bindHost: '127.0.0.1', port: 0 });
	meshes.push(mesh);
	caches.set(name, new ShardedCache(mesh));
	while (meshes.some(({ ring }) => ring.size < meshes.length)) await wait(20);
}

/** Reads every key once through its owner. The map stands for the way to another process. */
function readAll(): number {
	const before = loads;
	for (const key of KEYS) {
		const owner = caches.get('cache-1')?.owner(key) as string;
		caches.get(owner)?.get(key, (missing) => {
			loads++;
			return `value of ${missing}`;
		});
	}
	return loads - before;
}

function report(what: string, loaded: number): void {
	const sizes = [...caches].map(([name, { size }]) => `${name} ${size}`).join(', ');
	console.log(`${what}: ${loaded} loaded; ${sizes}`);
}

for (const name of ['cache-1', 'cache-2', 'cache-3']) await start(name);
report('three members, all keys read', readAll());
report('read again', readAll());

await start('cache-4');
// About a quarter of the keys has moved, all of them to the newcomer; no other member lost or gained any.
report('a fourth joined', readAll());

await meshes.pop()?.leave();
caches.delete('cache-4');
while (meshes.some(({ ring }) => ring.size > meshes.length)) await wait(20);
report('the fourth left', readAll());

await Promise.all(meshes.map((mesh) => mesh.close()));
