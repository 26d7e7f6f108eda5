// The tokens as tokens.css says them, read from the file as a browser would.

import { readTokens, type Tokens } from '../../../src/dashboard/draw/index.ts';
import CSS from '../../../src/dashboard/tokens.css?raw';

export function tokensOf(theme: 'dark' | 'light'): Tokens {
	const block = CSS.split('}').find((rule) => rule.includes(`[data-theme="${theme}"]`)) ?? '';
	const shared = CSS.split('}').find((rule) => /:root \{[^}]*--sans/.test(rule)) ?? '';
	return readTokens((variable) => {
		const value = new RegExp(`${variable}:\\s*([^;]+);`).exec(`${shared}${block}`)?.[1];
		if (value === undefined) throw new Error(`tokens.css does not set ${variable} for ${theme}`);
		return value;
	});
}
