// What can be wrong with a journal.

/**
 * `NOT_A_JOURNAL`: another file, or one of another version · `DAMAGED`: its bytes are not those that were written ·
 * `DIFFERS`: the replay did something else than the record, so one of the two programs is wrong.
 */
export type JournalErrorCode = 'NOT_A_JOURNAL' | 'DAMAGED' | 'DIFFERS';

export class JournalError extends Error {
	readonly code: JournalErrorCode;

	constructor(code: JournalErrorCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'JournalError';
		this.code = code;
	}
}
