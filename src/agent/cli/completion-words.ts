// What a shell can complete: the table of commands in the shape that all three scripts are made from.

import { Option } from 'commander';
import { COMMON_OPTIONS, type Command, type CommandOption, type Values } from './command.ts';

export interface FlagWords {
	/** `--state`. */
	readonly long: string;
	/** `-w`. */
	readonly short: string | undefined;
	readonly about: string;
	/** Whether a word of its own follows. */
	readonly takesValue: boolean;
	readonly values: Values | undefined;
}

export interface CommandWords {
	readonly name: string;
	readonly about: string;
	/** Without those of every command. */
	readonly flags: readonly FlagWords[];
	readonly args: Values | undefined;
}

export interface Vocabulary {
	readonly commands: readonly CommandWords[];
	/** Flags of every command. */
	readonly common: readonly FlagWords[];
}

/**
 * How a script asks for the members: it must not be felt when no agent answers. The name of the binary goes before it, and what
 * comes back are names from the network, which no shell may take for code.
 */
export const ASK_MEMBERS = 'members -o name -q --timeout 250ms 2>/dev/null';

export function vocabulary(commands: readonly Command[]): Vocabulary {
	const words = commands.map(({ name, summary, options = [], argValues }) => ({
		name,
		about: summary,
		flags: options.map(flagWords),
		args: argValues,
	}));
	const help: CommandWords = {
		name: 'help',
		about: 'help of a command',
		flags: [],
		args: words.map(({ name }) => name),
	};
	const helpFlag: CommandOption = { flags: '-h, --help', about: 'examples, flags and exit codes' };
	return { commands: [...words, help], common: [...COMMON_OPTIONS, helpFlag].map(flagWords) };
}

function flagWords({ flags, about, values }: CommandOption): FlagWords {
	const { long, short, required } = new Option(flags);
	return { long: long ?? flags, short, about, takesValue: required, values };
}

/** Flags that take a value, as they stand behind their command, gathered by what may follow them. */
export interface ValueFlags {
	/** Of one command as `members --state`, of every command as `* --color`. */
	readonly flags: readonly string[];
	readonly values: Values | undefined;
}

export function valueFlags({ commands, common }: Vocabulary): ValueFlags[] {
	const gathered = new Map<string, { flags: string[]; values: Values | undefined }>();
	for (const { name, flags } of [...commands, { name: '*', flags: common }]) {
		for (const { long, short, takesValue, values } of flags) {
			if (!takesValue) continue;
			const key = JSON.stringify(values ?? []);
			const group = gathered.get(key) ?? { flags: [], values };
			group.flags.push(`${name} ${long}`, ...(short === undefined ? [] : [`${name} ${short}`]));
			gathered.set(key, group);
		}
	}
	return [...gathered.values()];
}

/** `members --state` and `* --color` as patterns of a `case`, which bash and zsh read alike. */
export function casePatterns(flags: readonly string[]): string {
	return flags.map((flag) => (flag.startsWith('* ') ? `*'${flag.slice(1)}'` : `'${flag}'`)).join(' | ');
}
