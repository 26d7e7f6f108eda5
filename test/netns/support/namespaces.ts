// Network namespaces of a test: hosts on one bridge, none of which outlives the process of the test.

import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { eventually } from '../../support/cli.ts';

export interface Host {
	/** Name of its namespace. */
	readonly namespace: string;
	/** Name of its end of the cable at the bridge. */
	readonly port: string;
	/** IP address of its `eth0`. */
	readonly address: string;
}

export interface NetworkOptions {
	readonly hosts: number;
	/** Of all addresses; default IPv4. */
	readonly family?: 'IPv4' | 'IPv6';
}

// The process stands in the name, so that parallel runs do not meet and leftovers of a killed one can be told.
const PREFIX = 'longbow-';
const LEFTOVER = /^longbow-(\d+)-/;
const open = new Set<Network>();
let networks = 0;
process.on('exit', closeAll);
// Without a handler these end the process without `exit`.
process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));

/** Hosts that reach each other through a bridge, which stands in a namespace of its own: the machine's is not touched. */
export class Network {
	/** The namespace of the bridge. The bridge has an address, so who is here reaches every host whatever is cut. */
	readonly hub: string;
	readonly hosts: readonly Host[];

	private constructor(hub: string, hosts: readonly Host[]) {
		this.hub = hub;
		this.hosts = hosts;
		open.add(this);
	}

	static async create({ hosts: count, family = 'IPv4' }: NetworkOptions): Promise<Network> {
		removeLeftovers();
		const prefix = `${PREFIX}${process.pid}-${++networks}`;
		const hosts = Array.from({ length: count }, (_, i) => ({
			namespace: `${prefix}-h${i + 1}`,
			port: `v${i + 1}`,
			address: addressOf(i + 1, family),
		}));
		const network = new Network(`${prefix}-hub`, hosts);
		try {
			await network.#build(family);
		} catch (error) {
			network.close();
			throw error;
		}
		return network;
	}

	/** Pulls the cable of a host, or plugs it in again. */
	async setLink({ port }: Host, state: 'up' | 'down'): Promise<void> {
		await run('ip', ['-n', this.hub, 'link', 'set', port, state]);
	}

	/** Ends every process in the namespaces and removes them. Synchronous: it must work while this process exits. */
	close(): void {
		open.delete(this);
		for (const namespace of [...this.hosts.map((host) => host.namespace), this.hub]) remove(namespace);
	}

	async #build(family: 'IPv4' | 'IPv6'): Promise<void> {
		const { hub, hosts } = this;
		const namespaces = [hub, ...hosts.map(({ namespace }) => namespace)];
		await batch(
			[],
			[
				...namespaces.map((namespace) => `netns add ${namespace}`),
				...hosts.map(
					({ namespace, port }) => `link add ${port} netns ${hub} type veth peer name eth0 netns ${namespace}`,
				),
			],
		);
		await batch(
			['-n', hub],
			[
				'link add br0 type bridge',
				`address add ${withPrefix(addressOf(HUB_NUMBER, family), family)} dev br0`,
				'link set br0 up',
				...hosts.map(({ port }) => `link set ${port} master br0 up`),
			],
		);
		for (const { namespace, address } of hosts) {
			const setup = [`address add ${withPrefix(address, family)} dev eth0`, 'link set eth0 up', 'link set lo up'];
			await batch(['-n', namespace], setup);
		}
		await Promise.all(hosts.map((host) => isUp(host)));
	}
}

/** Runs a program to its end. @throws {Error} with what it wrote to stderr. */
export function run(program: string, args: readonly string[], input?: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = execFile(program, args, (error, stdout) => (error ? reject(error) : resolve(stdout)));
		if (input === undefined) return;
		// A program that ends before it has read all breaks the pipe, and says why on stderr: that is the error to show.
		child.stdin?.once('error', (error: NodeJS.ErrnoException) => {
			if (error.code !== 'EPIPE') reject(error);
		});
		child.stdin?.end(input);
	});
}

const HUB_NUMBER = 254;

function addressOf(number: number, family: 'IPv4' | 'IPv6'): string {
	return family === 'IPv4' ? `10.77.0.${number}` : `fd00::${number.toString(16)}`;
}

// Duplicate address detection would keep a new address unusable for a second.
function withPrefix(address: string, family: 'IPv4' | 'IPv6'): string {
	return family === 'IPv4' ? `${address}/24` : `${address}/64 nodad`;
}

async function batch(args: readonly string[], lines: readonly string[]): Promise<void> {
	await run('ip', [...args, '-batch', '-'], `${lines.join('\n')}\n`);
}

// The kernel tells carrier late, and until then an interface does not count as one that others can reach.
async function isUp({ namespace }: Host): Promise<void> {
	await eventually(`the link of ${namespace} is up`, async () => {
		const [link]: { operstate: string }[] = JSON.parse(
			await run('ip', ['-n', namespace, '-j', 'link', 'show', 'eth0']),
		);
		return link?.operstate === 'UP' || undefined;
	});
}

// Removing a namespace does not end the processes in it.
function remove(namespace: string): void {
	const { stdout } = spawnSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' });
	for (const pid of (stdout ?? '').split('\n').filter(Boolean)) kill(Number(pid));
	spawnSync('ip', ['netns', 'delete', namespace]);
}

function kill(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
}

function closeAll(): void {
	for (const network of open) network.close();
}

/** What a run left behind that was killed before it could clean up. */
function removeLeftovers(): void {
	const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
	for (const line of (stdout ?? '').split('\n')) {
		const namespace = line.split(' ')[0] ?? '';
		const pid = LEFTOVER.exec(namespace)?.[1];
		if (pid !== undefined && !existsSync(`/proc/${pid}`)) remove(namespace);
	}
}
