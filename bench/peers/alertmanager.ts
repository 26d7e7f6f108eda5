// The multi-process peer: Alertmanagers of Debian, whose cluster is memberlist's, at our timing.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../test/interop/support/ports.ts';
import { scratchFolder, start, stop } from './contender.ts';
import { type Found, packageVersion } from './found.ts';
import type { OneNode } from './one-node.ts';
import { cpuSeconds, rssBytes } from './usage.ts';

const PACKAGE = 'prometheus-alertmanager';
const CONFIG = 'route: {receiver: none}\nreceivers: [{name: none}]\n';

export function findAlertmanager(): Found {
	const version = packageVersion(PACKAGE);
	return version === undefined ? { missing: `apt-get install ${PACKAGE}` } : { version };
}

/** Resolves when the process has been started; it is up when it tells of members. */
export async function startAlertmanager(_name: string, seeds: readonly string[]): Promise<OneNode> {
	const folder = scratchFolder();
	const config = join(folder, 'config.yml');
	writeFileSync(config, CONFIG);
	const [address, web] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
	const child = start({
		command: PACKAGE,
		args: [
			`--config.file=${config}`,
			`--storage.path=${folder}`,
			`--web.listen-address=${web}`,
			`--cluster.listen-address=${address}`,
			'--cluster.gossip-interval=200ms',
			'--cluster.probe-interval=200ms',
			'--cluster.probe-timeout=100ms',
			'--log.level=error',
			...seeds.map((seed) => `--cluster.peer=${seed}`),
		],
	});
	return {
		address,
		get cpuSeconds() {
			return cpuSeconds(child.pid!);
		},
		get rssBytes() {
			return rssBytes(child.pid!);
		},
		members: () => members(web),
		[Symbol.asyncDispose]: () => stop(child),
	};
}

async function members(web: string): Promise<number> {
	try {
		const response = await fetch(`http://${web}/api/v2/status`);
		const { cluster } = (await response.json()) as { cluster: { peers: readonly unknown[] } };
		return cluster.peers.length;
	} catch {
		// It does not listen yet.
		return 0;
	}
}
