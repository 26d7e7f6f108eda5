// The FlightService: actions are answered, data calls are refused with a sentence.

import { once } from 'node:events';
import {
	type ServerUnaryCall,
	type ServerWritableStream,
	type ServiceDefinition,
	type sendUnaryData,
	status,
	type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ACTIONS, findAction, runAction } from './actions.ts';
import { authorize } from './authority.ts';
import { parseBody } from './body.ts';
import type { ActionContext } from './context.ts';
import { FlightError, toStatus } from './error.ts';

type DoActionCall = ServerWritableStream<{ type: string; body: Buffer }, { body: Buffer }>;
type ListActionsCall = ServerWritableStream<object, { type: string; description: string }>;

/** Calls of actions that stream, at one time. */
export const MAX_VIEWERS = 16;

export interface FlightServiceOptions {
	readonly context: ActionContext;
	readonly adminToken: string | undefined;
	/** Aborts when the server closes: actions that stream end then. */
	readonly closing: AbortSignal;
}

export function flightService(
	definition: ServiceDefinition,
	options: FlightServiceOptions,
): UntypedServiceImplementation {
	const viewers = new Set<AbortController>();
	options.closing.addEventListener('abort', () => {
		for (const viewer of viewers) viewer.abort();
	});
	return {
		...refusals(definition),
		DoAction: (call: DoActionCall): void => {
			const gone = new AbortController();
			call.on('cancelled', () => gone.abort());
			answer(call, gone, viewers, options)
				.catch((error: unknown) => call.emit('error', toStatus(error)))
				.finally(() => viewers.delete(gone));
		},
		ListActions: (call: ListActionsCall): void => {
			for (const { type, description } of ACTIONS) call.write({ type, description });
			call.end();
		},
	};
}

async function answer(
	call: DoActionCall,
	gone: AbortController,
	viewers: Set<AbortController>,
	{ context, adminToken }: FlightServiceOptions,
): Promise<void> {
	const action = findAction(call.request.type);
	const body = parseBody(call.request.body, action.keys);
	const mutating = typeof action.mutating === 'function' ? action.mutating(body) : action.mutating;
	if (mutating) authorize(action.type, { peer: call.getPeer(), metadata: call.metadata }, adminToken);
	if ('stream' in action) admit(gone, viewers);
	for await (const result of runAction(action, context, body, gone.signal)) {
		if (call.cancelled) return;
		// A viewer that does not read is waited for: what it misses meanwhile is not held for it.
		if (!call.write({ body: Buffer.from(JSON.stringify(result)) })) await drained(call, gone.signal);
	}
	if (!call.cancelled) call.end();
}

function admit(viewer: AbortController, viewers: Set<AbortController>): void {
	if (viewers.size >= MAX_VIEWERS) {
		throw new FlightError(
			'RESOURCE_EXHAUSTED',
			`${MAX_VIEWERS} viewers follow this node already, which is the most it serves`,
		);
	}
	viewers.add(viewer);
}

/** Until the call can take more; no longer than until it is over. */
async function drained(call: DoActionCall, gone: AbortSignal): Promise<void> {
	try {
		await once(call, 'drain', { signal: gone });
	} catch (error) {
		if (!gone.aborted) throw error;
	}
}

/** Flight is also a protocol for data, of which a mesh has none; a client that comes for it is told where it stands. */
function refusals(definition: ServiceDefinition): UntypedServiceImplementation {
	const handlers: UntypedServiceImplementation = {};
	for (const [method, { responseStream }] of Object.entries(definition)) {
		const refusal = {
			code: status.UNIMPLEMENTED,
			details: `${method}: this server tells of a mesh and holds no data; it answers DoAction and ListActions`,
		};
		handlers[method] = responseStream
			? (call: ServerWritableStream<unknown, unknown>): void => void call.emit('error', refusal)
			: (_call: ServerUnaryCall<unknown, unknown>, done: sendUnaryData<unknown>): void => done(refusal);
	}
	return handlers;
}
