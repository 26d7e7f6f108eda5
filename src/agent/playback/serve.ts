// `--open`: serves the dashboard over a record that is played back, until Ctrl-C.

import { spawn } from 'node:child_process';
import { createHttpServer } from '../../http/index.ts';
import type { Terminal } from '../cli/terminal.ts';
import { DASHBOARD, VERSION } from '../version.ts';
import type { Playable } from './playable.ts';
import { Transport, type TransportOptions } from './transport.ts';

export interface OpenOptions extends TransportOptions {
	readonly terminal: Terminal;
	readonly json: boolean;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Ends it. */
	readonly stop: AbortSignal;
	/** Who is selected when the page opens. */
	readonly member?: string;
}

/** Any free port of loopback: what was recorded is for who has the file. */
const ADDRESS = '127.0.0.1:0';

/** Returns once it was ended. @throws what keeps the record from being played on. */
export async function openPlayback(playable: Playable, options: OpenOptions): Promise<void> {
	const { terminal, json, env, stop, member } = options;
	const transport = new Transport(playable, options);
	try {
		await using server = await serve(playable, transport);
		const url = `http://${server.address}/${member === undefined ? '' : `#/overview?m=${encodeURIComponent(member)}`}`;
		if (json) terminal.out(JSON.stringify({ schema: 1, url }));
		else terminal.out(`dashboard  ${url}`);
		terminal.note(`${playable.title}. Ctrl-C ends it.`);
		if (terminal.isTTY) openBrowser(url, env);
		await Promise.race([transport.done, aborted(stop)]);
	} finally {
		await transport.close();
	}
}

async function serve(
	{ origin }: Playable,
	transport: Transport,
): Promise<{ readonly address: string } & AsyncDisposable> {
	const server = await createHttpServer({
		get source() {
			return transport.source;
		},
		origin,
		playback: transport,
		ready: () => ({ ready: true, reasons: [] }),
		facts: () => ({ version: VERSION, node: process.versions.node, loop: null, keys: 0, label: null }),
		dashboard: DASHBOARD,
		address: ADDRESS,
	});
	return { address: server.address, [Symbol.asyncDispose]: () => server.close() };
}

/** Where there is a desktop, its browser; elsewhere the printed address has to do. */
function openBrowser(url: string, env: OpenOptions['env']): void {
	const hasDesktop = Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
	const opener = process.platform === 'darwin' ? 'open' : hasDesktop ? 'xdg-open' : undefined;
	if (opener === undefined) return;
	const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
	child.on('error', () => undefined); // There is no opener: the address is printed.
	child.unref();
}

function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
