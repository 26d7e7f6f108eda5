// An HTTP service that answers for the keys it owns and passes the others on to their owner: one hop at most.
//
//   npm run example -- http-service                         three of them in this process; one dies; all requests are answered
//   npm run example -- http-service api-1                   one of them; it prints where it serves and gossips
//   npm run example -- http-service api-2 127.0.0.1:40001   another one, which joins there; Ctrl-C says goodbye

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createMesh, type Mesh } from 'longbow-mesh';

/** The owner, and the next in line, who answers while the owner is gone and the others do not know it yet. */
const IN_LINE = 2;
const HOP_MS = 500;

interface Service {
	readonly mesh: Mesh;
	readonly url: string;
	stop(): Promise<void>;
}

async function startService(name: string, seeds: readonly string[]): Promise<Service> {
	const server = createServer();
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	// Tags travel with the membership: whoever knows this member knows where it serves.
	const tags = { http: `127.0.0.1:${port}` };
	// On a real host leave out `bindHost`, and give a fixed `port`, or none for 7946.
	const mesh = await createMesh({ name, seeds, tags, bindHost: '127.0.0.1', port: 0 });
	server.on('request', (request, response) => {
		handle(mesh, request, response).catch((error: Error) => response.destroy(error));
	});
	const stop = async (): Promise<void> => {
		server.close();
		server.closeAllConnections();
		await mesh.close();
	};
	return { mesh, url: `http://${tags.http}`, stop };
}

async function handle(mesh: Mesh, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const key = decodeURIComponent((request.url ?? '/').slice(1));
	const line = mesh.ring.owners(key, IN_LINE);
	const theirs = request.headers['x-ring'];
	if (theirs !== undefined) {
		// What was passed on is never passed on again. Equal fingerprints mean equal rings, so the sender is right about us.
		// Otherwise one of the two has news that the other lacks, and our own ring must say that the key is ours.
		const isOurs = theirs === mesh.ring.fingerprint || line.includes(mesh.name);
		if (isOurs) answer(mesh, key, 1, response);
		else response.writeHead(421).end();
		return;
	}
	for (const member of line) {
		if (member === mesh.name) {
			answer(mesh, key, 0, response);
			return;
		}
		const body = await passOn(mesh, member, key);
		if (body !== undefined) {
			response.setHeader('content-type', 'application/json').end(body);
			return;
		}
	}
	// Owner and deputy are both gone: within seconds the ring knows it too.
	response.writeHead(503, { 'retry-after': '1' }).end();
}

/** The work of the service would be here. */
function answer(mesh: Mesh, key: string, hops: number, response: ServerResponse): void {
	const body = { key, by: mesh.name, hops, ring: mesh.ring.fingerprint };
	response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
}

/** Undefined when the member does not answer, or does not think that the key is its own. */
async function passOn(mesh: Mesh, member: string, key: string): Promise<string | undefined> {
	const host = mesh.member(member)?.tags.http;
	if (host === undefined) return undefined;
	try {
		const headers = { 'x-ring': mesh.ring.fingerprint };
		const url = `http://${host}/${encodeURIComponent(key)}`;
		const reply = await fetch(url, { headers, signal: AbortSignal.timeout(HOP_MS) });
		return reply.ok ? await reply.text() : undefined;
	} catch {
		return undefined; // refused, reset or too late: the next in line is asked
	}
}

async function serve(name: string, seeds: readonly string[]): Promise<void> {
	const { mesh, url, stop } = await startService(name, seeds);
	console.log(JSON.stringify({ name, url, gossip: `${mesh.address.host}:${mesh.address.port}` }));
	await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
	await mesh.leave(); // the others pass nothing on to us from here on
	await stop();
}

async function demonstrate(): Promise<void> {
	const first = await startService('api-1', []);
	const seeds = [`127.0.0.1:${first.mesh.address.port}`];
	const services = [first, await startService('api-2', seeds), await startService('api-3', seeds)];
	while (services.some(({ mesh }) => mesh.ring.size < services.length)) await wait(20);
	const hops = [0, 0];
	const ask = async (through: Service): Promise<void> => {
		for (let i = 0; i < 300; i++) {
			const reply = await fetch(`${through.url}/user:${i}`);
			const { hops: took } = (await reply.json()) as { hops: number };
			hops[took] = (hops[took] ?? 0) + 1;
		}
	};
	await ask(first);
	await services[2]?.stop(); // without a goodbye: the others still hold it an owner
	await ask(first);
	console.log(`600 requests through api-1: ${hops[0]} answered there, ${hops[1]} with one hop, though api-3 died`);
	await Promise.all(services.map(({ stop }) => stop()));
}

const [name, ...seeds] = process.argv.slice(2);
await (name === undefined ? demonstrate() : serve(name, seeds));
