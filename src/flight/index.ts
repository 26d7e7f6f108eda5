// flight: the Arrow Flight status API of a node, server and client.
export type { JoinResult, LeaveAnswer, RingResult } from './actions.ts';
export { callAction } from './client.ts';
export { FlightError } from './error.ts';
export { createFlightServer, type FlightServer, type FlightServerOptions } from './server.ts';
