// The HTTP service as its clients meet it, over real connections on loopback.

import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { closeServers, serve } from '../../test/support/http-server.ts';
import { testSource } from '../../test/support/status-source.ts';
import type { HttpServerOptions } from './index.ts';

afterEach(closeServers);

async function get(path: string, options: Partial<HttpServerOptions> = {}): Promise<Response> {
	return fetch(`http://${(await serve(options)).address}${path}`);
}

describe('routes', () => {
	it('seed 17: /metrics is the Prometheus page', async () => {
		const response = await get('/metrics');
		expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
		expect(await response.text()).toContain('\ngossip_active_members 2\n');
	});

	it('/healthz answers ok', async () => {
		const response = await get('/healthz');
		expect([response.status, await response.text()]).toEqual([200, 'ok\n']);
	});

	it('/readyz says why a node is not ready', async () => {
		const ready = await get('/readyz');
		expect([ready.status, await ready.json()]).toEqual([200, { ready: true, reasons: [] }]);
		const verdict = { ready: false, reasons: ['No peer has answered yet.'] };
		const waiting = await get('/readyz', { ready: () => verdict });
		expect([waiting.status, await waiting.json()]).toEqual([503, verdict]);
	});

	it('/api/v1/status is everything that the dashboard shows', async () => {
		expect(await (await get('/api/v1/status')).json()).toMatchObject({
			schema: 1,
			at: Date.UTC(2026, 10, 22, 14, 2, 32),
			node: { name: 'b', origin: 'live', version: '1.2.3' },
			mesh: { counts: { alive: 1, suspect: 1, dead: 0, left: 0 }, digest: '7f3a91c2000000ff' },
			ring: { fingerprint: 'c41f08d2c41f08d2', owners: 2 },
			health: { score: 0, word: 'Good' },
			members: [
				{ ID: 'a', Status: 1, share: 0.5 },
				{ ID: 'b', Status: 0, share: 0.5 },
			],
		});
	});

	it('/api/v1/identity, /ring, /health and /discovery tell of this node', async () => {
		expect(await (await get('/api/v1/identity')).json()).toMatchObject({ schema: 1, member: { ID: 'b' } });
		expect(await (await get('/api/v1/ring?key=user:1&count=2')).json()).toMatchObject({
			schema: 1,
			fingerprint: 'c41f08d2c41f08d2',
			key: 'user:1',
			owners: ['a', 'b'],
		});
		expect(await (await get('/api/v1/ring')).json()).toMatchObject({
			self: 'b',
			of: 1,
			agree: 1,
			shares: [{ member: 'a', share: 0.5, fair: 1, heirs: 1, most: 0.5 }, { member: 'b' }],
		});
		expect(await (await get('/api/v1/ring?member=b')).json()).toMatchObject({
			shares: [{ member: 'b' }],
			takeover: [],
		});
		expect((await get('/api/v1/ring?member=x')).status).toBe(404);
		expect(await (await get('/api/v1/health')).json()).toMatchObject({ schema: 1, self: 'b', score: 0, word: 'Good' });
		const problem = { code: 'unresolved', text: 'a: ENOTFOUND' } as const;
		const addresses = [{ host: 'fd00::1', port: 7946 }];
		const health = { provider: 'static', addresses, answeredAtMs: undefined, errors: 3, problem };
		expect(await (await get('/api/v1/discovery', { discovery: () => [health] })).json()).toEqual({
			schema: 1,
			provider: 'static',
			peers: ['[fd00::1]:7946'],
			providers: [{ provider: 'static', peers: ['[fd00::1]:7946'], answeredAt: null, errors: 3, problem }],
		});
	});

	it('/api/v1/events reads on from a number, and refuses what is none', async () => {
		const source = testSource();
		source.emit({ type: 'stall', seq: 1, at: 100_000, lateMs: 300 });
		source.emit({ type: 'stall', seq: 2, at: 100_000, lateMs: 400 });
		expect(await (await get('/api/v1/events?since=1', { source })).json()).toMatchObject({
			schema: 1,
			events: [{ seq: 2, type: 'stall' }],
			last: 2,
			missed: false,
		});
		const refused = await get('/api/v1/events?since=-1');
		expect([refused.status, await refused.json()]).toEqual([
			400,
			{ error: 'since: "-1" is not a whole number from 0 to 9007199254740991' },
		]);
	});

	it('/api/v1/members lists them in order of their IDs', async () => {
		expect(await (await get('/api/v1/members')).json()).toMatchObject({
			schema: 1,
			self: 'b',
			views: { digest: '7f3a91c2000000ff', of: 1, agree: 1 },
			count: 2,
			members: [
				{ ID: 'a', Status: 1, rttMs: null, path: 'udp' },
				{ ID: 'b', Status: 0 },
			],
		});
	});

	it('/api/v1/why explains a member', async () => {
		expect(await (await get('/api/v1/why?member=b')).json()).toMatchObject({ member: 'b', likely: { code: 'self' } });
		const unknown = await get('/api/v1/why?member=nobody');
		expect([unknown.status, await unknown.json()]).toEqual([404, { error: 'no member "nobody"' }]);
		expect((await get('/api/v1/why')).status).toBe(400);
	});

	it('/api/v1/why explains what was at a time, and says where its record begins', async () => {
		expect(await (await get('/api/v1/why?member=b&at=2026-11-22T14:02:30Z')).json()).toMatchObject({
			member: 'b',
			asked: { at: '2026-11-22T14:02:30.999Z', turns: [] },
		});
		const early = await get('/api/v1/why?member=b&at=2026-11-22T14:02:21.998Z');
		expect([early.status, await early.json()]).toEqual([
			404,
			{ error: 'nothing of "b" is on record before 2026-11-22T14:02:22.000Z' },
		]);
		const wrong = await get('/api/v1/why?member=b&at=14:02:21');
		expect([wrong.status, await wrong.json()]).toEqual([
			400,
			{ error: 'at: "14:02:21" is no time such as 2026-11-22T14:02:32Z' },
		]);
	});

	it('/ names the node and the paths', async () => {
		const response = await get('/');
		expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
		expect(await response.text()).toMatch(/^longbow-mesh node b\n\n {2}\/metrics .*Prometheus/);
	});

	it('an unknown path is a 404 with the known ones', async () => {
		const response = await get('/metric');
		expect(response.status).toBe(404);
		expect(await response.json()).toEqual({
			error: 'no page /metric',
			paths: [
				'/',
				'/metrics',
				'/healthz',
				'/readyz',
				'/api/v1/status',
				'/api/v1/live',
				'/api/v1/members',
				'/api/v1/identity',
				'/api/v1/ring',
				'/api/v1/events',
				'/api/v1/health',
				'/api/v1/discovery',
				'/api/v1/why',
				'/api/v1/doctor',
			],
		});
	});

	it('a failing view is a 500 with its message', async () => {
		const metrics = { contentType: 'text/plain', page: () => Promise.reject(new Error('no numbers')) };
		const response = await get('/metrics', { metrics });
		expect([response.status, await response.json()]).toEqual([500, { error: 'no numbers' }]);
	});
});

describe('manners', () => {
	it.each(['/', '/metrics', '/nothing'])('%s carries the security headers', async (path) => {
		const { headers } = await get(path);
		expect(headers.get('content-security-policy')).toBe(
			"default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		);
		expect(headers.get('x-content-type-options')).toBe('nosniff');
		expect(headers.get('x-frame-options')).toBe('DENY');
		expect(headers.get('referrer-policy')).toBe('no-referrer');
		expect(headers.get('cache-control')).toBe('no-store');
		expect(headers.get('x-powered-by')).toBeNull();
	});

	it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is not allowed', async (method) => {
		const { address } = await serve();
		const response = await fetch(`http://${address}/metrics`, { method });
		expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
	});

	it('HEAD is GET without the body', async () => {
		const { address } = await serve();
		const response = await fetch(`http://${address}/healthz`, { method: 'HEAD' });
		expect([response.status, await response.text()]).toEqual([200, '']);
	});

	it('refuses large headers', async () => {
		const { address } = await serve();
		const response = await fetch(`http://${address}/`, { headers: { 'x-large': 'x'.repeat(20_000) } });
		expect(response.status).toBe(431);
	});

	it('does not wait for the body of a request that it refuses', async () => {
		const { address } = await serve();
		const endless = request(`http://${address}/metrics`, {
			method: 'POST',
			headers: { 'content-length': '1000000000' },
		});
		endless.on('error', () => undefined); // the server hangs up on the unfinished body
		endless.write('x');
		const [response] = await once(endless, 'response');
		expect(response.statusCode).toBe(405);
		response.resume();
		await once(response, 'close');
		endless.destroy();
	});
});

describe('createHttpServer', () => {
	it('rejects with the code of the system when the port is taken', async () => {
		const { address } = await serve();
		await expect(serve({ address })).rejects.toMatchObject({ code: 'EADDRINUSE' });
	});

	it.each(['', 'localhost', '127.0.0.1:', '127.0.0.1:70000', '::1:9090', ':9090'])(
		'refuses the address %j',
		async (address) => {
			await expect(serve({ address })).rejects.toThrow(new RangeError(`address: "${address}" is not host:port`));
		},
	);

	it('listens on IPv6', async () => {
		const { address } = await serve({ address: '[::1]:0' });
		expect(address).toMatch(/^\[::1\]:\d+$/);
		expect((await fetch(`http://${address}/healthz`)).status).toBe(200);
	});

	it('closes twice, idle connections included, and then refuses connections', async () => {
		const server = await serve();
		const { hostname, port } = new URL(`http://${server.address}`);
		const idle = connect(Number(port), hostname);
		await once(idle, 'connect');
		idle.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
		await once(idle, 'data');
		const ended = once(idle, 'close');
		await Promise.all([server.close(), server.close(), ended]);
		await expect(fetch(`http://${server.address}/healthz`)).rejects.toThrow('fetch failed');
	});

	it('lets a running request end, and cuts one that does not', async () => {
		let answer: ((page: string) => void) | undefined;
		const page = () => new Promise<string>((resolve) => (answer = resolve));
		const server = await serve({ metrics: { contentType: 'text/plain', page } });
		const running = fetch(`http://${server.address}/metrics`);
		await expect.poll(() => answer).toBeDefined();
		const closed = server.close();
		answer?.('late\n');
		expect(await (await running).text()).toBe('late\n');
		await closed;

		const stuck = await serve({ metrics: { contentType: 'text/plain', page: () => new Promise(() => undefined) } });
		const cut = fetch(`http://${stuck.address}/metrics`).catch((error: Error) => error.message);
		const healthy = await fetch(`http://${stuck.address}/healthz`);
		expect(healthy.status).toBe(200);
		await stuck.close();
		expect(await cut).toBe('fetch failed');
	});
});
