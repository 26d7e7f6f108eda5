// The completion script for fish.

import type { Values } from './command.ts';
import { ASK_MEMBERS, type FlagWords, type Vocabulary } from './completion-words.ts';

export function fishScript({ commands, common }: Vocabulary): string {
	const names = commands.map(({ name }) => name);
	const lines = commands.flatMap(({ name, about, flags, args }) => [
		`complete -c longbow-mesh -n 'not __longbow_mesh_command' -a ${name} -d ${quoted(about)}`,
		...(args === undefined ? [] : [`complete -c longbow-mesh -n '__longbow_mesh_command ${name}' ${argWords(args)}`]),
		...flags.map((flag) => `complete -c longbow-mesh -n '__longbow_mesh_command ${name}' ${flagWords(flag)}`),
	]);
	return `# To install: longbow-mesh completion fish > ~/.config/fish/completions/longbow-mesh.fish

# Whether a command has been typed, or the one that is named.
function __longbow_mesh_command
	for word in (commandline -opc)[2..]
		if contains -- $word ${names.join(' ')}
			test (count $argv) -eq 0; or test $word = $argv[1]
			return
		end
	end
	return 1
end

function __longbow_mesh_members
	set -l binary (commandline -opc)[1]
	$binary ${ASK_MEMBERS} </dev/null
end

complete -c longbow-mesh -f
${common.map((flag) => `complete -c longbow-mesh ${flagWords(flag)}`).join('\n')}
${lines.join('\n')}`;
}

function flagWords({ long, short, about, takesValue, values }: FlagWords): string {
	const names = `-l ${long.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}`;
	const value = !takesValue
		? ''
		: values === undefined
			? ' -x'
			: values === 'file'
				? ' -r -F'
				: ` -x ${argWords(values)}`;
	return `${names}${value} -d ${quoted(about)}`;
}

function argWords(values: Values): string {
	if (values === 'member') return "-a '(__longbow_mesh_members)'";
	return values === 'file' ? '-F' : `-a '${values.join(' ')}'`;
}

function quoted(text: string): string {
	return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
