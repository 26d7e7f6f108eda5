// What the bundler puts in: the version of this package, and where its dashboard lies. Read from the tree where nothing was bundled.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

declare const __LONGBOW_VERSION__: string | undefined;

export const VERSION: string = typeof __LONGBOW_VERSION__ === 'string' ? __LONGBOW_VERSION__ : packageVersion();

/** Directory of the built dashboard; it may not be there. */
export const DASHBOARD: string = fileURLToPath(
	new URL(typeof __LONGBOW_VERSION__ === 'string' ? '../dashboard' : '../../dist/dashboard', import.meta.url),
);

function packageVersion(): string {
	const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
		version: string;
	};
	return manifest.version;
}
