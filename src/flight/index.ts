// flight: the Arrow Flight status API of a node, server and client.
export type { JoinResult, LeaveAnswer, RingResult } from './actions.ts';
export { callAction, followAction } from './client.ts';
export { FlightError } from './error.ts';
export type { EventsObject } from './follow.ts';
export { createFlightServer, type FlightServer, type FlightServerOptions } from './server.ts';
