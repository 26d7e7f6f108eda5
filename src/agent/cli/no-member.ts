// What a command says of a member that nobody knows: who is known, and who may have been meant.

import { nearest } from '../../words/index.ts';
import { CliError } from './errors.ts';

/** `names` in their order; `command` is tried with the nearest of them. */
export function noMember(name: string, names: readonly string[], command: string): CliError {
	const known = names.length <= 3 ? names.join(', ') : `${names[0]} to ${names.at(-1)}, ${names.length} in all`;
	const near = nearest(name, names, 3);
	return new CliError(`no member ${JSON.stringify(name)}`, {
		code: 'NO_MEMBER',
		why: `Known here: ${known}.`,
		hints: [near === undefined ? 'longbow-mesh members' : `longbow-mesh ${command} ${near}`],
	});
}
