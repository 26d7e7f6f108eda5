// http: metrics, health and the JSON API of a node over HTTP.
export type { MembersDocument, StatusDocument } from './api.ts';
export type { HttpViews } from './app.ts';
export { createHttpServer, type HttpServer, type HttpServerOptions } from './server.ts';
