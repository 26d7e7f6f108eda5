// Asking an agent: where it is, how long to wait, and what its silence means to the user.

import { duration, formatDuration, formatHostPort, hostPort, type Kind, readValue } from '../../config/index.ts';
import type { ClientTls, FlightClient, FlightError } from '../../flight/index.ts';
import type { MemberObject, RingObject } from '../../status/index.ts';
import type { Invocation } from './command.ts';
import { CliError } from './errors.ts';
import { readToken } from './token.ts';

const DEFAULT_ADDR = 'localhost:3001';
export const DEFAULT_TIMEOUT_MS = 5_000;

export interface AgentClient {
	/** `host:port` of the agent that is asked. */
	readonly addr: string;
	/** How it is spoken to; `undefined` in plain text. */
	readonly tls: ClientTls | undefined;
	/** @throws {CliError} in the words of the user. */
	call<T>(action: string, body?: object): Promise<T>;
	/** The answers of an action that streams, until the signal aborts. @throws {CliError} in the words of the user. */
	follow<T>(action: string, body: object, signal: AbortSignal): AsyncIterable<T>;
	identity(): Promise<MemberObject>;
	members(): Promise<MemberObject[]>;
	ring(
		request?: { readonly key: string; readonly count: number } | { readonly member: string } | { readonly diff: true },
	): Promise<RingObject>;
}

/**
 * The agent that `--addr` or LONGBOW_ADDR names.
 * @throws {ConfigError} when a flag or the variable cannot be read.
 */
export async function agentClient(invocation: Invocation): Promise<AgentClient> {
	const addr = addrOf(invocation);
	const timeoutMs = flagValue(invocation, 'timeout', duration(1, 3_600_000)) ?? DEFAULT_TIMEOUT_MS;
	const [token, tls] = await Promise.all([tokenOf(invocation), tlsOf(invocation)]);
	const options = { timeoutMs, ...(token === undefined ? {} : { token }) };
	let client: FlightClient | undefined;
	const connected = async (): Promise<FlightClient> => {
		// HTTP/2 takes a while to load: only who calls pays for it.
		const { FlightClient: Client } = await import('../../flight/index.ts');
		client ??= new Client(addr, tls);
		return client;
	};
	const explained = (error: unknown): unknown =>
		isFlightError(error) ? callFailure(error, addr, timeoutMs, invocation.name) : error;
	const call = async <T>(action: string, body?: object): Promise<T> => {
		try {
			return (await (await connected()).call(action, body, options)) as T;
		} catch (error) {
			throw explained(error);
		}
	};
	async function* follow<T>(action: string, body: object, signal: AbortSignal): AsyncGenerator<T> {
		try {
			for await (const answer of (await connected()).follow(action, body, { ...options, signal })) yield answer as T;
		} catch (error) {
			throw explained(error);
		}
	}
	return {
		addr,
		tls,
		call,
		follow,
		identity: () => call('MeshIdentity'),
		members: () => call('MeshStatus'),
		ring: (request) => call('MeshRing', request),
	};
}

/** The value of a flag; `undefined` when it is absent. @throws {ConfigError} naming what is allowed. */
export function flagValue<V>({ options }: Invocation, name: string, kind: Kind<V>): V | undefined {
	const text = options[name];
	return typeof text === 'string' ? readValue(`--${name}`, text, kind) : undefined;
}

function addrOf({ options, env }: Invocation): string {
	const [label, text] =
		typeof options.addr === 'string' ? ['--addr', options.addr] : ['LONGBOW_ADDR', env.LONGBOW_ADDR];
	return text ? formatHostPort(readValue(label, text, hostPort())) : DEFAULT_ADDR;
}

/** The admin token, when a flag names its file. */
export async function tokenOf({ options }: Invocation): Promise<string | undefined> {
	return typeof options.tokenFile === 'string' ? readToken('--token-file', options.tokenFile) : undefined;
}

async function tlsOf({ options, env }: Invocation): Promise<ClientTls | undefined> {
	const given = (flag: string, option: string, variable: string): { label: string; path: string } | undefined => {
		const value = options[option];
		if (typeof value === 'string') return { label: flag, path: value };
		return env[variable] ? { label: variable, path: env[variable] } : undefined;
	};
	const files = {
		ca: given('--tls-ca', 'tlsCa', 'LONGBOW_META_TLS_CA'),
		cert: given('--tls-cert', 'tlsCert', 'LONGBOW_META_TLS_CERT'),
		key: given('--tls-key', 'tlsKey', 'LONGBOW_META_TLS_KEY'),
		serverName: given('--tls-server-name', 'tlsServerName', 'LONGBOW_META_TLS_SERVER_NAME')?.path,
	};
	if (Object.values(files).every((file) => file === undefined)) return undefined;
	const { clientTls } = await import('../tls.ts');
	return clientTls(files);
}

/** By its name: its class is loaded with the connection. */
function isFlightError(error: unknown): error is FlightError {
	return error instanceof Error && error.name === 'FlightError';
}

function callFailure(error: FlightError, addr: string, timeoutMs: number, command: string): CliError {
	switch (error.code) {
		case 'UNAVAILABLE':
			if (error.message.includes('Protocol error')) return otherDoor(error, addr, command);
			return new CliError(`no agent answers at ${addr}`, {
				code: 'NO_AGENT',
				cause: error,
				why: unavailable(error.message),
				hints: [
					'longbow-mesh agent        start one',
					`longbow-mesh ${command} --addr <host>:3001, or set LONGBOW_ADDR`,
					`kubectl exec longbow-0 -- longbow-mesh ${command}`,
				],
			});
		case 'DEADLINE_EXCEEDED':
			return new CliError(`the agent at ${addr} did not answer within ${formatDuration(timeoutMs)}`, {
				code: 'TIMEOUT',
				cause: error,
				why: 'It is busy or stopped, or something else listens there.',
				hints: [`longbow-mesh ${command} --timeout 30s`],
			});
		case 'PERMISSION_DENIED':
		case 'UNAUTHENTICATED':
			return new CliError(`the agent at ${addr} refuses`, {
				code: 'DENIED',
				cause: error,
				why: error.message,
				hints: [`longbow-mesh ${command} on the machine of the agent, or with --token-file`],
			});
		case 'UNIMPLEMENTED':
			return otherDoor(error, addr, command);
		case 'FAILED_PRECONDITION': {
			const [, code = error.code, why = error.message] = /^(MESH_[A-Z_]+): (.*)$/s.exec(error.message) ?? [];
			return new CliError(`the agent at ${addr} could not ${command}`, { code, cause: error, why });
		}
		default:
			return new CliError(`the agent at ${addr} could not do it`, {
				code: error.code,
				cause: error,
				why: error.message,
			});
	}
}

/** Something listens there, and it is not the status API: often another port of the same agent. */
function otherDoor(error: FlightError, addr: string, command: string): CliError {
	return new CliError(`what answers at ${addr} is not the status API of an agent`, {
		code: 'NO_AGENT',
		cause: error,
		why: `Its answer is not that of an agent (${error.message}). An agent's status API is at LONGBOW_META_ADDR, by default port 3001; 7946 is gossip, 9090 metrics.`,
		hints: [`longbow-mesh ${command} --addr <host>:3001`],
	});
}

function unavailable(message: string): string {
	if (message.includes('ECONNREFUSED')) {
		return 'The connection was refused. Either no agent runs here, or its Flight address differs.';
	}
	if (/certificate|self-signed|altname/i.test(message)) {
		return `Its certificate is not trusted: ${message}. See --tls-ca and --tls-server-name.`;
	}
	if (/ENOTFOUND|EAI_AGAIN|Name resolution/i.test(message)) return 'The host name does not resolve.';
	return `The connection failed (${message}).`;
}
