// What the commands print that need no agent: on a terminal and elsewhere, for people and as JSON.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import type { Command } from '../../../src/agent/cli/command.ts';
import { bashScript } from '../../../src/agent/cli/completion-bash.ts';
import { fishScript } from '../../../src/agent/cli/completion-fish.ts';
import { vocabulary } from '../../../src/agent/cli/completion-words.ts';
import { zshScript } from '../../../src/agent/cli/completion-zsh.ts';
import { COMMANDS } from '../../../src/agent/cli/main.ts';
import { VERSION } from '../../../src/agent/version.ts';
import { expectGolden, run, shown } from './golden.ts';

const folder = mkdtempSync(join(tmpdir(), 'longbow-golden-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const config = join(folder, 'mesh.yaml');
writeFileSync(config, 'nodeId: n1\ngossip:\n  port: 7950\n  discovery:\n    staticPeers: [a:1]\n');

/** What differs from machine to machine, from run to run, and from one version of the protocol to the next. */
function steady(text: string): string {
	const { node } = process.versions;
	return text
		.replace(/\r\\e\[K[^\r\n]*/g, '')
		.replaceAll(folder, '<folder>')
		.replaceAll(VERSION, '<version>')
		.replaceAll(node, '<node>')
		.replaceAll(`${process.platform} ${process.arch}`, '<platform>')
		.replaceAll(`"platform":"${process.platform}","arch":"${process.arch}"`, '"platform":"<platform>"');
}

/** Figures that a simulation measures, and the columns that follow from them; of JSON documents keys and kinds alone. */
function withoutFigures(text: string): string {
	return text
		.split('\n')
		.map((line) => {
			if (line.startsWith('{')) return shape(JSON.parse(line));
			if (/^(\$|seed|drew|-- )/.test(line)) return line;
			const [head, again = ''] = line.split(/(?=same seed, same run)/);
			return `${head?.replace(FIGURE, '#').replace(/ {2,}/g, '  ') ?? ''}${again}`;
		})
		.join('\n');
}

/** With its unit; not those of colours. */
const FIGURE = /(?<!\\e\[[\d;]*)\d[\d,.:]*(?:m?s\b)?/g;

/** Keys and kinds of values, of lists the first item. */
function shape(value: unknown): string {
	if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${shape(value[0])}]`;
	if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
	const fields = Object.entries(value).map(([key, each]) => `${key}: ${shape(each)}`);
	return `{ ${fields.join(', ')} }`;
}

/** Each line runs without a terminal, on one, and as JSON. */
async function transcript(line: string): Promise<string> {
	const runs: string[] = [];
	for (const [each, isTTY] of [
		[line, false],
		[line, true],
		[`${line} --json`, false],
	] as const) {
		const ran = await run(each.split(' '), { isTTY });
		runs.push(shown(`longbow-mesh ${each}${isTTY ? '   # on a terminal' : ''}`, ran));
	}
	return steady(runs.join('\n'));
}

const SIM = `sim --nodes 5 --for 5s --seed 7 --weather calm --crash n3@1s`;

/** A table of commands that stands for all: words, members, files, short and repeated flags, quotes. */
const SAMPLE: readonly Command[] = [
	{
		name: 'look',
		group: 'look',
		summary: "a member's state: why it's so",
		args: '<member>',
		argValues: 'member',
		examples: [],
		options: [
			{ flags: '-s, --state <state>', about: 'one of some', values: ['alive', 'dead'] },
			{ flags: '--count <n>', about: 'how many' },
			{ flags: '-w, --watch', about: 'go on' },
		],
		exitOne: 'never',
		run: async () => 0,
	},
	{
		name: 'play',
		group: 'run',
		summary: 'a file',
		args: '<file>',
		argValues: 'file',
		examples: [],
		options: [{ flags: '--peer <member>', about: 'from whose side', values: 'member' }],
		exitOne: 'never',
		run: async () => 0,
	},
];

describe('commands', () => {
	it.each([
		['version', 'version --addr 127.0.0.1:1'],
		['print-config', `agent --print-config --config ${config} --node-id n1 --join b:2`],
	])('%s', async (name, line) => {
		await expectGolden(name, await transcript(line));
	});

	it('sim', async () => {
		await expectGolden('sim', withoutFigures(await transcript(SIM)));
	});

	it('replay', async () => {
		const journal = join(folder, 'run.lbj');
		await run(`${SIM} --out ${journal} --view n1`.split(' '));
		await expectGolden(
			'replay',
			withoutFigures(await transcript(`replay ${journal} --utc --until suspect:n3 --why n3`)),
		);
	});

	it.each([
		['bash', bashScript],
		['zsh', zshScript],
		['fish', fishScript],
	])('completion %s', async (shell, script) => {
		await expectGolden(`completion-${shell}`, script(vocabulary(SAMPLE)));
	});

	it('help', async () => {
		const pages = [[], ...COMMANDS.map(({ name }) => ['help', name])].map(async (argv) =>
			shown(['longbow-mesh', ...argv].join(' '), await run(argv)),
		);
		// The flags of every command are shown once.
		const [overview, first, ...rest] = await Promise.all(pages);
		const shorter = rest.map((page) => page.replace(/(flags of every command\n)[\s\S]*?\n\n/, '$1  …\n\n'));
		await expectGolden('help', [overview, first, ...shorter].join('\n'));
	});
});
