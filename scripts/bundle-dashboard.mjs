// Builds the dashboard with vite into dist/dashboard: script, style, fonts and the fonts' licence.

import { relative } from 'node:path';
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
	const modules = output.flatMap((file) => (file.type === 'chunk' ? Object.entries(file.modules) : []));
	const code = modules.filter(([, { renderedLength }]) => renderedLength > 0).map(([path]) => path);
	const assets = output.flatMap((file) => (file.type === 'asset' ? file.originalFileNames : []));
	return packageFolders(root, [
		...code.map((path) => relative(root, path)),
		...assets.map((path) => relative(root, `${root}/src/dashboard/${path}`)),
	]);
}
