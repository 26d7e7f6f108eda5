// One vitest project for each layer of tests; test/layers.mjs names them.
import { defineConfig } from 'vitest/config';
import { LAYERS, SOAK } from './test/layers.mjs';

const project = (name: string, folder: string, timeoutMs: number) => ({
	test: {
		name,
		include: [`${folder}/**/*.test.ts`],
		environment: 'node' as const,
		css: { include: [/tokens\.css/] }, // otherwise vitest reads style sheets as empty
		testTimeout: timeoutMs,
		hookTimeout: timeoutMs,
	},
});

export default defineConfig({
	test: {
		projects: [
			...LAYERS.map(({ name, folder, realTime }) => project(name, folder, realTime ? 60_000 : 10_000)),
			project(SOAK.name, SOAK.folder, 150_000),
		],
	},
});
