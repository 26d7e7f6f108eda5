// Golden transcripts: each file is run, and what the nodes say must be what it says (`npm run scenarios -- --rewrite`).

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScript, runScript } from '../../src/sim/index.ts';
import { COMMANDS } from '../../src/sim/transcript/commands.ts';

const rewrite = process.env.LONGBOW_REWRITE === '1';
const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.txt'));

const HEADING = '## Commands';

describe('scenarios', () => {
	for (const file of files) {
		const path = `${import.meta.dirname}/${file}`;
		const text = readFileSync(path, 'utf8');
		const script = parseScript(text);

		it(`${script.title} [${file}]`, () => {
			const run = runScript(script);
			if (rewrite && run !== text) writeFileSync(path, run);
			expect(run).toBe(rewrite ? run : text);
		});
	}

	it('there are at least twenty, and each says what it shows', () => {
		expect(files.length).toBeGreaterThanOrEqual(20);
		for (const file of files)
			expect(parseScript(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')).title).not.toBe('');
	});

	it('the README lists the commands', () => {
		const path = `${import.meta.dirname}/README.md`;
		const readme = readFileSync(path, 'utf8');
		const list = Object.values(COMMANDS).map(({ usage, does }) => `- \`${usage}\`: ${does}`);
		const now = `${readme.slice(0, readme.indexOf(HEADING))}${HEADING}\n\n${list.join('\n')}\n`;
		if (rewrite && now !== readme) writeFileSync(path, now);
		expect(now).toBe(rewrite ? now : readme);
	});
});
