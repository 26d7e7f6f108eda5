// The status service on port 3001: Arrow Flight actions, health and reflection on one gRPC server.

import { logVerbosity, Server, ServerCredentials, type ServiceDefinition, setLogVerbosity } from '@grpc/grpc-js';
import type { ActionContext } from './context.ts';
import { flightService } from './flight-service.ts';
import { HealthService } from './health.ts';
import { FLIGHT, HEALTH, reflectionProtocol } from './protocols.ts';
import { reflectionService } from './reflection.ts';
import { type LoadedFile, loadProtocol } from './services.ts';

export interface FlightServerOptions extends ActionContext {
	/** Where to listen: `host:port`, `[v6]:port`; port 0 = any free one. */
	readonly address: string;
	/**
	 * Lets a caller from another machine run the actions that change something, as `authorization: Bearer <token>`.
	 * Without TLS it travels unencrypted: keep it to networks that you trust. Absent: such actions are for loopback alone.
	 */
	readonly adminToken?: string;
	/** Speak TLS. Absent: plain text. */
	readonly tls?: ServerTls;
}

/** PEM texts. */
export interface ServerTls {
	/** The server's certificate, and those that lead to its signer. */
	readonly cert: Buffer;
	readonly key: Buffer;
	/** Whoever shows no certificate that one of these has signed is refused (mTLS). Absent: callers show none. */
	readonly clientCa?: Buffer | undefined;
}

export interface FlightServer {
	/** `host:port` with the port that was really bound. */
	readonly address: string;
	/** Takes no more calls, lets running ones end for up to a second, then cuts them. Idempotent. */
	close(): Promise<void>;
}

// Actions have small bodies; answers grow with the mesh, about 300 bytes a member.
export const SERVER_OPTIONS = {
	'grpc.max_receive_message_length': 64 * 1024,
	'grpc.max_send_message_length': 64 * 1024 * 1024,
	'grpc.max_concurrent_streams': 100,
	'grpc.max_connection_idle_ms': 300_000,
	'grpc.enable_channelz': 0,
};
const CLOSE_GRACE_MS = 1_000;

/** `createFlightServer` itself, without the wait. */
export async function openFlightServer(options: FlightServerOptions): Promise<FlightServer> {
	if (options.adminToken === '') throw new RangeError('adminToken: "" is empty; leave it out to have none');
	const files = [FLIGHT, HEALTH, reflectionProtocol('v1'), reflectionProtocol('v1alpha')].map(loadProtocol);
	const server = new Server(SERVER_OPTIONS);
	const closed = new AbortController();
	const health = addServices(server, files, options, closed.signal);
	const port = await bind(server, options.address, serverCredentials(options.tls));
	let closing: Promise<void> | undefined;
	return {
		address: options.address.replace(/\d+$/, String(port)),
		close: () => {
			closed.abort();
			closing ??= close(server, health);
			return closing;
		},
	};
}

function addServices(
	server: Server,
	files: readonly LoadedFile[],
	options: FlightServerOptions,
	closing: AbortSignal,
): HealthService {
	const [flight, healthFile, ...reflection] = files.map((file) => [...file.services.values()][0] as ServiceDefinition);
	const health = new HealthService(files.flatMap((file) => [...file.services.keys()]));
	const { adminToken } = options;
	server.addService(
		flight as ServiceDefinition,
		flightService(flight as ServiceDefinition, { context: options, adminToken, closing }),
	);
	server.addService(healthFile as ServiceDefinition, health.handlers);
	for (const version of reflection) server.addService(version, reflectionService(files));
	return health;
}

function serverCredentials(tls: ServerTls | undefined): ServerCredentials {
	if (!tls) return ServerCredentials.createInsecure();
	const { cert, key, clientCa } = tls;
	const pair = { cert_chain: cert, private_key: key };
	return ServerCredentials.createSsl(clientCa ?? null, [pair], clientCa !== undefined);
}

function bind(server: Server, address: string, as: ServerCredentials): Promise<number> {
	// A failed bind is told by the rejection; grpc-js would print it as well.
	if (process.env.GRPC_VERBOSITY === undefined) setLogVerbosity(logVerbosity.NONE);
	return new Promise((resolve, reject) => {
		server.bindAsync(address, as, (cause, port) => {
			if (cause) reject(listenError(address, cause));
			else resolve(port);
		});
	});
}

/** grpc-js folds the system's error into a text: the code is taken out again, so that callers can switch on it. */
function listenError(address: string, cause: Error): Error {
	const error = new Error(`cannot listen on ${address}: ${cause.message}`, { cause });
	const code = /\bE[A-Z]{3,}\b/.exec(cause.message)?.[0];
	return code === undefined ? error : Object.assign(error, { code });
}

async function close(server: Server, health: HealthService): Promise<void> {
	health.close();
	let timer: NodeJS.Timeout | undefined;
	const cut = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, CLOSE_GRACE_MS);
	});
	const ended = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
	await Promise.race([ended, cut]);
	clearTimeout(timer);
	server.forceShutdown();
}
