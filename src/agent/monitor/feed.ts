// What an agent streams, for as long as somebody watches: taken up again by itself when the agent was gone.

import { setTimeout as delay } from 'node:timers/promises';
import type { AgentClient } from '../cli/client.ts';
import { CliError } from '../cli/errors.ts';

export interface FeedHandlers<T> {
	take(answer: T): void;
	/** The stream has ended; it will be tried again. */
	lost(): void;
}

const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 4_000;

/**
 * Follows the action until `stop`. `body` is asked for at each start, so that a stream can go on where it ended.
 * @throws {CliError} when the agent does not answer the first time, or answers that it cannot.
 */
export async function feed<T>(
	client: AgentClient,
	action: string,
	body: () => object,
	{ take, lost }: FeedHandlers<T>,
	stop: AbortSignal,
): Promise<void> {
	let began = false;
	let pauseMs = FIRST_PAUSE_MS;
	while (!stop.aborted) {
		try {
			for await (const answer of client.follow<T>(action, body(), stop)) {
				began = true;
				pauseMs = FIRST_PAUSE_MS;
				take(answer);
			}
		} catch (error) {
			if (!began || !isPassing(error)) throw error;
		}
		if (stop.aborted) return;
		lost();
		// An abort ends the wait early; that is how it is meant to end.
		await delay(pauseMs, undefined, { signal: stop }).catch(() => undefined);
		pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
	}
}

/** Whether it may be over when it is tried again: nobody answers, late, or too many watch. */
function isPassing(error: unknown): boolean {
	return error instanceof CliError && ['NO_AGENT', 'TIMEOUT', 'RESOURCE_EXHAUSTED'].includes(error.code);
}
