// A short slice of the fuzzer (`npm run fuzz`), and every input that has ever found something.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/swim/index.ts';
import { fuzzedBytes } from '../fuzz/mutate.ts';
import regressions from '../fuzz/regressions.json' with { type: 'json' };
import { SealedMesh } from '../fuzz/sealed-mesh.ts';
import { SEEDS } from '../fuzz/seeds.ts';
import { TARGETS } from '../fuzz/targets.ts';

/** YAML and HTTP are slow to read. */
const COUNTS: Readonly<Record<string, number>> = { config: 150, http: 1_000 };
const COUNT = 4_000;
const MESH_COUNT = 20_000;

describe('fuzzing', () => {
	it.each(TARGETS)(
		'$name refuses what it cannot read, and throws nothing else',
		async ({ name, seeds, run }) => {
			const random = seededRandom(1);
			expect(seeds.length).toBeGreaterThan(0);
			for (let i = 0; i < (COUNTS[name] ?? COUNT); i++) {
				const bytes = fuzzedBytes(random, seeds);
				try {
					await run(bytes, seededRandom(i));
				} catch (cause) {
					const hex = Buffer.from(bytes).toString('hex');
					throw new Error(`npm run fuzz -- --target ${name} --seed ${i} --hex ${hex}`, { cause });
				}
			}
		},
		60_000,
	);

	it.each(regressions)('$target: $note', async ({ target, hex }) => {
		const found = TARGETS.find(({ name }) => name === target);
		expect(found).toBeDefined();
		for (let seed = 0; seed < 20; seed++) await found?.run(new Uint8Array(Buffer.from(hex, 'hex')), seededRandom(seed));
	});

	it('of a mesh that encrypts no view changes', () => {
		const mesh = new SealedMesh();
		const random = seededRandom(1);
		const { view } = mesh;
		while (mesh.inputs < MESH_COUNT) mesh.attack(random, [...SEEDS.packets, ...SEEDS.sealed, ...SEEDS.streams]);
		expect(mesh.view).toBe(view);
	}, 60_000);
});
