// The daemon's composition root: configuration → mesh → status API, metrics and health.

import { type AgentConfig, formatHostPort, type HostPort } from '../config/index.ts';
import { createFlightServer, type LeaveAnswer } from '../flight/index.ts';
import { createHttpServer } from '../http/index.ts';
import { createMesh, type Mesh, type MeshOptions } from '../mesh/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { defaultAdvertiseHost, isWildcard } from '../net/index.ts';
import type { ProcessFacts } from '../status/index.ts';
import { deferred } from './deferred.ts';
import { followDiscovery } from './discovery-log.ts';
import { Doctor } from './doctor/doctor.ts';
import { answerKeys } from './key-requests.ts';
import { followKeys, initialKeys } from './keys.ts';
import type { Log } from './log.ts';
import { recordOf } from './log-record.ts';
import { type LoopWatch, watchLoopDelay } from './loop-delay.ts';
import { namedProviders } from './providers.ts';
import { followReadiness } from './readiness.ts';
import { ringDifferences } from './ring-diff.ts';
import { silentTransport } from './silent-transport.ts';
import { type Door, startError } from './start-error.ts';
import { peerTls, serverTls } from './tls.ts';
import { followUnreadable } from './unreadable.ts';
import { DASHBOARD, VERSION } from './version.ts';

export interface Agent {
	readonly mesh: Mesh;
	/** `host:port` that was really bound. */
	readonly statusAddr: string;
	readonly metricsAddr: string;
	/** Resolves when somebody let the node leave through the status API. */
	readonly left: Promise<LeaveAnswer>;
	/** Says goodbye to the mesh, then closes every door. */
	leave(): Promise<LeaveAnswer>;
	/** Closes every door without a goodbye. Idempotent. */
	close(): Promise<void>;
}

/**
 * Opens gossip, then the status API, then HTTP. When one of them fails, those before it are closed again.
 * `adminToken` lets callers from other machines change something.
 * @throws {CliError} when a port is taken or an address cannot be had.
 */
export async function startAgent(config: AgentConfig, log: Log, adminToken?: string): Promise<Agent> {
	const closers: (() => Promise<void>)[] = [];
	const close = async (): Promise<void> => {
		for (const closer of closers.splice(0).reverse()) await closer();
	};
	try {
		const keys = await initialKeys(config.gossip);
		const options = { ...meshOptions(config, log), keys, ...(await surroundings(config.gossip)) };
		const mesh = await opened(gossipDoor(config), () => createMesh(options));
		closers.push(() => mesh.close());
		closers.push(follow(mesh, config.gossip, log));
		const ready = followReadiness(mesh);
		const [tls, toPeers] = await Promise.all([serverTls(config), peerTls(config)]);
		const doctor = new Doctor({ mesh, config, env: process.env, tls: toPeers });
		const loop = watchLoopDelay();
		closers.push(async () => loop.stop());
		const facts = processFacts(mesh, loop, config.gossip.label ?? null);
		const departure = deferred<LeaveAnswer>();
		const flight = await opened(tcpDoor(config.metaAddr, 'LONGBOW_META_ADDR'), () =>
			createFlightServer({
				source: mesh.status,
				discovery: () => mesh.discovery,
				facts,
				commands: {
					join: (peers) => mesh.join(peers),
					leave: () => leaveFor(mesh, departure.resolve),
					keys: (request) => answerKeys(mesh, request),
					remove: (member) => mesh.remove(member),
					setTags: (tags) => mesh.setTags(tags),
					compareRings: () => ringDifferences(mesh.status, toPeers),
					examine: (request) => doctor.examine(request),
				},
				address: formatHostPort(config.metaAddr),
				...(adminToken === undefined ? {} : { adminToken }),
				...(tls && { tls }),
			}),
		);
		closers.push(() => flight.close());
		const metrics = createMetrics(mesh.status, { discovery: () => mesh.discovery, loop: loop.look });
		const http = await opened(tcpDoor(config.metricsAddr, 'LONGBOW_METRICS_ADDR'), () =>
			createHttpServer({
				source: mesh.status,
				metrics,
				discovery: () => mesh.discovery,
				ready: () => ready.readiness,
				facts,
				examine: (request) => doctor.examine(request),
				dashboard: DASHBOARD,
				address: formatHostPort(config.metricsAddr),
			}),
		);
		closers.push(() => http.close());
		// First of all, so that whoever asks while the doors are closed hears it.
		closers.push(async () => ready.stop());
		const leave = async (): Promise<LeaveAnswer> => {
			const answer = await mesh.leave();
			await close();
			return answer;
		};
		return { mesh, statusAddr: flight.address, metricsAddr: http.address, left: departure.promise, leave, close };
	} catch (error) {
		await close();
		throw error;
	}
}

function processFacts({ keyring }: Mesh, loop: LoopWatch, label: string | null): () => Omit<ProcessFacts, 'discovery'> {
	const { node } = process.versions;
	return () => ({ version: VERSION, node, loop: loop.peek(), keys: keyring?.keys.length ?? 0, label });
}

async function opened<T>(door: Door, open: () => Promise<T>): Promise<T> {
	try {
		return await open();
	} catch (error) {
		throw startError(error, door);
	}
}

function gossipDoor({ gossip }: AgentConfig): Door {
	const { bindAddr: host, port } = gossip;
	const [otherPort, anyAddress] = [`LONGBOW_GOSSIP_PORT=${port + 1}`, 'LONGBOW_GOSSIP_BIND_ADDR=0.0.0.0'];
	return { protocol: 'udp', host, port, otherPort, anyAddress };
}

function tcpDoor({ host, port }: HostPort, variable: string): Door {
	const otherPort = `${variable}=${formatHostPort({ host, port: port + 1 })}`;
	return { protocol: 'tcp', host, port, otherPort, anyAddress: `${variable}=0.0.0.0:${port}` };
}

/** Agents agree on it: the number of a beacon is that of its interval (X17). */
const BEACON_INTERVAL_MS = 60_000;

function meshOptions(config: AgentConfig, log: Log): MeshOptions {
	const { gossip, journal } = config;
	const { advertiseAddr, label } = gossip;
	return {
		name: config.nodeId,
		bindHost: gossip.bindAddr,
		port: gossip.port,
		protocolPeriodMs: gossip.protocolPeriod,
		ackTimeoutMs: gossip.ackTimeout,
		suspicionTimeoutMs: gossip.suspicionTimeout,
		indirectProbes: gossip.indirectProbes,
		packetBytes: gossip.packetBytes,
		beaconIntervalMs: BEACON_INTERVAL_MS,
		streams: gossip.streams,
		compat: gossip.compat,
		tags: gossip.tags,
		weight: gossip.weight,
		verifyIncoming: gossip.verifyIncoming,
		verifyOutgoing: gossip.verifyOutgoing,
		allowCidrs: gossip.allowCidrs,
		allowNames: gossip.allowNames,
		grpcAddress: formatHostPort(config.listenAddr),
		metaAddress: formatHostPort(config.metaAddr),
		...(advertiseAddr === undefined ? {} : { advertise: advertiseAddr }),
		...(label === undefined ? {} : { label }),
		...(journal === undefined ? {} : { journal: journalOptions(journal, config.journalBytes, log) }),
	};
}

/** Where the first peers are; of a mesh of one, that there is nobody. */
async function surroundings(gossip: AgentConfig['gossip']): Promise<MeshOptions> {
	if (gossip.enabled) return { seeds: gossip.discovery.staticPeers, discovery: namedProviders(gossip) };
	return { transport: silentTransport(await aloneAddress(gossip)) };
}

function journalOptions(path: string, maxBytes: number, log: Log): NonNullable<MeshOptions['journal']> {
	const write = (level: 'info' | 'warn', reason: string): void =>
		log.write({ level, event: 'journal', component: 'journal', reason });
	write('info', `records to ${path}, at most ${maxBytes.toLocaleString('en-US')} bytes`);
	return { path, maxBytes, onStopped: (reason) => write('warn', `${path} ends here, ${reason}`) };
}

async function aloneAddress({ bindAddr, port }: AgentConfig['gossip']): Promise<{ host: string; port: number }> {
	return { host: isWildcard(bindAddr) ? ((await defaultAdvertiseHost(bindAddr)) ?? '127.0.0.1') : bindAddr, port };
}

function follow(mesh: Mesh, { bindAddr, keysFile }: AgentConfig['gossip'], log: Log): () => Promise<void> {
	const { status } = mesh;
	const unsubscribe = status.onEvent((event) => {
		const record = recordOf(event, mesh.name, status.config.ackTimeoutMs);
		if (record) log.write(record, status.wallMs(event.at));
	});
	const others = [
		followDiscovery(mesh, bindAddr, log),
		followKeys(mesh, keysFile, log),
		followUnreadable(mesh, keysFile, log),
	];
	return async () => {
		unsubscribe();
		for (const stop of others) stop();
	};
}

async function leaveFor(mesh: Mesh, told: (answer: LeaveAnswer) => void): Promise<LeaveAnswer> {
	const answer = await mesh.leave();
	told(answer);
	return answer;
}
