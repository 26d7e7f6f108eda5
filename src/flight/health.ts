// The standard gRPC health service: SERVING for as long as the server is open.

import {
	type ServerUnaryCall,
	type ServerWritableStream,
	type sendUnaryData,
	status,
	type UntypedServiceImplementation,
} from '@grpc/grpc-js';

interface Request {
	readonly service: string;
}
interface Response {
	readonly status: 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';
}
type WatchCall = ServerWritableStream<Request, Response>;

const MAX_WATCHERS = 64;

/** Answers for the services named, and for `''`, which stands for the server as a whole. */
export class HealthService {
	readonly #services: ReadonlySet<string>;
	readonly #watchers = new Set<WatchCall>();

	constructor(services: Iterable<string>) {
		this.#services = new Set(['', ...services]);
	}

	get handlers(): UntypedServiceImplementation {
		return {
			Check: (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>): void => {
				const { service } = call.request;
				if (this.#services.has(service)) done(null, { status: 'SERVING' });
				else done({ code: status.NOT_FOUND, details: `no service ${JSON.stringify(service.slice(0, 60))}` });
			},
			Watch: (call: WatchCall): void => this.#watch(call),
		};
	}

	/** Tells all watchers that it is over, and ends their calls. */
	close(): void {
		for (const call of this.#watchers) {
			call.write({ status: 'NOT_SERVING' });
			call.end();
		}
		this.#watchers.clear();
	}

	#watch(call: WatchCall): void {
		if (this.#watchers.size >= MAX_WATCHERS) {
			call.emit('error', { code: status.RESOURCE_EXHAUSTED, details: `at most ${MAX_WATCHERS} watchers` });
			return;
		}
		this.#watchers.add(call);
		call.on('cancelled', () => this.#watchers.delete(call));
		call.write({ status: this.#services.has(call.request.service) ? 'SERVING' : 'SERVICE_UNKNOWN' });
	}
}
