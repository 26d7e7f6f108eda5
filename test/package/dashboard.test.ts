// What a viewer's browser has to load: the built dashboard within its byte budgets, whole, and with the licence of its fonts.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { repository } from './installed.ts';

const built = join(repository, 'dist/dashboard');
const KB = 1_000;

/** Everything that a page loads, as it travels. The build's own copies `.gz` are the same once more. */
function files(): { readonly path: string; readonly bytes: number }[] {
	return readdirSync(built, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && !entry.name.endsWith('.gz') && entry.name !== 'LICENSE.txt')
		.map(({ parentPath, name }) => {
			const content = readFileSync(join(parentPath, name));
			return { path: name, bytes: name.endsWith('.woff2') ? content.length : gzipSync(content, { level: 9 }).length };
		});
}

const sizeOf = (...endings: readonly string[]): number =>
	files()
		.filter(({ path }) => endings.some((ending) => path.endsWith(ending)))
		.reduce((sum, { bytes }) => sum + bytes, 0);

describe('the built dashboard', () => {
	it.each([
		['script', ['.js'], 60],
		['style', ['.css'], 8],
		['fonts', ['.woff2'], 56],
		['all', [''], 125],
	] as const)('%s: %j within %i KB', (_, endings, most) => {
		const size = sizeOf(...endings);
		expect(size).toBeGreaterThan(1 * KB);
		expect(size).toBeLessThanOrEqual(most * KB);
	});

	it('begins with a shell of at most 3 KB, whose every file is there and its own', () => {
		const shell = readFileSync(join(built, 'index.html'), 'utf8');
		expect(shell.length).toBeLessThanOrEqual(3 * KB);
		const named = [...shell.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
		expect(named.length).toBeGreaterThan(3);
		for (const path of named) expect(readFileSync(join(built, path)).length).toBeGreaterThan(0);
	});

	it('brings the licence of its fonts', () => {
		expect(readFileSync(join(built, 'fonts/LICENSE.txt'), 'utf8')).toContain('SIL Open Font License');
		expect(readFileSync(join(repository, 'THIRD-PARTY.md'), 'utf8')).toMatch(/\| svelte \| 5\.\d+\.\d+ \| MIT \|/);
	});
});
