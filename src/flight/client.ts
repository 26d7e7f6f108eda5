// The client of the status service, for the CLI: an action and its JSON answer, or the answers of one that streams.

import {
	type CallOptions,
	Client,
	type ClientReadableStream,
	credentials,
	Metadata,
	type ServiceError,
} from '@grpc/grpc-js';
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
	const stream = request(client, action, token, { deadline: Date.now() + timeoutMs });
	return new Promise((resolve, reject) => {
		const results: Uint8Array[] = [];
		stream
			.on('data', (result: Uint8Array) => results.push(result))
			.on('error', (error: ServiceError) => reject(fromServiceError(error)))
			.on('end', () => resolve(results));
	});
}

/**
 * The answers of an action that streams, until it ends, `signal` aborts or the reader stops.
 * @throws {FlightError} as `callAction`; `timeoutMs` is for the first answer.
 */
export async function* followAction(
	address: string,
	type: string,
	body: object | undefined,
	options: CallActionOptions & { readonly signal?: AbortSignal },
): AsyncGenerator<unknown> {
	const { timeoutMs, token, signal } = options;
	const client = new Client(address, credentials.createInsecure(), CLIENT_OPTIONS);
	const stream = request(client, encodeAction(type, body ? JSON.stringify(body) : ''), token, {});
	// Cancelling ends in an error too, which nobody may be waiting for any more.
	stream.on('error', () => undefined);
	let late = false;
	const timer = setTimeout(() => {
		late = true;
		stream.cancel();
	}, timeoutMs);
	const cancel = (): void => stream.cancel();
	signal?.addEventListener('abort', cancel);
	try {
		if (signal?.aborted) return;
		for await (const result of stream) {
			clearTimeout(timer);
			yield parseAnswer(type, [result as Uint8Array]);
		}
	} catch (error) {
		if (signal?.aborted) return;
		throw late
			? tooLate(timeoutMs, error)
			: error instanceof FlightError
				? error
				: fromServiceError(error as ServiceError);
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener('abort', cancel);
		stream.cancel();
		client.close();
	}
}

function tooLate(timeoutMs: number, cause: unknown): FlightError {
	return new FlightError('DEADLINE_EXCEEDED', `no answer within ${timeoutMs} ms`, { cause });
}

function request(
	client: Client,
	action: Buffer,
	token: string | undefined,
	options: CallOptions,
): ClientReadableStream<Uint8Array> {
	const metadata = new Metadata();
	if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
	return client.makeServerStreamRequest(DO_ACTION, identity, decodeResult, action, metadata, options);
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
