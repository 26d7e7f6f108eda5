// A playback in a process of its own: `sim --open` or `replay --open`, as a user starts it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { BINARY, eventually } from './cli.ts';

export interface PlaybackProcess {
	/** Of the dashboard. */
	readonly url: string;
	/** Both streams so far. */
	output(): string;
	/** Ctrl-C. Resolves to the exit code. */
	end(): Promise<number | null>;
}

/** Starts it, and waits until it says where it serves. It is killed when it does not. */
export async function startPlayback(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<PlaybackProcess> {
	const child = spawn(process.execPath, [BINARY, ...args], {
		env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...env },
	});
	const exit = once(child, 'exit');
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			output += text;
		});
	}
	try {
		const url = await eventually(
			`${args.join(' ')} serves`,
			() => {
				if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${output}`);
				return /(http:\/\/127\.0\.0\.1:\d+\/[^\s"]*)/.exec(output)?.[1];
			},
			60_000,
		);
		return {
			url,
			output: () => output,
			end: async () => {
				child.kill('SIGINT');
				const [code] = await exit;
				return code;
			},
		};
	} catch (error) {
		child.kill('SIGKILL');
		throw error;
	}
}
