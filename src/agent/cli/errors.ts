// What a command says when it cannot do its work: what happened, why, and what next.

import { ConfigError } from '../../config/index.ts';
import type { Terminal } from './terminal.ts';

/** `1`: it could not be done, or the news is bad. `2`: used wrongly. */
export type FailureCode = 1 | 2;

/** A failure that is explained. `code` is for scripts that read `--json`. */
export class CliError extends Error {
	readonly code: string;
	readonly exitCode: FailureCode;
	readonly why: string | undefined;
	/** Commands or settings to try, one a line. */
	readonly hints: readonly string[];
	constructor(
		message: string,
		options: ErrorOptions & {
			readonly code: string;
			readonly why?: string;
			readonly hints?: readonly string[];
			readonly exitCode?: FailureCode;
		},
	) {
		super(message, options);
		this.name = 'CliError';
		this.code = options.code;
		this.why = options.why;
		this.hints = options.hints ?? [];
		this.exitCode = options.exitCode ?? 1;
	}
}

/** Used wrongly: exit code 2. */
export function usageError(message: string, hint: string): CliError {
	return new CliError(message, { code: 'USAGE', hints: [hint], exitCode: 2 });
}

/** Tells the error on stderr and returns the exit code. A stack is shown with LONGBOW_DEBUG alone. */
export function reportError(
	error: unknown,
	terminal: Terminal,
	options: { json: boolean; debug: boolean },
): FailureCode {
	const failure = explained(error);
	if (error instanceof ConfigError) warn(error.warnings, terminal);
	if (options.json) {
		const { code, message, why = null, hints } = failure;
		terminal.err(
			JSON.stringify({ error: { code, message, cause: why, hint: hints.length > 0 ? hints.join('\n') : null } }),
		);
	} else {
		for (const line of failureLines(failure, terminal)) terminal.err(line);
	}
	if (options.debug && error instanceof Error) terminal.err(stackOf(error));
	return failure.exitCode;
}

/** The lines of UX: `error: …`, why, `try: …`. */
export function failureLines(failure: CliError, terminal: Terminal): string[] {
	const label = terminal.paintErr('error:', 'boldRed');
	const lines = failure.message.split('\n').map((line) => `${label} ${line}`);
	if (failure.why !== undefined) lines.push(`  ${failure.why}`);
	for (const [index, hint] of failure.hints.entries()) lines.push(`${index === 0 ? '  try: ' : '       '}${hint}`);
	return lines;
}

/** `warning: …` lines on stderr. */
export function warn(warnings: readonly string[], terminal: Terminal): void {
	for (const line of warnings) terminal.note(`${terminal.paintErr('warning:', 'yellow')} ${line}`);
}

function explained(error: unknown): CliError {
	if (error instanceof CliError) return error;
	if (error instanceof ConfigError)
		return new CliError(error.message, { code: error.code, exitCode: error.exitCode, cause: error });
	const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
	return new CliError(message, {
		code: 'BUG',
		cause: error,
		why: 'This is a bug of longbow-mesh, not of yours. Please report this line.',
		hints: ['LONGBOW_DEBUG=1 shows where it happened'],
	});
}

function stackOf(error: Error): string {
	const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
	return `${error.stack ?? error.message}${cause}`;
}
