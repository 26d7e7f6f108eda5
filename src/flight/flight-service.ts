// The FlightService: actions are answered, data calls are refused with a sentence.

import {
	type ServerUnaryCall,
	type ServerWritableStream,
	type ServiceDefinition,
	type sendUnaryData,
	status,
	type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ACTIONS, type ActionContext, findAction, runAction } from './actions.ts';
import { authorize } from './authority.ts';
import { toStatus } from './error.ts';

type DoActionCall = ServerWritableStream<{ type: string; body: Buffer }, { body: Buffer }>;
type ListActionsCall = ServerWritableStream<object, { type: string; description: string }>;

export function flightService(
	definition: ServiceDefinition,
	context: ActionContext,
	adminToken: string | undefined,
): UntypedServiceImplementation {
	return {
		...refusals(definition),
		DoAction: (call: DoActionCall): void => {
			answer(call, context, adminToken).catch((error: unknown) => call.emit('error', toStatus(error)));
		},
		ListActions: (call: ListActionsCall): void => {
			for (const { type, description } of ACTIONS) call.write({ type, description });
			call.end();
		},
	};
}

async function answer(call: DoActionCall, context: ActionContext, adminToken: string | undefined): Promise<void> {
	const action = findAction(call.request.type);
	if (action.mutating) authorize(action.type, { peer: call.getPeer(), metadata: call.metadata }, adminToken);
	const result = await runAction(action, context, call.request.body);
	if (call.cancelled) return;
	call.write({ body: Buffer.from(JSON.stringify(result)) });
	call.end();
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
