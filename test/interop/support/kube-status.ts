// Refusals of the API stand-in: the Status object that every error of the API carries.

export interface StatusBody {
	readonly kind: 'Status';
	readonly apiVersion: 'v1';
	readonly metadata: Record<string, never>;
	readonly status: 'Failure' | 'Success';
	readonly message?: string;
	readonly reason?: string;
	readonly details?: Readonly<Record<string, unknown>>;
	readonly code?: number;
}

/** Thrown by any part of the stand-in; becomes the answer. */
export class Refusal extends Error {
	readonly code: number;
	readonly reason: string;
	readonly details: Readonly<Record<string, unknown>> | undefined;

	constructor(code: number, reason: string, message: string, details?: Readonly<Record<string, unknown>>) {
		super(message);
		this.code = code;
		this.reason = reason;
		this.details = details;
	}

	get body(): StatusBody {
		const { message, reason, code } = this;
		const details = this.details && { details: this.details };
		return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...details, code };
	}
}

export function unauthorized(): Refusal {
	return new Refusal(401, 'Unauthorized', 'Unauthorized');
}

/** What a watch or the next page gets when its version is forgotten. */
export function expired(message: string): Refusal {
	return new Refusal(410, 'Expired', message);
}
