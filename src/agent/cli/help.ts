// Help texts: the one screen of all commands, and a page for each that begins with examples.

import { COMMON_OPTIONS, type Command, type CommandOption, GROUPS } from './command.ts';

const BINARY = 'longbow-mesh';

/** What `longbow-mesh` alone says. */
export function overview(commands: readonly Command[]): string[] {
	const lines = [
		`${BINARY}: which processes are alive, and who owns which key`,
		'',
		...aligned([
			[`${BINARY} demo`, 'three agents on this machine, to play with'],
			[`${BINARY} agent --join 10.0.0.2:7946`, 'run a node and join through another one'],
			[`${BINARY} members`, 'who is in the mesh, seen from the agent on this machine'],
		]),
	];
	for (const group of GROUPS) {
		const rows = commands.filter((command) => command.group === group);
		if (rows.length > 0) lines.push('', group, ...aligned(rows.map(({ name, summary }) => [name, summary])));
	}
	return [...lines, '', `${BINARY} help <command> shows examples, flags and exit codes.`];
}

/** What `longbow-mesh <command> --help` says. */
export function commandHelp(command: Command): string[] {
	const usage = [BINARY, command.name, command.args, '[flags]'].filter(Boolean).join(' ');
	const options = command.options ?? [];
	return [
		`${BINARY} ${command.name}: ${command.summary}`,
		'',
		'examples',
		...aligned(command.examples),
		'',
		`usage: ${usage}`,
		...(options.length > 0 ? ['', 'flags', ...optionLines(options)] : []),
		'',
		'flags of every command',
		...optionLines([...COMMON_OPTIONS, { flags: '-h, --help', about: 'this page' }]),
		'',
		`exit code: 0 done; 1 ${command.exitOne}; 2 used wrongly`,
	];
}

function optionLines(options: readonly CommandOption[]): string[] {
	return aligned(options.map(({ flags, about }) => [flags, about]));
}

/** Two columns; a left side that is too long gets a line of its own. */
function aligned(rows: readonly (readonly [string, string])[]): string[] {
	const width = Math.min(40, Math.max(...rows.map(([left]) => left.length)));
	return rows.flatMap(([left, right]) =>
		left.length > width ? [`  ${left}`, `  ${' '.repeat(width)}  ${right}`] : [`  ${left.padEnd(width)}  ${right}`],
	);
}
