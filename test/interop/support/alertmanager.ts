// Real Alertmanagers on loopback: memberlist with settable timing, and a second opinion beside serf.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { freePort } from './ports.ts';
import { Running } from './processes.ts';

const CONFIG = 'route: {receiver: none}\nreceivers: [{name: none}]\n';

export interface AlertmanagerPeer {
	readonly name: string;
	/** `host:port` */
	readonly address: string;
}

export class Alertmanager {
	/** `host:port` of its gossip. */
	readonly address: string;
	readonly process: Running;
	readonly #web: string;

	private constructor(address: string, web: string, process: Running) {
		this.address = address;
		this.process = process;
		this.#web = web;
	}

	/** Probes every 200 ms with 100 ms to answer. `peer`: `host:port` to join. Resolves when it is ready. */
	static async start(options: { readonly peer?: string } = {}): Promise<Alertmanager> {
		const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
		onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
		const config = join(folder, 'config.yml');
		writeFileSync(config, CONFIG);
		const address = `127.0.0.1:${await freePort()}`;
		const web = `127.0.0.1:${await freePort()}`;
		const args = [
			`--config.file=${config}`,
			`--storage.path=${folder}`,
			`--web.listen-address=${web}`,
			`--cluster.listen-address=${address}`,
			'--cluster.probe-interval=200ms',
			'--cluster.probe-timeout=100ms',
			'--cluster.gossip-interval=100ms',
			'--cluster.settle-timeout=1s',
			'--cluster.reconnect-interval=1s',
			'--log.level=debug',
		];
		if (options.peer !== undefined) args.push(`--cluster.peer=${options.peer}`);
		const started = Running.spawn('alertmanager', 'prometheus-alertmanager', args);
		const alertmanager = new Alertmanager(address, web, started);
		await vi.waitFor(() => alertmanager.#get('/-/ready'), { timeout: 10_000, interval: 100 });
		return alertmanager;
	}

	async peers(): Promise<readonly AlertmanagerPeer[]> {
		return JSON.parse(await this.#get('/api/v2/status')).cluster.peers;
	}

	/** Waits until it lists exactly as many peers, itself included. */
	async listsPeers(count: number, timeoutMs = 10_000): Promise<readonly AlertmanagerPeer[]> {
		return vi.waitFor(
			async () => {
				const peers = await this.peers();
				expect(peers, this.process.output).toHaveLength(count);
				return peers;
			},
			{ timeout: timeoutMs, interval: 100 },
		);
	}

	/** A number of `/metrics`, by the name without `alertmanager_cluster_`. */
	async metric(name: string): Promise<number> {
		const page = await this.#get('/metrics');
		const line = page.split('\n').find((each) => each.startsWith(`alertmanager_cluster_${name} `));
		if (line === undefined) throw new Error(`no metric alertmanager_cluster_${name}`);
		return Number(line.split(' ')[1]);
	}

	/** Lines of the log that tell of trouble, its own or memberlist's. */
	get complaints(): readonly string[] {
		return this.process.lines.filter((line) => /level=(warn|error)|\[(WARN|ERR)\]/.test(line));
	}

	async #get(path: string): Promise<string> {
		const response = await fetch(`http://${this.#web}${path}`, { signal: AbortSignal.timeout(5_000) });
		if (!response.ok) throw new Error(`${path}: ${response.status}`);
		return response.text();
	}
}
