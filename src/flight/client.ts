// The client of the status service, for the CLI: one action, one JSON answer.

import { type CallOptions, Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { FlightError, fromServiceError } from './error.ts';
import { decodeResult, encodeAction } from './messages.ts';

export interface CallActionOptions {
	/** For the whole call, connecting included. */
	readonly timeoutMs: number;
	/** Admin token, for actions that change something on another machine. */
	readonly token?: string;
}

const DO_ACTION = '/arrow.flight.protocol.FlightService/DoAction';

// An agent is a neighbour: no HTTP proxy, and no service configuration out of DNS TXT records.
const CLIENT_OPTIONS = {
	'grpc.enable_http_proxy': 0,
	'grpc.service_config_disable_resolution': 1,
	'grpc.max_receive_message_length': 64 * 1024 * 1024,
	'grpc.enable_channelz': 0,
};

/**
 * Runs one action on the agent at `address` (`host:port`) and returns its parsed answer.
 * @throws {FlightError} see there for the codes.
 */
export async function callAction(
	address: string,
	type: string,
	body: object | undefined,
	options: CallActionOptions,
): Promise<unknown> {
	const client = new Client(address, credentials.createInsecure(), CLIENT_OPTIONS);
	try {
		const results = await doAction(client, encodeAction(type, body ? JSON.stringify(body) : ''), options);
		return parseAnswer(type, results);
	} finally {
		client.close();
	}
}

function doAction(client: Client, action: Buffer, { timeoutMs, token }: CallActionOptions): Promise<Uint8Array[]> {
	const metadata = new Metadata();
	if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
	const callOptions: CallOptions = { deadline: Date.now() + timeoutMs };
	return new Promise((resolve, reject) => {
		const results: Uint8Array[] = [];
		client
			.makeServerStreamRequest(DO_ACTION, identity, decodeResult, action, metadata, callOptions)
			.on('data', (result: Uint8Array) => results.push(result))
			.on('error', (error: ServiceError) => reject(fromServiceError(error)))
			.on('end', () => resolve(results));
	});
}

function identity(bytes: Buffer): Buffer {
	return bytes;
}

function parseAnswer(type: string, results: readonly Uint8Array[]): unknown {
	const [result] = results;
	if (results.length !== 1 || result === undefined) {
		throw badAnswer(`${type}: ${results.length} results where one was expected`);
	}
	try {
		return JSON.parse(new TextDecoder().decode(result));
	} catch (cause) {
		throw badAnswer(`${type}: the answer is not JSON; is this an agent's address?`, cause);
	}
}

function badAnswer(message: string, cause?: unknown): FlightError {
	return new FlightError('INTERNAL', message, { cause });
}
