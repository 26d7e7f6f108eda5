// flight: the Arrow Flight status API of a node, server and client.
export type { JoinResult, LeaveAnswer, RingResult } from './actions.ts';
export { callAction, FlightClient, followAction } from './client.ts';
export { FlightError } from './error.ts';
export type { EventsObject } from './follow.ts';
export type { KeyOperation, KeysRequest, KeysResult } from './keys.ts';
export { createFlightServer } from './late-server.ts';
export type { LiveDocument } from './live.ts';
export type { FlightServer, FlightServerOptions } from './server.ts';
