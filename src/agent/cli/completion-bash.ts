// The completion script for bash; it needs nothing of the package bash-completion, and runs in bash 3.2 too.

import type { Values } from './command.ts';
import {
	ASK_MEMBERS,
	type CommandWords,
	casePatterns,
	type FlagWords,
	type Vocabulary,
	valueFlags,
} from './completion-words.ts';

export function bashScript({ commands, common }: Vocabulary): string {
	const names = commands.map(({ name }) => name);
	const values = valueFlags({ commands, common }).map(
		({ flags, values }) => `\t${casePatterns(flags)}) _longbow_mesh_offer ${offered(values)} && return ;;`,
	);
	return `# To install, add to ~/.bashrc: eval "$(longbow-mesh completion bash)"

# Offers the words given, @members or @files. Names of members come from the network: they are quoted, never expanded.
_longbow_mesh_offer() {
	local line
	case $1 in
	@members)
		while IFS= read -r line; do
			[[ $line == "$cur"* ]] && COMPREPLY+=("$(printf %q "$line")")
		done < <("$binary" ${ASK_MEMBERS} </dev/null)
		;;
	@files)
		compopt -o filenames 2>/dev/null
		while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur")
		;;
	*) COMPREPLY=($(compgen -W "$1" -- "$cur")) ;;
	esac
	return 0
}

_longbow_mesh() {
	local binary=$1 cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command='' flags='' args='' i
	COMPREPLY=()
	# What is typed as --flag=value comes as three words.
	if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case \${COMP_WORDS[i]} in
		${names.join(' | ')}) command=\${COMP_WORDS[i]} && break ;;
		esac
	done
	case "$command $prev" in
${values.join('\n')}
	esac
	case $command in
${commands.map(commandCase).join('\n')}
	*) args='${names.join(' ')}' ;;
	esac
	case $cur in
	-*) _longbow_mesh_offer "$flags ${flagList(common)}" ;;
	*) _longbow_mesh_offer "$args" ;;
	esac
}

complete -F _longbow_mesh longbow-mesh`;
}

function commandCase({ name, flags, args }: CommandWords): string {
	return `\t${name}) flags='${flagList(flags)}' args=${offered(args)} ;;`;
}

/** As the one argument of the shell function that offers them. */
function offered(values: Values | undefined): string {
	if (values === 'member') return '@members';
	if (values === 'file') return '@files';
	return `'${values?.join(' ') ?? ''}'`;
}

function flagList(flags: readonly FlagWords[]): string {
	return flags.map(({ long }) => long).join(' ');
}
