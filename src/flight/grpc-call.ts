// One gRPC call over plain HTTP/2, by hand: a client library takes as long to load as Node takes to start.

import {
	type ClientHttp2Session,
	type ClientHttp2Stream,
	connect,
	constants,
	type IncomingHttpHeaders,
} from 'node:http2';
import { FlightError, type FlightErrorCode, STATUS_NAMES } from './error.ts';

export interface GrpcCallOptions {
	/** For the whole call, connecting included; of one that goes on, until its first answer. */
	readonly timeoutMs: number;
	/** It has no end of its own. After the first answer, silence of the other side's machinery ends it. */
	readonly goesOn?: boolean;
	/** How often such a call asks whether the other side is still there, and how long it waits for a sign of life. */
	readonly keepAliveMs?: number;
	/** Sent as `authorization: Bearer …`. */
	readonly token?: string;
	/** Ends the call early: the answers stop, without an error. */
	readonly signal?: AbortSignal;
}

/** How the other side is known, and what it is shown; PEM texts. */
export interface ClientTls {
	/** Who may have signed the server's certificate. Absent: those that Node trusts. */
	readonly ca?: Buffer | undefined;
	/** What a server that asks for a certificate is shown. */
	readonly cert?: Buffer | undefined;
	readonly key?: Buffer | undefined;
	/** The name that the server's certificate is made for, where that is not the host of its address. */
	readonly serverName?: string | undefined;
}

/** Answers grow with the mesh, about 300 bytes a member. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const PREFIX_BYTES = 5;
const KEEPALIVE_MS = 5_000;

/** Calls to one server over one connection, which is made with the first call and again when it was lost. */
export class GrpcConnection {
	readonly #address: string;
	readonly #tls: ClientTls | undefined;
	#session: ClientHttp2Session | undefined;
	#calls = 0;

	/** `host:port`; without `tls` it is spoken to in plain text. */
	constructor(address: string, tls?: ClientTls) {
		this.#address = address;
		this.#tls = tls;
	}

	/**
	 * Calls the method at `path` with one message, and gives the messages of its answer as they arrive.
	 * @throws {FlightError} when the call does not end well.
	 */
	async *call(path: string, message: Uint8Array, options: GrpcCallOptions): AsyncGenerator<Buffer, void, undefined> {
		const session = this.#open();
		this.#calls++;
		session.ref();
		const call = new Call(session, path, options);
		try {
			yield* call.exchange(message);
		} finally {
			call.close();
			this.#calls--;
			// A connection that nobody waits for does not keep the process alive.
			if (this.#calls === 0 && !session.destroyed) session.unref();
		}
	}

	/** Ends the connection and the calls that run over it. */
	close(): void {
		this.#session?.destroy();
	}

	#open(): ClientHttp2Session {
		if (this.#session && !this.#session.destroyed && !this.#session.closed) return this.#session;
		this.#session = this.#tls ? secureSession(this.#address, this.#tls) : connect(`http://${this.#address}`);
		// Each call over it is told, too.
		this.#session.on('error', () => undefined);
		return this.#session;
	}
}

function secureSession(address: string, { ca, cert, key, serverName }: ClientTls): ClientHttp2Session {
	return connect(`https://${address}`, {
		...(ca && { ca }),
		...(cert && key && { cert, key }),
		...(serverName !== undefined && { servername: serverName }),
	});
}

class Call {
	readonly #session: ClientHttp2Session;
	readonly #stream: ClientHttp2Stream;
	readonly #options: GrpcCallOptions;
	readonly #onAbort = (): void => this.#cancel();
	#timer: NodeJS.Timeout | undefined;
	#keepsAlive = false;
	/** What ended the call, where that was not the server's own status. */
	#failure: FlightError | undefined;
	#status: FlightError | 'OK' | undefined;
	/** A question for a sign of life has not been answered yet. */
	#asked = false;

	constructor(session: ClientHttp2Session, path: string, options: GrpcCallOptions) {
		this.#session = session;
		this.#options = options;
		this.#stream = session.request(requestHeaders(path, options));
		this.#stream
			.on('error', (error) => this.#fail(connectionError(error)))
			.on('response', (headers) => this.#head(headers))
			.on('trailers', (trailers) => this.#end(trailers));
		this.#watch();
	}

	/** Sends the message and gives what comes back. */
	async *exchange(message: Uint8Array): AsyncGenerator<Buffer, void, undefined> {
		if (this.#options.signal?.aborted) return;
		this.#stream.end(frame(message));
		const reader = new FrameReader();
		try {
			for await (const chunk of this.#stream) {
				for (const answer of reader.take(chunk as Buffer)) {
					this.#answered();
					yield answer;
				}
			}
		} catch (error) {
			// That the stream was cut off is told here too: below stands why.
			if (error instanceof FlightError) throw error;
		}
		if (this.#options.signal?.aborted) return;
		const outcome = this.#status ?? this.#failure ?? unavailable('the connection ended before the answer did');
		if (outcome !== 'OK') throw outcome;
	}

	close(): void {
		clearInterval(this.#timer);
		this.#options.signal?.removeEventListener('abort', this.#onAbort);
		this.#cancel();
	}

	#watch(): void {
		const { timeoutMs, signal } = this.#options;
		signal?.addEventListener('abort', this.#onAbort, { once: true });
		this.#timer = setTimeout(() => this.#fail(tooLate(timeoutMs)), timeoutMs);
	}

	#answered(): void {
		const { goesOn = false, keepAliveMs = KEEPALIVE_MS } = this.#options;
		if (!goesOn || this.#keepsAlive) return;
		this.#keepsAlive = true;
		clearTimeout(this.#timer);
		this.#timer = setInterval(() => this.#keepAlive(keepAliveMs), keepAliveMs);
	}

	/** One question in flight at a time: the next turn finds it answered, or the other side gone. */
	#keepAlive(everyMs: number): void {
		if (this.#session.destroyed) return;
		if (this.#asked) {
			this.#fail(unavailable(`no sign of life for ${everyMs / 1_000}s`));
			return;
		}
		this.#asked = true;
		this.#session.ping((error) => {
			if (!error) this.#asked = false;
		});
	}

	#head(headers: IncomingHttpHeaders): void {
		const http = Number(headers[':status']);
		if (headers['grpc-status'] !== undefined) this.#end(headers);
		else if (http !== 200) this.#fail(httpError(http));
		else if (!headers['content-type']?.startsWith('application/grpc'))
			this.#fail(new FlightError('UNIMPLEMENTED', 'the answer is not that of a gRPC server'));
	}

	#end(trailers: IncomingHttpHeaders): void {
		const code = STATUS_NAMES[Number(trailers['grpc-status'])] ?? 'UNKNOWN';
		this.#status = code === 'OK' ? 'OK' : new FlightError(code, decoded(trailers['grpc-message']) || code);
	}

	#fail(error: FlightError): void {
		this.#failure ??= error;
		this.#cancel();
	}

	#cancel(): void {
		if (!this.#stream.closed) this.#stream.close(constants.NGHTTP2_CANCEL);
		this.#stream.destroy();
	}
}

function requestHeaders(path: string, { timeoutMs, goesOn, token }: GrpcCallOptions): Record<string, string> {
	return {
		':method': 'POST',
		':path': path,
		te: 'trailers',
		'content-type': 'application/grpc',
		'user-agent': 'longbow-mesh',
		...(!goesOn && { 'grpc-timeout': `${Math.ceil(timeoutMs)}m` }),
		...(token !== undefined && { authorization: `Bearer ${token}` }),
	};
}

/** gRPC's frame: not compressed, then how long, then the message. */
function frame(message: Uint8Array): Buffer {
	const prefix = Buffer.alloc(PREFIX_BYTES);
	prefix.writeUInt32BE(message.length, 1);
	return Buffer.concat([prefix, message]);
}

/** Messages out of chunks that end anywhere. */
class FrameReader {
	#chunks: Buffer[] = [];
	#held = 0;
	#wanted = PREFIX_BYTES;

	*take(chunk: Buffer): Generator<Buffer, void, undefined> {
		this.#chunks.push(chunk);
		this.#held += chunk.length;
		while (this.#held >= this.#wanted) {
			let rest = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
			const end = frameEnd(rest);
			this.#wanted = end ?? PREFIX_BYTES;
			if (end !== undefined && rest.length >= end) {
				yield rest.subarray(PREFIX_BYTES, end);
				rest = rest.subarray(end);
				this.#wanted = PREFIX_BYTES;
			}
			this.#chunks = [rest];
			this.#held = rest.length;
		}
	}
}

function frameEnd(bytes: Buffer): number | undefined {
	if (bytes.length < PREFIX_BYTES) return undefined;
	if (bytes[0] !== 0) throw new FlightError('INTERNAL', 'a compressed answer, which was not asked for');
	const length = bytes.readUInt32BE(1);
	if (length <= MAX_ANSWER_BYTES) return PREFIX_BYTES + length;
	throw new FlightError('RESOURCE_EXHAUSTED', `an answer of ${length} bytes; ${MAX_ANSWER_BYTES} are taken`);
}

function connectionError(error: NodeJS.ErrnoException): FlightError {
	// Several addresses were tried: each has its own error.
	const errors = error instanceof AggregateError ? (error.errors as Error[]) : [error];
	return unavailable(errors.map(({ message }) => message).join('; '), error);
}

/** As gRPC maps the answers of those who do not speak it. */
function httpError(status: number): FlightError {
	const codes: Readonly<Record<number, FlightErrorCode>> = {
		400: 'INTERNAL',
		401: 'UNAUTHENTICATED',
		403: 'PERMISSION_DENIED',
		404: 'UNIMPLEMENTED',
		429: 'UNAVAILABLE',
		502: 'UNAVAILABLE',
		503: 'UNAVAILABLE',
		504: 'UNAVAILABLE',
	};
	return new FlightError(codes[status] ?? 'UNKNOWN', `HTTP status ${status}, which is no answer of a gRPC server`);
}

function unavailable(message: string, cause?: Error): FlightError {
	return new FlightError('UNAVAILABLE', message, { cause });
}

function tooLate(timeoutMs: number): FlightError {
	return new FlightError('DEADLINE_EXCEEDED', `no answer within ${timeoutMs} ms`);
}

/** `grpc-message` is percent-encoded; what is not is taken as it stands. */
function decoded(text: string | string[] | undefined): string {
	const given = String(text ?? '');
	try {
		return decodeURIComponent(given);
	} catch (error) {
		if (error instanceof URIError) return given;
		throw error;
	}
}
