// From the words of a command line to a command that runs: parsing, help, and suggestions for what was mistyped.

import { CommanderError, Option, Command as Parser } from 'commander';
import { oneOf, readValue } from '../../config/index.ts';
import { nearest } from '../../words/index.ts';
import { VERSION } from '../version.ts';
import { COMMON_OPTIONS, type Command, type CommandOption } from './command.ts';
import { type CliError, reportError, usageError } from './errors.ts';
import { commandHelp, overview } from './help.ts';
import { COLOURS, type Sink, Terminal } from './terminal.ts';

export interface CliEnvironment {
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly stdout: Sink;
	readonly stderr: Sink;
}

/** Runs one command line (without `node` and the script) and resolves to the exit code. Never rejects. */
export async function runCli(
	argv: readonly string[],
	commands: readonly Command[],
	world: CliEnvironment,
): Promise<number> {
	const early = terminalFor(roughOptions(argv), world);
	const report = (error: unknown, terminal: Terminal): number =>
		reportError(error, terminal, { json: argv.includes('--json'), debug: isDebug(world.env) });
	const help = helpFor(argv, commands);
	if (help instanceof Error) return report(help, early);
	if (help) {
		for (const line of help) early.out(line);
		return 0;
	}
	let chosen: { command: Command; args: readonly string[]; options: Record<string, unknown> } | undefined;
	try {
		const parser = buildParser(argv, commands, (command, args, options) => {
			chosen = { command, args, options };
		});
		parser.parse([...argv], { from: 'user' });
	} catch (error) {
		return report(error instanceof CommanderError ? mistyped(error, argv, commands) : error, early);
	}
	if (!chosen) return report(unknownCommand(argv[0] ?? '', commands), early);
	const { command, args, options } = chosen;
	let terminal = early;
	try {
		terminal = terminalFor(options, world);
		return await command.run({
			name: command.name,
			args,
			options,
			terminal,
			json: options.json === true,
			env: world.env,
		});
	} catch (error) {
		return report(error, terminal);
	}
}

/** Whether stacks are shown. */
export function isDebug(env: CliEnvironment['env']): boolean {
	return env.LONGBOW_DEBUG !== undefined && /^(1|true)$/i.test(env.LONGBOW_DEBUG);
}

// Help and version answer before anything is parsed, so that a half-typed line can be asked about.
function helpFor(argv: readonly string[], commands: readonly Command[]): string[] | CliError | undefined {
	const [first, second] = argv;
	if (first === '--version' || first === '-V') return [VERSION];
	const flags = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
	const asked = flags.includes('--help') || flags.includes('-h');
	if (first !== undefined && first !== 'help' && !asked) return undefined;
	const name = first === 'help' ? second : first;
	if (name === undefined || name.startsWith('-')) return overview(commands);
	const command = commands.find((candidate) => candidate.name === name);
	return command ? commandHelp(command) : unknownCommand(name, commands);
}

function buildParser(
	argv: readonly string[],
	commands: readonly Command[],
	choose: (command: Command, args: readonly string[], options: Record<string, unknown>) => void,
): Parser {
	const silent = { writeOut: () => undefined, writeErr: () => undefined };
	const root = new Parser('longbow-mesh').helpCommand(false).helpOption(false).exitOverride().configureOutput(silent);
	addOptions(root, COMMON_OPTIONS);
	for (const command of commands) {
		const sub = root.command(command.args ? `${command.name} ${command.args}` : command.name).helpOption(false);
		// An option takes a while to make, and the agent has fifty.
		if (argv.includes(command.name)) addOptions(sub, command.options ?? []);
		sub.allowExcessArguments(false).exitOverride().configureOutput(silent);
		sub.action(() => choose(command, sub.args, sub.optsWithGlobals()));
	}
	return root;
}

function addOptions(parser: Parser, options: readonly CommandOption[]): void {
	for (const { flags, about, repeated } of options) {
		const option = new Option(flags, about);
		if (repeated) option.argParser<string[]>((value, before) => [...(before ?? []), value]);
		parser.addOption(option);
	}
}

function mistyped(error: CommanderError, argv: readonly string[], commands: readonly Command[]): CliError {
	const command = commands.find(({ name }) => argv.includes(name));
	const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
	const help = `longbow-mesh ${command ? `${command.name} ` : ''}--help`;
	switch (error.code) {
		case 'commander.unknownCommand':
			return unknownCommand(quoted, commands);
		case 'commander.unknownOption':
			return unknownFlag(quoted, command);
		case 'commander.optionMissingArgument':
			return usageError(`${longFlag(quoted)} needs a value`, help);
		case 'commander.missingArgument':
			return usageError(
				`${command?.name ?? 'the command'} needs <${quoted}>`,
				`longbow-mesh ${command?.examples[0]?.[0] ?? '--help'}`.replace('longbow-mesh longbow-mesh', 'longbow-mesh'),
			);
		case 'commander.excessArguments':
			return usageError(`${command?.name ?? 'the command'} takes fewer arguments`, help);
		default:
			return usageError(error.message.replace(/^error: /, ''), help);
	}
}

function unknownCommand(word: string, commands: readonly Command[]): CliError {
	const near = nearest(
		word,
		commands.map(({ name }) => name),
	);
	return usageError(`no command ${JSON.stringify(word)}`, `longbow-mesh ${near ?? 'help'}`);
}

function unknownFlag(flag: string, command: Command | undefined): CliError {
	const known = [...(command?.options ?? []), ...COMMON_OPTIONS].map(({ flags }) => longFlag(flags));
	const near = nearest(flag, [...known, '--help']);
	const prefix = command ? `longbow-mesh ${command.name}` : 'longbow-mesh';
	return usageError(`no flag ${flag}${command ? ` of ${command.name}` : ''}`, `${prefix} ${near ?? '--help'}`);
}

function longFlag(flags: string): string {
	return /--[a-z-]+/.exec(flags)?.[0] ?? flags;
}

/** @throws {ConfigError} when `--color` is no word that it takes. */
function terminalFor(options: Readonly<Record<string, unknown>>, world: CliEnvironment): Terminal {
	const color = options.color === false ? 'never' : options.color;
	return new Terminal({
		...world,
		color: typeof color === 'string' ? readValue('--color', color, oneOf(COLOURS)) : undefined,
		ascii: options.ascii === true,
		quiet: options.quiet === true,
		utc: options.utc === true,
	});
}

// How to speak about a line that could not be parsed.
function roughOptions(argv: readonly string[]): Record<string, unknown> {
	const color = argv.includes('--no-color') ? false : undefined;
	return { ascii: argv.includes('--ascii'), color };
}
