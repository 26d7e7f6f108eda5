// flight: the Arrow Flight status API of a node, server and client.
export { callAction, FlightClient, followAction } from './client.ts';
export type { JoinResult, LeaveAnswer, RemoveAnswer } from './context.ts';
export { FlightError } from './error.ts';
export type { EventsObject } from './follow.ts';
export type { ClientTls } from './grpc-call.ts';
export type { KeyOperation, KeysRequest, KeysResult } from './keys.ts';
export { createFlightServer } from './late-server.ts';
export type { LiveDocument } from './live.ts';
export type { FlightServer, FlightServerOptions, ServerTls } from './server.ts';
