// flight: the Arrow Flight status API of a node, server and client.
export type { FlightCommands, JoinResult, LeaveAnswer, RingResult } from './actions.ts';
export { type CallActionOptions, callAction } from './client.ts';
export { FlightError, type FlightErrorCode } from './error.ts';
export { createFlightServer, type FlightServer, type FlightServerOptions } from './server.ts';
