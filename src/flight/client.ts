// The client of the status service, for the CLI: one action, one JSON answer or a stream of them.

import { FlightError } from './error.ts';
import { type ClientTls, type GrpcCallOptions, GrpcConnection } from './grpc-call.ts';
import { decodeResult, encodeAction } from './messages.ts';

export interface CallActionOptions {
	/** For the whole call, connecting included. */
	readonly timeoutMs: number;
	/** Admin token, for actions that change something on another machine. */
	readonly token?: string;
}

/** For a call over a connection of its own. */
interface Secured {
	/** Absent: plain text. */
	readonly tls?: ClientTls | undefined;
}

export interface FollowOptions extends CallActionOptions {
	readonly signal?: AbortSignal;
}

const DO_ACTION = '/arrow.flight.protocol.FlightService/DoAction';

/** Asks one agent, over one connection; no connection keeps the process alive while nothing is asked. */
export class FlightClient {
	readonly #connection: GrpcConnection;

	/** `address`: `host:port`; without `tls` in plain text. */
	constructor(address: string, tls?: ClientTls) {
		this.#connection = new GrpcConnection(address, tls);
	}

	/**
	 * Runs one action and returns its parsed answer.
	 * @throws {FlightError} see there for the codes.
	 */
	async call(type: string, body: object | undefined, options: CallActionOptions): Promise<unknown> {
		const answers: unknown[] = [];
		for await (const answer of this.#answers(type, body, options)) answers.push(answer);
		if (answers.length === 1) return answers[0];
		throw badAnswer(`${type}: ${answers.length} results where one was expected`);
	}

	/**
	 * The answers of an action that streams, until it ends, `signal` aborts or the reader stops; an agent that falls silent
	 * is found out within ten seconds.
	 * @throws {FlightError} as `call`; `timeoutMs` is for the first answer.
	 */
	follow(type: string, body: object | undefined, options: FollowOptions): AsyncGenerator<unknown, void, undefined> {
		return this.#answers(type, body, { ...options, goesOn: true });
	}

	close(): void {
		this.#connection.close();
	}

	async *#answers(
		type: string,
		body: object | undefined,
		options: GrpcCallOptions,
	): AsyncGenerator<unknown, void, undefined> {
		const action = encodeAction(type, body ? JSON.stringify(body) : '');
		for await (const message of this.#connection.call(DO_ACTION, action, options)) yield parsed(type, message);
	}
}

/**
 * Runs one action on the agent at `address` (`host:port`) and returns its parsed answer.
 * @throws {FlightError} see there for the codes.
 */
export async function callAction(
	address: string,
	type: string,
	body: object | undefined,
	options: CallActionOptions & Secured,
): Promise<unknown> {
	const client = new FlightClient(address, options.tls);
	try {
		return await client.call(type, body, options);
	} finally {
		client.close();
	}
}

/** The answers of an action that streams, over a connection of its own: see `FlightClient.follow`. */
export async function* followAction(
	address: string,
	type: string,
	body: object | undefined,
	options: FollowOptions & Secured,
): AsyncGenerator<unknown, void, undefined> {
	const client = new FlightClient(address, options.tls);
	try {
		yield* client.follow(type, body, options);
	} finally {
		client.close();
	}
}

function parsed(type: string, message: Buffer): unknown {
	try {
		return JSON.parse(new TextDecoder().decode(decodeResult(message)));
	} catch (cause) {
		throw badAnswer(`${type}: the answer is not JSON; is this an agent's address?`, cause);
	}
}

function badAnswer(message: string, cause?: unknown): FlightError {
	return new FlightError('INTERNAL', message, { cause });
}
