// What a check has found: a verdict in a sentence, why, and what to try.

/** `warn`: it works, but not as it should. `skip`: there was nothing to look at; the text says why. */
export type Result = 'pass' | 'warn' | 'fail' | 'skip';

export interface Finding {
	readonly result: Result;
	/** The verdict with its evidence, one line. */
	readonly text: string;
	/** What it means, one or two sentences. */
	readonly why?: string;
	/** Commands or settings, the likeliest first. */
	readonly try?: readonly string[];
	/** The figures behind the text, for scripts; durations in milliseconds. */
	readonly data?: Readonly<Record<string, unknown>>;
}

type More = Omit<Finding, 'result' | 'text'>;

export function pass(text: string, data?: Finding['data']): Finding {
	return { result: 'pass', text, ...(data && { data }) };
}

export function warn(text: string, more: More = {}): Finding {
	return { result: 'warn', text, ...more };
}

export function fail(text: string, more: More = {}): Finding {
	return { result: 'fail', text, ...more };
}

export function skip(reason: string): Finding {
	return { result: 'skip', text: reason };
}
