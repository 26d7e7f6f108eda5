// What the commands print, held against files beside this one: `npx vitest run --project golden test/golden/cli -u` rewrites them.

import { join } from 'node:path';
import { expect } from 'vitest';
import { COMMANDS } from '../../../src/agent/cli/main.ts';
import { runCli } from '../../../src/agent/cli/program.ts';
import { capturedStreams } from '../../support/captured-terminal.ts';

/** Compares with `test/golden/cli/<name>.txt`. Times, ports and process ids must have been taken out before. */
export async function expectGolden(name: string, text: string): Promise<void> {
	await expect(text.endsWith('\n') ? text : `${text}\n`).toMatchFileSnapshot(join(import.meta.dirname, `${name}.txt`));
}

export interface Transcript {
	readonly code: number;
	readonly out: string;
	readonly err: string;
}

/** Runs a command line in this process, on a terminal of 80 columns or without one. */
export async function run(
	argv: readonly string[],
	options: { isTTY?: boolean; env?: Record<string, string> } = {},
): Promise<Transcript> {
	const streams = capturedStreams(options);
	const code = await runCli(argv, COMMANDS, { ...streams, env: { LANG: 'C.UTF-8', ...options.env } });
	return { code, out: streams.out(), err: streams.err() };
}

/** A run as a file shows it: the command, both streams, the exit code; escape bytes are made visible. */
export function shown(command: string, { code, out, err }: Transcript): string {
	const parts = [
		`$ ${command}`,
		out.trimEnd(),
		err === '' ? '' : `-- stderr\n${err.trimEnd()}`,
		`-- exit code ${code}`,
	];
	return `${parts
		.filter((part) => part !== '')
		.join('\n')
		.replaceAll('\x1b', '\\e')}\n`;
}
