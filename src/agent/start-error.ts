// Why an agent cannot start: which of its doors could not be opened, in the words of the user.

import { CliError } from './cli/errors.ts';

export interface Door {
	readonly protocol: 'udp' | 'tcp';
	readonly host: string;
	readonly port: number;
	/** The setting that moves it to another port. */
	readonly otherPort: string;
	/** The setting that opens it on every address of the host. */
	readonly anyAddress: string;
}

/** Explains a failed bind; any other error is given back as it is. */
export function startError(error: unknown, door: Door): unknown {
	if (error instanceof Error && 'code' in error) {
		if (error.code === 'MESH_JOURNAL_FAILED') return journalError(error);
		if (error.code === 'MESH_NOT_ALLOWED') return allowError(error);
		if (error.code === 'MESH_NOT_REACHABLE') return reachError(error, door);
	}
	const code = systemCode(error);
	const where = `${door.protocol.toUpperCase()} ${door.port}`;
	switch (code) {
		case 'EADDRINUSE':
		case 'NET_ADDRESS_IN_USE':
			return new CliError(`${where} is in use on ${door.host}`, {
				code: 'PORT_IN_USE',
				cause: error,
				why: 'Another process holds it, perhaps a second agent or serf.',
				hints: [`ss -l${door.protocol === 'udp' ? 'u' : 't'}np 'sport = :${door.port}', or ${door.otherPort}`],
			});
		case 'EADDRNOTAVAIL':
		case 'NET_ADDRESS_UNAVAILABLE':
			return new CliError(`${where} cannot be opened on ${door.host}`, {
				code: 'ADDRESS_UNAVAILABLE',
				cause: error,
				why: 'This host does not have that address.',
				hints: ['ip address', door.anyAddress],
			});
		case 'EACCES':
		case 'NET_DENIED':
			return new CliError(`${where} may not be opened on ${door.host}`, {
				code: 'PORT_DENIED',
				cause: error,
				why: 'Ports below 1024 are for root on most systems.',
				hints: [door.otherPort],
			});
		default:
			return error;
	}
}

function journalError(error: Error): CliError {
	return new CliError('the journal cannot be written', {
		code: 'JOURNAL_DENIED',
		cause: error,
		why: error.message,
		hints: ['--journal <file> in a directory that this user may write, or LONGBOW_JOURNAL'],
	});
}

function allowError(error: Error): CliError {
	return new CliError(error.message, {
		code: 'NOT_ALLOWED',
		cause: error,
		why: 'The others have the same list, and would refuse this node.',
		hints: [
			'LONGBOW_GOSSIP_ADVERTISE_ADDR=<an address on the list>, or a longer LONGBOW_GOSSIP_ALLOW_CIDRS on every member',
		],
	});
}

function reachError(error: Error, door: Door): CliError {
	return new CliError(error.message, {
		code: 'NOT_REACHABLE',
		cause: error,
		why: 'Loopback means a different host to each of them.',
		hints: [`${door.anyAddress}, or LONGBOW_GOSSIP_ADVERTISE_ADDR=<address of this host>`],
	});
}

// The code of the error or of what caused it: each layer wraps the one below.
function systemCode(error: unknown): string | undefined {
	let code: string | undefined;
	for (let at = error; at instanceof Error; at = at.cause) {
		if ('code' in at && typeof at.code === 'string') code = at.code;
	}
	return code;
}
