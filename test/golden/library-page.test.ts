// What docs/library.md and docs/http.md list is what the code has: options with their defaults, codes of errors, numbers of states.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OPTION_NAMES } from '../../src/mesh/options.ts';
import { DEFAULTS, STATE_NAMES } from '../../src/swim/index.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/library.md');

/** The cells of the rows whose first cell is code: `| \`port\` | \`7946\` | … |`. */
function rows(section: string): (readonly string[])[] {
	const [, after = ''] = page.split(`\n## ${section}\n`);
	const [text = ''] = after.split('\n## ');
	return [...text.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(([, name, rest]) => [name!, ...rest!.split(' | ')]);
}

it('docs/library.md tells every option of createMesh, in their order', () => {
	expect(rows('Options').map(([name]) => name)).toEqual(OPTION_NAMES);
});

it('docs/library.md tells the defaults that the protocol has', () => {
	const fixed = Object.entries(DEFAULTS).filter(([, value]) => typeof value !== 'object');
	const told = Object.fromEntries(rows('Options').map(([name, value]) => [name, value]));
	expect(fixed.length).toBeGreaterThan(15);
	for (const [name, value] of fixed) expect([name, told[name]]).toEqual([name, `\`${value}\``]);
});

it('docs/library.md tells every code of a MeshError', () => {
	const [, union = ''] = read('src/mesh/errors.ts').split('export type MeshErrorCode =');
	const codes = union.split(';')[0]!.match(/MESH_[A-Z_]+/g) ?? [];
	const told = rows('Errors').map(([code]) => code);
	expect(codes.length).toBeGreaterThan(5);
	expect(told.toSorted()).toEqual(codes.toSorted());
});

it('docs/http.md tells what the numbers of a state are', () => {
	const numbers = STATE_NAMES.map((name, number) => `${number} ${name}`).join(', ');
	expect(read('docs/http.md')).toContain(`${numbers}.`);
});
