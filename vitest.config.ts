// One vitest project for each layer of tests; test/layers.mjs names them.
import { defineConfig } from 'vitest/config';
import { LAYERS } from './test/layers.mjs';

export default defineConfig({
	test: {
		projects: LAYERS.map(({ name, folder, realTime }) => ({
			test: {
				name,
				include: [`${folder}/**/*.test.ts`],
				environment: 'node',
				testTimeout: realTime ? 60_000 : 10_000,
				hookTimeout: realTime ? 60_000 : 10_000,
			},
		})),
	},
});
