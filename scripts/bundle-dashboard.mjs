// Builds the dashboard with vite into dist/dashboard: script, style, fonts and the fonts' licence, compressed copies beside them.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { packageFolders } from './third-party.mjs';

/**
 * @param {string} root the repository
 * @returns {Promise<string[]>} folders of the packages that came along
 */
export async function bundleDashboard(root) {
	const { output } = await build({
		root: `${root}/src/dashboard`,
		configFile: `${root}/vite.config.ts`,
		logLevel: 'warn',
	});
	compress(`${root}/dist/dashboard`);
	const modules = output.flatMap((file) => (file.type === 'chunk' ? Object.entries(file.modules) : []));
	const code = modules.filter(([, { renderedLength }]) => renderedLength > 0).map(([path]) => path);
	const assets = output.flatMap((file) => (file.type === 'asset' ? file.originalFileNames : []));
	return packageFolders(root, [
		...code.map((path) => relative(root, path)),
		...assets.map((path) => relative(root, `${root}/src/dashboard/${path}`)),
	]);
}

/**
 * Beside each file that shrinks, what the agent sends to whoever takes gzip: nothing is compressed while it runs.
 *
 * @param {string} folder
 */
function compress(folder) {
	for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
		if (!/\.(html|js|css|svg|txt)$/.test(name)) continue;
		writeFileSync(`${folder}/${name}.gz`, gzipSync(readFileSync(`${folder}/${name}`), { level: 9 }));
	}
}
