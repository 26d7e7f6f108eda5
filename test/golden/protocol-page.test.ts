// The figures in docs/protocol.md are those of the code.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULTS, resolveConfig } from '../../src/swim/index.ts';
import { confirmationsNeeded, suspicionMinMs, suspicionTimeoutMs } from '../../src/swim/suspicion.ts';

const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');

function terms(suspicion: number | 'auto', members: number): string {
	const config = resolveConfig({ name: 'a', suspicionTimeoutMs: suspicion });
	const needed = confirmationsNeeded(members);
	const minMs = suspicionMinMs(config, members);
	const maxMs = minMs * config.suspicionMaxTimeoutMult;
	const all = Array.from({ length: needed + 1 }, (_, given) => suspicionTimeoutMs(given, needed, minMs, maxMs));
	return `${all.map((ms) => ms.toLocaleString('en-US')).join(', ')} ms`;
}

describe('docs/protocol.md', () => {
	it.each([2, 3, 4, 5, 10, 100, 1_000])('X7: how long a suspicion waits among %i members', (members) => {
		const row = `| ${members} | ${confirmationsNeeded(members)} | ${terms(5_000, members)} | ${terms('auto', members)} |`;
		expect(page).toContain(row);
	});

	it('has the limits of every table', () => {
		const { limits } = DEFAULTS;
		for (const limit of Object.values(limits)) expect(page).toContain(limit.toLocaleString('en-US'));
	});

	it('tells every rule', () => {
		for (let rule = 1; rule <= 14; rule++) expect(page).toMatch(new RegExp(`^### X${rule} `, 'm'));
	});
});
