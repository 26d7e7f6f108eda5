// What is printed of a run that broke an invariant: what, the facts, and the command that shows it again.

import { expect, it } from 'vitest';
import { captured } from '../../../test/support/captured-terminal.ts';
import { summarize, type Violation } from '../../sim/index.ts';
import { readRequest } from './flags.ts';
import { measure } from './measure.ts';
import { printResult } from './print.ts';

const violation: Violation = {
	checker: 'verdicts',
	invariant: 3,
	at: 252_080,
	hosts: ['n7', 'n41'],
	text: 'n7 declared n41 dead after it had heard its refutation',
	evidence: ['246.102s n7: suspected n41', ...Array.from({ length: 25 }, (_, i) => `fact ${i}`)],
};

it('a broken invariant is told with its facts and a command that stops right after it', async () => {
	const { terminal, out } = captured({ env: { LANG: 'C.UTF-8' } });
	const options = { nodes: '3', for: '1s', seed: '7', weather: 'calm' };
	const request = readRequest({ name: 'sim', args: [], options, terminal, json: false, env: {} });
	const measured = await measure(request, new AbortController().signal, () => undefined);
	const report = { ...measured.report, violations: [violation, violation, violation, violation] };
	const summary = summarize(report, measured.statistics);
	expect(summary.ok).toBe(false);
	printResult({ ...measured, report, summary }, request, terminal);
	const again = 'longbow-mesh sim --nodes 3 --for 1s --weather calm --seed 7';
	const lines = out().trimEnd().split('\n');
	const first = lines.indexOf(`✕ invariant 3 broken at 4m12.080s: ${violation.text}`);
	expect(lines[first + 1]).toBe('  246.102s n7: suspected n41');
	expect(lines[first + 21]).toBe('  and 6 lines more');
	expect(lines[first + 22]).toBe(`  again:  ${again} --until 252.1s`);
	const look = '--out run.lbj --view n7 && longbow-mesh replay run.lbj --why n41';
	expect(lines[first + 23]).toBe(`  look:   ${again} --until 252.1s ${look}`);
	expect(lines.at(-2)).toBe('  and 1 violation more; --json has them all');
	expect(lines.at(-1)).toMatch(/^Not as promised\. .* same seed, same run: longbow-mesh sim /);
});
