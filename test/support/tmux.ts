// A real terminal, by tmux: a program in a window of a given size, keys in, the screen out.

import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './cli.ts';

const run = promisify(execFile);

export interface Screen {
	/** What is on it, one string a row, without trailing blanks. */
	rows(): Promise<string[]>;
	/** Waits until its text fits, and gives it. */
	shows(pattern: RegExp, withinMs?: number): Promise<string>;
	/** Types a text, as it is. */
	type(text: string): Promise<void>;
	/** Presses a key by tmux's name for it: `Tab`, `Enter`, `Down`, `C-c`. */
	press(key: string): Promise<void>;
	resize(columns: number, rows: number): Promise<void>;
	/** What tmux knows of the terminal: `alternate_on`, `cursor_flag`, `pane_pid`, … */
	fact(name: string): Promise<string>;
	close(): void;
}

export interface ScreenOptions {
	readonly columns?: number;
	readonly rows?: number;
	readonly env?: Readonly<Record<string, string>>;
}

/** Opens a terminal that runs `command`, and nothing of the environment but `env`. */
export function openScreen(command: readonly string[], options: ScreenOptions = {}): Screen {
	const { columns = 80, rows = 24, env = {} } = options;
	const folder = mkdtempSync(join(tmpdir(), 'longbow-tmux-'));
	const socket = join(folder, 'socket');
	const base = ['-u', '-f', '/dev/null', '-S', socket];
	const serverEnv = { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: folder, ...env };
	const tmux = async (...args: string[]): Promise<string> =>
		(await run('tmux', [...base, ...args], { env: serverEnv })).stdout;
	const size = ['-x', String(columns), '-y', String(rows)];
	execFileSync('tmux', [...base, 'new-session', '-d', ...size, ...command], { env: serverEnv });
	const orphaned = (): void => close();
	process.once('exit', orphaned);
	function close(): void {
		process.off('exit', orphaned);
		try {
			execFileSync('tmux', [...base, 'kill-server'], { stdio: 'ignore' });
		} catch {
			// It has ended with its program.
		}
		rmSync(folder, { recursive: true, force: true });
	}
	const read = async (): Promise<string[]> =>
		(await tmux('capture-pane', '-p')).split('\n').map((row) => row.trimEnd());
	return {
		rows: read,
		close,
		shows: (pattern, withinMs = 30_000) => {
			let last = '';
			return eventually(
				`${pattern} on the screen`,
				async () => {
					last = (await read()).join('\n');
					return pattern.test(last) ? last : undefined;
				},
				withinMs,
			).catch((error: unknown) => {
				throw new Error(`${error instanceof Error ? error.message : error}\n${last}`, { cause: error });
			});
		},
		type: async (text) => void (await tmux('send-keys', '-l', text)),
		press: async (key) => void (await tmux('send-keys', key)),
		resize: async (width, height) => void (await tmux('resize-window', '-x', String(width), '-y', String(height))),
		fact: async (name) => (await tmux('display-message', '-p', `#{${name}}`)).trim(),
	};
}
