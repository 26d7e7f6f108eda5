// A discovery provider of one's own: the first peers stand in a file that something else writes.
//
//   npm run example -- custom-discovery

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Address, createMesh, type Discovery, type DiscoveryHealth } from 'longbow-mesh';
import { parsePeer } from 'longbow-mesh/discovery';

const DEFAULT_PORT = 7946;

/** One `host:port` a line. Addresses only: a provider resolves names itself. */
class FileDiscovery implements Discovery {
	readonly name = 'file';
	readonly #path: string;
	readonly #everyMs: number;
	#health: DiscoveryHealth = {
		provider: 'file',
		addresses: [],
		answeredAtMs: undefined,
		errors: 0,
		problem: undefined,
	};

	constructor(path: string, everyMs: number) {
		this.#path = path;
		this.#everyMs = everyMs;
	}

	/** What `doctor`, metrics and `mesh.discovery` show. */
	get health(): DiscoveryHealth {
		return this.#health;
	}

	/** Yields the whole list whenever it changes. It never throws: what goes wrong is told by `health`, and tried again. */
	async *watch(signal: AbortSignal): AsyncGenerator<readonly Address[]> {
		let last = '';
		while (!signal.aborted) {
			const addresses = await this.#read();
			const text = JSON.stringify(addresses);
			// An empty answer would do no harm either: discovery is never an authority, and removes nobody.
			if (addresses && text !== last) yield addresses;
			last = text ?? last;
			await wait(this.#everyMs, undefined, { signal }).catch(() => undefined);
		}
	}

	async #read(): Promise<readonly Address[] | undefined> {
		try {
			const lines = (await readFile(this.#path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
			const addresses = lines.map((line) => {
				const { host, port, literal } = parsePeer(line, DEFAULT_PORT);
				if (!literal) throw new Error(`${host} is a name, and an address is needed`);
				return { host, port };
			});
			this.#health = { ...this.#health, addresses, answeredAtMs: Date.now(), problem: undefined };
			return addresses;
		} catch (error) {
			const problem = { code: 'failed', text: (error as Error).message } as const;
			this.#health = { ...this.#health, errors: this.#health.errors + 1, problem };
			return undefined;
		}
	}
}

const folder = await mkdtemp(join(tmpdir(), 'longbow-example-'));
const path = join(folder, 'peers');
const options = { bindHost: '127.0.0.1', port: 0 };

const known = await createMesh({ ...options, name: 'known' });
const seeker = await createMesh({ ...options, name: 'seeker', discovery: [new FileDiscovery(path, 50)] });
const joined = new Promise<string>((resolve) => {
	seeker.on('join', (member) => {
		if (member.name !== seeker.name) resolve(member.name);
	});
});

while (seeker.discovery[0]?.errors === 0) await wait(20);
console.log(`no file yet: ${seeker.discovery[0]?.problem?.text.split(',')[0]}; ${seeker.members.length} member`);

await writeFile(path, `${known.address.host}:${known.address.port}\n`);
console.log(`the file names one peer: joined ${await joined}; ${seeker.members.length} members`);

await Promise.all([known.close(), seeker.close()]);
await rm(folder, { recursive: true });
