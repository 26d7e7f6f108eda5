// The completion script for zsh.

import type { Values } from './command.ts';
import {
	ASK_MEMBERS,
	type CommandWords,
	casePatterns,
	type FlagWords,
	type Vocabulary,
	valueFlags,
} from './completion-words.ts';

export function zshScript({ commands, common }: Vocabulary): string {
	const names = commands.map(({ name }) => name);
	const values = valueFlags({ commands, common }).map(
		({ flags, values }) => `\t${casePatterns(flags)}) _longbow_mesh_offer ${offered(values)}; return ;;`,
	);
	return `# To install, add to ~/.zshrc after compinit: source <(longbow-mesh completion zsh)

# Offers the words given, @members or @files.
_longbow_mesh_offer() {
	local -a members
	case $1 in
	@members)
		members=(\${(f)"$($words[1] ${ASK_MEMBERS} </dev/null)"})
		compadd -a members
		;;
	@files) _files ;;
	*) (( $# )) && compadd -- $@ ;;
	esac
}

_longbow_mesh() {
	local command='' prev=$words[CURRENT-1] i
	local -a commands flags args
	commands=(
${commands.map(({ name, about }) => `\t\t${described(name, about)}`).join('\n')}
	)
	for ((i = 2; i < CURRENT; i++)); do
		case $words[i] in
		${names.join('|')}) command=$words[i]; break ;;
		esac
	done
	if [[ $PREFIX == --*=* ]]; then prev=\${PREFIX%%=*}; compset -P '*='; fi
	case "$command $prev" in
${values.join('\n')}
	esac
	case $command in
${commands.map(commandCase).join('\n')}
	esac
	if [[ $PREFIX == -* ]]; then
		flags+=(
${common.map(({ long, about }) => `\t\t\t${described(long, about)}`).join('\n')}
		)
		_describe -o flag flags
	elif [[ -z $command ]]; then _describe command commands
	else _longbow_mesh_offer $args
	fi
}

compdef _longbow_mesh longbow-mesh`;
}

function commandCase({ name, flags, args }: CommandWords): string {
	const lines = flags.map(({ long, about }) => `\n\t\t\t${described(long, about)}`).join('');
	return `\t${name})\n\t\targs=(${args === undefined ? '' : offered(args)})\n\t\tflags=(${lines}\n\t\t)\n\t\t;;`;
}

/** As the arguments of the shell function that offers them. */
function offered(values: Values | undefined): string {
	if (values === 'member') return '@members';
	if (values === 'file') return '@files';
	return values?.join(' ') ?? '';
}

function described(word: FlagWords['long'], about: string): string {
	return `'${`${word}:${about}`.replaceAll("'", "'\\''")}'`;
}
