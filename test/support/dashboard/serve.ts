// Serves the built dashboard and the live stream of a simulated node over real HTTP.

import { resolve } from 'node:path';
import { createHttpServer, type HttpServer } from '../../../src/http/index.ts';
import { createMetrics } from '../../../src/metrics/index.ts';
import type { SimMesh } from './sim-mesh.ts';

/** Tests and benches run in the root of the repository. */
const DASHBOARD = resolve('dist/dashboard');
const STEP_MS = 100;

export interface ServedMesh {
	readonly url: string;
	readonly server: HttpServer;
	close(): Promise<void>;
}

/** With `moving`, simulated time keeps step with the clock on the wall. */
export async function serveMesh({ source, run }: SimMesh, moving: boolean, port = 0): Promise<ServedMesh> {
	const server = await createHttpServer({
		source,
		metrics: createMetrics(source),
		discovery: () => [
			{
				provider: 'k8s',
				addresses: source.members.map(({ address }) => address),
				answeredAtMs: source.wallMs(source.now()) - 2_000,
				errors: 0,
				problem: undefined,
			},
		],
		ready: () => ({ ready: true, reasons: [] }),
		facts: () => ({
			version: '0.9.0',
			node: process.versions.node,
			loop: { p99Ms: 3.1, maxMs: 12 },
			keys: 2,
			label: 'prod-eu-1',
		}),
		dashboard: DASHBOARD,
		address: `127.0.0.1:${port}`,
	});
	const timer = moving ? setInterval(() => run(STEP_MS), STEP_MS) : undefined;
	return {
		url: `http://${server.address}/`,
		server,
		close: async () => {
			clearInterval(timer);
			await server.close();
		},
	};
}
