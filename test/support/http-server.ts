// The HTTP service on loopback over a source in memory, closed by the test that opened it.

import { createHttpServer, type HttpServer, type HttpServerOptions } from '../../src/http/index.ts';
import { createMetrics } from '../../src/metrics/index.ts';
import { testFacts, testMember, testSource } from './status-source.ts';

const opened: HttpServer[] = [];

/** A node `b` that suspects `a`, unless the options say otherwise. */
export async function serve(options: Partial<HttpServerOptions> = {}): Promise<HttpServer> {
	const source = testSource([testMember('b'), testMember('a', { state: 'suspect' })]);
	const server = await createHttpServer({
		source,
		metrics: createMetrics(source),
		ready: () => ({ ready: true, reasons: [] }),
		facts: testFacts,
		address: '127.0.0.1:0',
		...options,
	});
	opened.push(server);
	return server;
}

/** To be called after each test. */
export async function closeServers(): Promise<void> {
	for (const server of opened.splice(0)) await server.close();
}
