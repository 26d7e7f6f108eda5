// The operator's manual against the program: its commands exist, its metrics are shown, its links lead somewhere, every check is explained.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMON_OPTIONS } from '../../src/agent/cli/command.ts';
import { COMMANDS } from '../../src/agent/cli/main.ts';
import { CHECK_IDS } from '../../src/agent/doctor/context.ts';
import { OPTION_NAMES, OPTIONS } from '../../src/config/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const manual = readFileSync(`${root}docs/operating.md`, 'utf8');

function section(title: string): string {
	const start = manual.indexOf(`\n## ${title}\n`);
	expect(start, title).toBeGreaterThan(0);
	const end = manual.indexOf('\n## ', start + 1);
	return manual.slice(start, end < 0 ? undefined : end);
}

/** Command lines of ours, as far as their flags. */
function commandLines(text: string): readonly (readonly string[])[] {
	return [...text.matchAll(/longbow-mesh ([a-z][^`#\n]*)/g)].map(([, line]) => (line as string).trim().split(/\s+/));
}

describe('docs/operating.md', () => {
	it('seed 28: deploys, tunes, monitors, upgrades and troubleshoots', () => {
		for (const title of ['Deploy', 'Tune', 'Monitor', 'Upgrade', 'Troubleshoot', 'Best practices']) section(title);
	});

	it('seed 28: has a command for each best practice', () => {
		const practices = section('Best practices')
			.split(/^\d\. /m)
			.slice(1);
		expect(practices).toHaveLength(6);
		for (const practice of practices) expect(practice).toMatch(/`(longbow-mesh|curl|kubectl) [^`]+`/);
	});

	it('seed 23, 24, 25: tells which check finds what, for each symptom', () => {
		const troubles = section('Troubleshoot');
		for (const symptom of ['Nodes do not discover each other', 'Members that live are suspected', 'Split brain']) {
			expect(troubles).toContain(`### ${symptom}\n`);
		}
		for (const id of CHECK_IDS) expect(troubles, id).toMatch(new RegExp(`^\\| .*\`${id}\``, 'm'));
	});

	it('names commands and flags that exist', () => {
		const lines = commandLines(manual);
		expect(lines.length).toBeGreaterThan(20);
		for (const [name, ...words] of lines) {
			const command = COMMANDS.find((each) => each.name === name);
			expect(command, name).toBeDefined();
			const known = [...(command?.options ?? []), ...COMMON_OPTIONS].map(({ flags }) => /--[a-z-]+/.exec(flags)?.[0]);
			for (const word of words) if (word.startsWith('--')) expect(known, `${name} ${word}`).toContain(word);
			const only = words[words.indexOf('--only') + 1]?.split(',') ?? [];
			if (words.includes('--only')) for (const id of only) expect(CHECK_IDS).toContain(id);
		}
	});

	it('names metrics and variables that exist', () => {
		const shown = readFileSync(`${root}docs/metrics.md`, 'utf8');
		const metrics = new Set([...manual.matchAll(/gossip_[a-z_]*[a-z]/g)].map(([name]) => name));
		expect(metrics.size).toBeGreaterThan(10);
		for (const name of metrics) expect(shown).toContain(`| \`${name}\` |`);
		const variables = new Set([...manual.matchAll(/LONGBOW_[A-Z_]+/g)].map(([name]) => name));
		const known = OPTION_NAMES.map((name) => OPTIONS[name].env);
		for (const name of variables) expect(known).toContain(name);
	});

	it('has the places to which links and the doctor point', () => {
		for (const [, path] of manual.matchAll(/\]\(([^)#]+)\)/g))
			expect(existsSync(`${root}docs/${path}`), path).toBe(true);
		const headings = [...manual.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
			(title as string).toLowerCase().replaceAll(' ', '-'),
		);
		const folder = `${root}src/agent/doctor/`;
		const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
		const anchors = sources.flatMap((path) => [
			...readFileSync(`${folder}${path}`, 'utf8').matchAll(/docs\/operating\.md#([a-z-]+)/g),
		]);
		expect(anchors.length).toBeGreaterThan(3);
		for (const [, anchor] of anchors) expect(headings).toContain(anchor);
	});
});
