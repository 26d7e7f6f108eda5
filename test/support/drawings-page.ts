// Bundles the page of drawings into a folder and says where it lies.

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const PANELS = ['field', 'ring', 'shares', 'lanes', 'heat', 'traffic', 'paths'];
const ORDER: Readonly<Record<string, string>> = {
	field: '1',
	lanes: '1',
	ring: '2',
	shares: '2',
	heat: '2',
	traffic: '2',
	paths: '3',
};

/** The URL of the page; `?n=24&theme=dark` says what to draw. The caller removes the folder. */
export async function buildDrawings(): Promise<{ readonly folder: string; readonly url: string }> {
	const folder = await mkdtemp(join(tmpdir(), 'longbow-drawings-'));
	const { outputFiles } = await build({
		entryPoints: ['test/support/drawings/page.ts'], // run from the root, as tests and benches are
		bundle: true,
		format: 'esm',
		outdir: folder,
		write: false,
		loader: { '.woff2': 'dataurl' },
		logLevel: 'silent',
	});
	const textOf = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
	const columns = ['1', '2', '3'].map((column) => {
		const canvases = PANELS.filter((id) => ORDER[id] === column).map(
			(id) => `<p>${id}</p><canvas id="${id}"></canvas>`,
		);
		return `<section>${canvases.join('')}</section>`;
	});
	// Everything in one file: a page from the file system may load no module.
	const parts = [
		'<!doctype html><meta charset="utf-8"><title>Drawings</title>',
		`<style>${textOf('.css')}</style><body>${columns.join('')}`,
		`<script type="module">${textOf('.js').replaceAll('</script', '<\\/script')}</script></body>`,
	];
	const page = join(folder, 'index.html');
	await writeFile(page, parts.join('\n'));
	return { folder, url: pathToFileURL(page).href };
}
