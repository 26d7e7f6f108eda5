// The HTTP service on port 9090: listens, limits what a client may send, closes gracefully.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { formatAddress } from '../swim/index.ts';
import { createApp, type HttpViews } from './app.ts';
import type { LiveWork } from './live.ts';

export interface HttpServerOptions extends HttpViews {
	/** Where to listen: `host:port`, `[v6]:port`; port 0 = any free one. */
	readonly address: string;
}

export interface HttpServer {
	/** `host:port` as it was really bound. */
	readonly address: string;
	/** What the live stream has cost, and how many read it now. */
	readonly live: LiveWork & { readonly viewers: number };
	/** Ends the streams of viewers, takes no more connections, lets running requests end for up to a second, then cuts them. Idempotent. */
	close(): Promise<void>;
}

export const SERVER_OPTIONS = {
	maxHeaderSize: 8 * 1024,
	headersTimeout: 5_000,
	requestTimeout: 10_000,
	keepAliveTimeout: 5_000,
	connectionsCheckingInterval: 1_000,
};
export const MAX_CONNECTIONS = 256;
const CLOSE_GRACE_MS = 1_000;

/**
 * Listens and serves.
 * @throws {RangeError} for an address that is not `host:port`. @throws {Error} of the system, with its `code`
 * (`EADDRINUSE`, `EACCES`, …), when the address cannot be bound.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
	const { host, port } = parseListenAddress(options.address);
	const { hono, live } = createApp(options);
	const server = createAdaptorServer({
		fetch: hono.fetch,
		overrideGlobalObjects: false,
		serverOptions: SERVER_OPTIONS,
	}) as Server;
	server.maxConnections = MAX_CONNECTIONS;
	await listen(server, host, port);
	const bound = server.address() as AddressInfo;
	let closing: Promise<void> | undefined;
	return {
		address: formatAddress({ host: bound.address, port: bound.port }),
		get live() {
			return { ...live.work, viewers: live.viewers };
		},
		close: () => {
			live.close();
			closing ??= close(server);
			return closing;
		},
	};
}

function parseListenAddress(address: string): { host: string; port: number } {
	const [, v6, name, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address) ?? [];
	const host = v6 ?? name;
	const port = Number(digits);
	if (host === undefined || !(port <= 65_535)) throw new RangeError(`address: "${address}" is not host:port`);
	return { host, port };
}

function listen(server: Server, host: string, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			server.off('error', reject);
			resolve();
		});
	});
}

async function close(server: Server): Promise<void> {
	const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
	await new Promise<void>((resolve) => {
		server.close(() => resolve());
		server.closeIdleConnections();
	});
	clearTimeout(cut);
}
