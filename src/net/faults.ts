// What went wrong underneath a transport without ending anything, counted by reason.

/**
 * Reasons are the codes of the operating system and of Node (`EPERM`, `EMSGSIZE`, `ENETUNREACH`, `ERR_SOCKET_BAD_PORT` …)
 * and those of {@link FaultReason}. The set is small and never grows with what the network sends.
 */
export type Faults = Record<string, number>;

/** Our own reasons, for what no system call reports. */
export type FaultReason =
	/** The kernel granted a smaller receive buffer than asked: bursts may be lost. */
	| 'RECEIVE_BUFFER'
	/** A packet was dropped because too many are waiting to be sent. */
	| 'SEND_QUEUE_FULL'
	/** A packet was dropped because its receiver has too many waiting (memory only). */
	| 'RECEIVE_QUEUE_FULL'
	/** The host of an address is no IP literal. */
	| 'NO_IP_LITERAL'
	/** A stream was refused because too many are open that others opened. */
	| 'ACCEPT_LIMIT'
	/** A stream was to be opened under a number that is in use. */
	| 'STREAM_IN_USE';

export function countFault(faults: Faults, reason: string): void {
	faults[reason] = (faults[reason] ?? 0) + 1;
}

export function countError(faults: Faults, error: unknown): void {
	countFault(faults, errorCode(error));
}

/** The code of an error of Node or of the operating system; `UNKNOWN` when it has none. */
export function errorCode(error: unknown): string {
	return (error as NodeJS.ErrnoException).code ?? 'UNKNOWN';
}

/** An error with a code, as Node makes them. */
export function codedError(code: string): NodeJS.ErrnoException {
	return Object.assign(new Error(code), { code });
}
