// What can go wrong with an action, on either end of the call.

import type { StatusObject } from '@grpc/grpc-js';

/** gRPC's status codes, each at its number. Written out: who only calls must not wait for the library to load. */
export const STATUS_NAMES = [
	'OK',
	'CANCELLED',
	'UNKNOWN',
	'INVALID_ARGUMENT',
	'DEADLINE_EXCEEDED',
	'NOT_FOUND',
	'ALREADY_EXISTS',
	'PERMISSION_DENIED',
	'RESOURCE_EXHAUSTED',
	'FAILED_PRECONDITION',
	'ABORTED',
	'OUT_OF_RANGE',
	'UNIMPLEMENTED',
	'INTERNAL',
	'UNAVAILABLE',
	'DATA_LOSS',
	'UNAUTHENTICATED',
] as const;

/** The names of the codes, without OK. Callers switch on these, never on texts. */
export type FlightErrorCode = Exclude<(typeof STATUS_NAMES)[number], 'OK'>;

/**
 * A failed action. On the client: `UNAVAILABLE` no agent answers at the address · `DEADLINE_EXCEEDED` none did in
 * time · `INVALID_ARGUMENT` unknown action or bad body · `NOT_FOUND` no such member · `OUT_OF_RANGE` nothing is on record of that time · `PERMISSION_DENIED` admin token or loopback needed ·
 * `FAILED_PRECONDITION` the mesh cannot do it now, for example because it has left. The message is one sentence.
 */
export class FlightError extends Error {
	readonly code: FlightErrorCode;
	constructor(code: FlightErrorCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'FlightError';
		this.code = code;
	}
}

/** What the mesh refuses because of what it was asked, and not because of the state that it is in. */
const FAULTS_OF_THE_CALLER: Readonly<Record<string, FlightErrorCode>> = {
	MESH_TAGS_TOO_LARGE: 'INVALID_ARGUMENT',
	MESH_NO_MEMBER: 'NOT_FOUND',
};

/** The server's answer for anything that was thrown while an action ran. */
export function toStatus(error: unknown): Partial<StatusObject> {
	if (error instanceof FlightError) return { code: STATUS_NAMES.indexOf(error.code), details: error.message };
	const message = error instanceof Error ? error.message : String(error);
	if (error instanceof TypeError || error instanceof RangeError) {
		return { code: STATUS_NAMES.indexOf('INVALID_ARGUMENT'), details: message };
	}
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (typeof code === 'string' && code.startsWith('MESH_')) {
		const fault = FAULTS_OF_THE_CALLER[code];
		if (fault !== undefined) return { code: STATUS_NAMES.indexOf(fault), details: message };
		return {
			code: STATUS_NAMES.indexOf('FAILED_PRECONDITION'),
			details: message.startsWith(code) ? message : `${code}: ${message}`,
		};
	}
	return { code: STATUS_NAMES.indexOf('INTERNAL'), details: `the agent failed: ${message}` };
}
