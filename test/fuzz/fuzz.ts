// `npm run fuzz -- --count N --seed S`: mutated and random bytes into every decoder, and into a mesh that encrypts.

import { parseArgs } from 'node:util';
import { seededRandom } from '../../src/swim/index.ts';
import { fuzzedBytes } from './mutate.ts';
import { SealedMesh } from './sealed-mesh.ts';
import { SEEDS } from './seeds.ts';
import { TARGETS, type Target } from './targets.ts';

const PROGRESS_MS = 2_000;
const MIB = 2 ** 20;

const { values } = parseArgs({
	options: {
		count: { type: 'string', default: '100000' },
		seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
		target: { type: 'string' },
		hex: { type: 'string' },
	},
});
const count = Number(values.count);
const seed = Number(values.seed);

class Progress {
	#next = performance.now() + PROGRESS_MS;
	readonly #began = performance.now();

	tell(name: string, done: number): void {
		if (performance.now() < this.#next) return;
		this.#next = performance.now() + PROGRESS_MS;
		const perSecond = (1_000 * done) / (performance.now() - this.#began);
		process.stderr.write(`${name}: ${done} of ${count}, ${Math.round(perSecond)} a second, ${rss()}\n`);
	}
}

function rss(): string {
	return `RSS ${(process.memoryUsage().rss / MIB).toFixed(1)} MiB`;
}

/** Smaller bytes that fail as well, by leaving out whatever can be left out. */
async function shrunk(target: Target, bytes: Uint8Array, randomSeed: number): Promise<Uint8Array> {
	let best = bytes;
	for (let size = best.length >> 1; size > 0; size >>= 1) {
		for (let at = 0; at + size <= best.length; ) {
			const tried = Uint8Array.from([...best.slice(0, at), ...best.slice(at + size)]);
			if (await failure(target, tried, randomSeed)) best = tried;
			else at += size;
		}
	}
	return best;
}

async function failure(target: Target, bytes: Uint8Array, randomSeed: number): Promise<Error | undefined> {
	try {
		await target.run(bytes, seededRandom(randomSeed));
		return undefined;
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}

/** True when all went well. */
async function fuzz(target: Target): Promise<boolean> {
	const random = seededRandom(seed);
	const progress = new Progress();
	for (let done = 0; done < count; done++) {
		const bytes = fuzzedBytes(random, target.seeds);
		const randomSeed = random.uint32();
		const error = await failure(target, bytes, randomSeed);
		if (error) {
			const hex = Buffer.from(await shrunk(target, bytes, randomSeed)).toString('hex');
			console.error(`${target.name}: ${error.stack}`);
			console.error(`again: npm run fuzz -- --target ${target.name} --seed ${randomSeed} --hex ${hex}`);
			return false;
		}
		progress.tell(target.name, done);
	}
	console.log(`${target.name}: ${count} inputs, nothing thrown, ${rss()}`);
	return true;
}

/** Gate: nothing throws, no view changes. */
function fuzzMesh(): boolean {
	const mesh = new SealedMesh();
	const random = seededRandom(seed);
	const progress = new Progress();
	const sealedAndClear = [...SEEDS.packets, ...SEEDS.sealed, ...SEEDS.streams];
	const before = rss();
	try {
		while (mesh.inputs < count) {
			mesh.attack(random, sealedAndClear);
			progress.tell('mesh', mesh.inputs);
		}
	} catch (error) {
		console.error(`mesh: ${error instanceof Error ? error.stack : String(error)}`);
		console.error(`again: npm run fuzz -- --target mesh --seed ${seed} --count ${count}`);
		return false;
	}
	globalThis.gc?.();
	console.log(
		`mesh: ${mesh.inputs} packets and chunks, nothing thrown, no view changed, ${before} before, ${rss()} after`,
	);
	return true;
}

async function again(target: Target, hex: string): Promise<boolean> {
	const error = await failure(target, new Uint8Array(Buffer.from(hex, 'hex')), seed);
	console.log(error?.stack ?? 'nothing thrown');
	return error === undefined;
}

const wanted = TARGETS.filter(({ name }) => values.target === undefined || values.target === name);
if (wanted.length === 0 && values.target !== 'mesh') {
	console.error(
		`error: no target ${values.target}\n  there is: ${[...TARGETS.map(({ name }) => name), 'mesh'].join(', ')}`,
	);
	process.exit(2);
}
console.log(`seed ${seed}, ${count} inputs a target`);
const results: boolean[] = [];
for (const target of wanted) results.push(await (values.hex === undefined ? fuzz(target) : again(target, values.hex)));
if (values.hex === undefined && (values.target === undefined || values.target === 'mesh')) results.push(fuzzMesh());
if (results.includes(false)) process.exitCode = 1;
