// How the dashboard is built: one page, everything from its own origin, the fonts' licence beside them.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The SIL Open Font Licence asks to be shipped with the fonts. */
const fontLicence: Plugin = {
	name: 'font-licence',
	generateBundle() {
		const source = readFileSync(here('node_modules/@fontsource/ibm-plex-sans-condensed/LICENSE'), 'utf8');
		this.emitFile({ type: 'asset', fileName: 'fonts/LICENSE.txt', source });
	},
};

/** Svelte guards its hydration by a variable, to be shaken off; its own code writes it, so the bundler must be told that it never does. */
const noHydration: Plugin = {
	name: 'no-hydration',
	transform(code, id) {
		if (!id.endsWith('/svelte/src/internal/client/dom/hydration.js')) return;
		const never = code
			.replace('export let hydrating = false;', 'export const hydrating = false;')
			.replace('\thydrating = value;\n', '');
		if (never.length === code.length) this.error('Svelte guards its hydration in another way.');
		return { code: never, map: null };
	},
};

export default defineConfig({
	root: here('src/dashboard'),
	base: './',
	plugins: [svelte({ configFile: false }), noHydration, fontLicence],
	build: {
		outDir: here('dist/dashboard'),
		emptyOutDir: true,
		target: 'es2022',
		assetsInlineLimit: 0, // the page's policy allows no data: address
		modulePreload: { polyfill: false },
		reportCompressedSize: false,
		rolldownOptions: {
			checks: { pluginTimings: false }, // on a loaded machine they tell of the machine
			output: {
				entryFileNames: 'assets/[name]-[hash].js',
				assetFileNames: ({ names }) =>
					names.some((name) => name.endsWith('.woff2'))
						? 'fonts/[name]-[hash][extname]'
						: 'assets/[name]-[hash][extname]',
			},
		},
	},
});
