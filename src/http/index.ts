// http: metrics, health and the JSON API of a node over HTTP.
export { createHttpServer, type HttpServer, type HttpServerOptions } from './server.ts';
