// A real agent: the built binary in a process of its own, on free ports of loopback.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BINARY = fileURLToPath(new URL('../../dist/agent/longbow-mesh.js', import.meta.url));
const READY_TIMEOUT_MS = 20_000;
const KEPT_LINES = 10_000;

export interface AgentProcess {
	readonly name: string;
	/** Addresses as `host:port`. */
	readonly gossip: string;
	readonly status: string;
	readonly metrics: string;
	readonly child: ChildProcess;
	/** Lines of its log so far, the newest last. */
	readonly log: readonly string[];
	/** Ends the process with the signal, at once by default, and waits until it is gone. Idempotent. */
	end(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts an agent and waits until its doors are open. @throws {Error} with what it wrote to stderr. */
export async function startAgentProcess(
	name: string,
	{ join = [], env = {} }: { readonly join?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<AgentProcess> {
	const child = spawn(process.execPath, [BINARY, 'agent', '--log', 'json'], {
		env: {
			PATH: process.env.PATH,
			LONGBOW_NODE_ID: name,
			LONGBOW_META_ADDR: `127.0.0.1:${await freePort()}`, // advertised before it is bound, so it must be known
			LONGBOW_METRICS_ADDR: '127.0.0.1:0',
			LONGBOW_GOSSIP_BIND_ADDR: '127.0.0.1',
			LONGBOW_GOSSIP_PORT: '0',
			LONGBOW_GOSSIP_STATIC_PEERS: join.join(','),
			...env,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const ended = once(child, 'exit');
	const orphaned = (): void => void child.kill('SIGKILL');
	process.once('exit', orphaned);
	const end = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
		child.kill(signal);
		await ended;
		process.off('exit', orphaned);
	};
	try {
		const log: string[] = [];
		const { gossip, status, metrics } = await ready(child, log);
		return { name, gossip, status, metrics: new URL(metrics).host, child, log, end };
	} catch (error) {
		await end();
		throw error;
	}
}

/** A TCP port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

interface Ready {
	readonly gossip: string;
	readonly status: string;
	/** A URL. */
	readonly metrics: string;
}

/** Reads the log until it says `ready`, and goes on reading, so that the agent can go on writing. */
function ready(child: ChildProcess, log: string[]): Promise<Ready> {
	let errors = '';
	child.stderr?.on('data', (chunk: Buffer) => {
		errors = (errors + chunk.toString()).slice(-4_000);
	});
	return new Promise((resolve, reject) => {
		const late = setTimeout(() => reject(new Error(`the agent is not ready: ${errors}`)), READY_TIMEOUT_MS);
		child.once('exit', (code) => reject(new Error(`the agent ended with ${code}: ${errors}`)));
		createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
			log.push(line);
			if (log.length > KEPT_LINES) log.shift();
			const record: { event?: string } & Ready = JSON.parse(line);
			if (record.event !== 'ready') return;
			clearTimeout(late);
			resolve(record);
		});
	});
}
