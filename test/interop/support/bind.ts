// A real BIND 9 on loopback with one zone that is changed by dynamic updates (RFC 2136).

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished, vi } from 'vitest';
import { freePort } from './ports.ts';
import { Running } from './processes.ts';

const run = promisify(execFile);

export const ZONE = 'mesh.test';

export class Bind {
	/** `ip:port`. */
	readonly address: string;
	readonly #folder: string;
	readonly #port: number;
	#process: Running | undefined;

	private constructor(folder: string, port: number) {
		this.#folder = folder;
		this.#port = port;
		this.address = `127.0.0.1:${port}`;
	}

	/** Resolves when the server answers. It is gone, with its files, when the test ends. */
	static async start(): Promise<Bind> {
		const folder = await mkdtemp(join(tmpdir(), 'bind-'));
		onTestFinished(() => rm(folder, { recursive: true }));
		const bind = new Bind(folder, await freePort());
		await writeFile(join(folder, 'named.conf'), configuration(folder, bind.#port));
		await writeFile(join(folder, 'zone'), EMPTY_ZONE);
		await bind.resume();
		return bind;
	}

	/** Starts the server again, with the records that it had. */
	async resume(): Promise<void> {
		this.#process = Running.spawn('named', 'named', ['-g', '-c', join(this.#folder, 'named.conf')]);
		await vi.waitFor(() => this.#dig('SOA', ZONE), { timeout: 20_000, interval: 100 });
	}

	/** Stops the server: whoever asks is refused by the host. */
	async stop(): Promise<void> {
		await this.#process?.end();
		this.#process = undefined;
	}

	/** `n1.mesh.test. 1 A 127.0.0.1`, in the syntax of a zone file. Resolves when they can be asked for. */
	async add(...records: readonly string[]): Promise<void> {
		await this.#update(records.map((record) => `update add ${record}`));
	}

	/** `n1.mesh.test. A`. */
	async remove(...records: readonly string[]): Promise<void> {
		await this.#update(records.map((record) => `update delete ${record}`));
	}

	async #update(lines: readonly string[]): Promise<void> {
		const file = join(this.#folder, 'update');
		await writeFile(file, [`server 127.0.0.1 ${this.#port}`, `zone ${ZONE}`, ...lines, 'send', ''].join('\n'));
		await run('nsupdate', [file], { timeout: 20_000 });
	}

	async #dig(type: string, name: string): Promise<void> {
		const args = ['@127.0.0.1', '-p', String(this.#port), '+short', '+time=1', '+tries=1', type, name];
		const { stdout } = await run('dig', args);
		if (stdout === '') throw new Error(`no ${type} record of ${name} yet\n${this.#process?.output}`);
	}
}

const EMPTY_ZONE = `$TTL 1
@ SOA ns.${ZONE}. admin.${ZONE}. 1 60 60 60 1
@ NS ns.${ZONE}.
ns A 127.0.0.1
`;

function configuration(folder: string, port: number): string {
	return `options {
	directory "${folder}";
	listen-on port ${port} { 127.0.0.1; };
	listen-on-v6 { none; };
	recursion no;
	pid-file none;
	session-keyfile none;
	dnssec-validation no;
};
controls { };
zone "${ZONE}" { type primary; file "zone"; allow-update { 127.0.0.1; }; };
`;
}
