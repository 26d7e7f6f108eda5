// A terminal of the CLI whose streams are kept as text.

import { type Sink, Terminal, type TerminalOptions } from '../../src/agent/cli/terminal.ts';

export interface CapturedStreams {
	readonly stdout: Sink;
	readonly stderr: Sink;
	/** What was written so far. */
	out(): string;
	err(): string;
}

export function capturedStreams(
	options: { readonly isTTY?: boolean; readonly columns?: number } = {},
): CapturedStreams {
	const texts = { out: '', err: '' };
	const sink = (name: 'out' | 'err'): Sink => ({
		isTTY: options.isTTY ?? false,
		columns: options.columns ?? 80,
		write(text) {
			texts[name] += text;
		},
	});
	return { stdout: sink('out'), stderr: sink('err'), out: () => texts.out, err: () => texts.err };
}

export function captured(
	options: Partial<Omit<TerminalOptions, 'stdout' | 'stderr'>> & { isTTY?: boolean; columns?: number } = {},
): CapturedStreams & { readonly terminal: Terminal } {
	const streams = capturedStreams(options);
	return { ...streams, terminal: new Terminal({ env: {}, ...options, ...streams }) };
}
