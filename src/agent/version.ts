// The version of this package: put in by the bundler, read from package.json where nothing was bundled.

import { readFileSync } from 'node:fs';

declare const __LONGBOW_VERSION__: string | undefined;

export const VERSION: string = typeof __LONGBOW_VERSION__ === 'string' ? __LONGBOW_VERSION__ : packageVersion();

function packageVersion(): string {
	const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
		version: string;
	};
	return manifest.version;
}
