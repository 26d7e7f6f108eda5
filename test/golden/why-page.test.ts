// The table of conclusions in docs/operating.md: every code of `why` stands in it, and every one is provoked by a test.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LIKELY_CODES, SELF_CODES } from '../../src/status/index.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const page = read('docs/operating.md');
const section = page.slice(page.indexOf('### What why concludes'), page.indexOf('## Resources'));
const rows = [...section.matchAll(/^\| `([a-z-]+)` \| .* \| (.*) \|$/gm)];
const codes = [...LIKELY_CODES, ...SELF_CODES];

it('tells every code of why once, and no other', () => {
	expect(rows.map(([, code]) => code).sort()).toEqual([...codes].sort());
});

it('marks guesses as likely, and facts not', () => {
	const facts = rows.filter(([, , sentence]) => !/likely/i.test(sentence as string)).map(([, code]) => code);
	expect(facts.sort()).toEqual(
		[
			...['address-taken', 'forgotten', 'healthy', 'label', 'left', 'name-conflict', 'restarted'],
			...['self', 'self-name-lost', 'self-overloaded', 'slow-acks', 'udp-blocked', 'unknown'],
			...['unreachable-for-a-while', 'version'],
		].sort(),
	);
});

it('has a test for every code', () => {
	const tests = ['test/simulation/why.test.ts', 'test/simulation/why-network.test.ts', 'src/status/evidence.test.ts'];
	const text = tests.map(read).join('');
	expect(codes.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
});
