// What can go wrong with an action, on either end of the call.

import { type ServiceError, type StatusObject, status } from '@grpc/grpc-js';

/** The names of gRPC's status codes, without OK. Callers switch on these, never on texts. */
export type FlightErrorCode = Exclude<keyof typeof status, 'OK'>;

/**
 * A failed action. On the client: `UNAVAILABLE` no agent answers at the address · `DEADLINE_EXCEEDED` none did in
 * time · `INVALID_ARGUMENT` unknown action or bad body · `NOT_FOUND` no such member · `PERMISSION_DENIED` admin token or loopback needed ·
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

/** The client's view of an error that gRPC reported. */
export function fromServiceError(error: ServiceError): FlightError {
	const code = status[error.code] as FlightErrorCode | undefined;
	return new FlightError(code ?? 'UNKNOWN', error.details || error.message, { cause: error });
}

/** The server's answer for anything that was thrown while an action ran. */
export function toStatus(error: unknown): Partial<StatusObject> {
	if (error instanceof FlightError) return { code: status[error.code], details: error.message };
	const message = error instanceof Error ? error.message : String(error);
	if (error instanceof TypeError || error instanceof RangeError) {
		return { code: status.INVALID_ARGUMENT, details: message };
	}
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (typeof code === 'string' && code.startsWith('MESH_')) {
		return { code: status.FAILED_PRECONDITION, details: message.startsWith(code) ? message : `${code}: ${message}` };
	}
	return { code: status.INTERNAL, details: `the agent failed: ${message}` };
}
