// `completion`: a script that teaches a shell the commands, their flags and values, and the names of the members.

import { nearest } from '../../words/index.ts';
import type { Command } from './command.ts';
import { bashScript } from './completion-bash.ts';
import { fishScript } from './completion-fish.ts';
import { vocabulary } from './completion-words.ts';
import { zshScript } from './completion-zsh.ts';
import { usageError } from './errors.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
const SHELLS = Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[];

/** `commands`: all of the binary, this one included. */
export function completionOf(commands: () => readonly Command[]): Command {
	return {
		name: 'completion',
		group: 'other',
		summary: 'a script for your shell that completes commands, flags and members',
		args: '<shell>',
		argValues: SHELLS,
		examples: [
			['longbow-mesh completion bash', 'the script; its first line says how to install it'],
			['eval "$(longbow-mesh completion bash)"', 'in ~/.bashrc'],
			['source <(longbow-mesh completion zsh)', 'in ~/.zshrc, after compinit'],
			['longbow-mesh completion fish > ~/.config/fish/completions/longbow-mesh.fish', 'once'],
		],
		exitOne: 'does not happen',
		async run({ args, json, terminal }) {
			const given = args[0] ?? '';
			const shell = SHELLS.find((known) => known === given);
			if (shell === undefined) {
				const message = `no completion for the shell ${JSON.stringify(given)}: one of ${SHELLS.join(', ')}`;
				throw usageError(message, `longbow-mesh completion ${nearest(given, SHELLS) ?? 'bash'}`);
			}
			const script = SCRIPTS[shell](vocabulary(commands()));
			if (json) terminal.out(JSON.stringify({ schema: 1, shell, script }));
			else terminal.out(script);
			return 0;
		},
	};
}
