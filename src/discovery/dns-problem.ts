// What a failed question for a name means: the codes of the resolvers in the words of an operator.

import type { DiscoveryProblem } from './discovery.ts';

/** The error of an answer that has nothing in it: to c-ares the name exists, the record does not. */
export function noRecord(): Error {
	return Object.assign(new Error('the answer is empty'), { code: 'ENODATA' });
}

/** `name` as it was asked for; `ask` is the command by which a person asks the same. */
export function nameProblem(name: string, error: unknown, ask = `getent ahosts ${name}`): DiscoveryProblem {
	const code = errorCode(error);
	switch (code) {
		case 'ENOTFOUND':
		case 'ENONAME':
			return { code: 'unresolved', text: `${name} does not exist (${code}); ask with: ${ask}` };
		case 'ENODATA':
			return { code: 'no-record', text: `${name} has no such record (${code}); ask with: ${ask}` };
		case 'EAI_AGAIN':
		case 'ECONNREFUSED':
		case 'EHOSTUNREACH':
		case 'ENETUNREACH':
		case 'EREFUSED':
		case 'ESERVFAIL':
		case 'ETIMEOUT':
			return { code: 'unreachable', text: `no name server answered for ${name} (${code}); ask with: ${ask}` };
		default:
			return { code: 'failed', text: `${name} could not be resolved (${code ?? String(error)})` };
	}
}

export function errorCode(error: unknown): string | undefined {
	return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
