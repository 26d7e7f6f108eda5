// Who holds a port of this host, as far as the system tells this user.

import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';

export interface PortHolder {
	readonly pid: number;
	readonly command: string;
}

/** The system's code of why TCP cannot listen there (`EADDRINUSE`, `EACCES`, …); undefined where it can. */
export async function listenProblem(host: string, port: number): Promise<string | undefined> {
	const server = createServer();
	try {
		server.listen({ host, port, exclusive: true });
		await once(server, 'listening');
		return undefined;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code ?? String(error);
	} finally {
		if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
	}
}

/** Linux alone tells, and of processes of other users only root is told; else undefined. */
export async function portHolder(protocol: 'UDP' | 'TCP', port: number): Promise<PortHolder | undefined> {
	const inodes = await inodesOf(protocol, port);
	if (inodes.size === 0) return undefined;
	for (const pid of await listed('/proc')) {
		if (!/^\d+$/.test(pid)) continue;
		for (const fd of await listed(`/proc/${pid}/fd`)) {
			const inode = /^socket:\[(\d+)\]$/.exec((await link(`/proc/${pid}/fd/${fd}`)) ?? '')?.[1];
			if (inode === undefined || !inodes.has(inode)) continue;
			return { pid: Number(pid), command: (await text(`/proc/${pid}/comm`)).trim() };
		}
	}
	return undefined;
}

/** TCP sockets in state 0A listen. */
const LISTENING = '0A';

async function inodesOf(protocol: 'UDP' | 'TCP', port: number): Promise<Set<string>> {
	const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
	const tables = protocol === 'UDP' ? ['udp', 'udp6'] : ['tcp', 'tcp6'];
	const inodes = new Set<string>();
	for (const table of tables) {
		for (const line of (await text(`/proc/net/${table}`)).split('\n').slice(1)) {
			const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
			if (local?.endsWith(`:${hexPort}`) !== true || inode === undefined) continue;
			if (protocol === 'UDP' || state === LISTENING) inodes.add(inode);
		}
	}
	return inodes;
}

// What vanishes while it is read, or is not for this user, or is not there on this system, tells nothing.
async function listed(path: string): Promise<readonly string[]> {
	return readdir(path).catch(() => []);
}

async function link(path: string): Promise<string | undefined> {
	return readlink(path).catch(() => undefined);
}

async function text(path: string): Promise<string> {
	return readFile(path, 'utf8').catch(() => '');
}
