// What browsers use of the HTTP service: the files of the dashboard, the live stream over a connection, a visit of the doctor.

import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { closeServers, serve } from '../../test/support/http-server.ts';
import { MeshError } from '../mesh/index.ts';
import { MAX_VIEWERS } from './live.ts';

const folders: string[] = [];
afterEach(async () => {
	await closeServers();
	for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const PAGE = '<!doctype html><title>longbow-mesh</title>';
const SCRIPT = `console.log(${JSON.stringify('x'.repeat(2_000))})`;

async function built(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'longbow-dashboard-'));
	folders.push(folder);
	await writeFile(join(folder, 'index.html'), PAGE);
	await writeFile(join(folder, 'app-AbCd_123.js'), SCRIPT);
	await writeFile(join(folder, 'app-AbCd_123.js.gz'), gzipSync(SCRIPT));
	await writeFile(join(folder, 'secret.pem'), 'not for the web');
	return folder;
}

/** As `fetch` sends no Accept-Encoding of ours and unpacks by itself. */
async function raw(
	url: string,
	headers: Record<string, string>,
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }> {
	const [response] = await once(request(url, { headers, agent: false }).end(), 'response');
	const chunks: Buffer[] = [];
	for await (const chunk of response) chunks.push(chunk);
	return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

describe('the dashboard', () => {
	it('answers a browser with the page and anything else with text', async () => {
		const { address } = await serve({ dashboard: await built() });
		const page = await raw(`http://${address}/`, { accept: 'text/html,application/xhtml+xml' });
		expect([page.status, page.headers['content-type'], page.body.toString()]).toEqual([
			200,
			'text/html; charset=utf-8',
			PAGE,
		]);
		expect(page.headers['content-security-policy']).toMatch(/^default-src 'self';/);
		expect(page.headers['cache-control']).toBe('no-cache');
		expect(page.headers.vary).toContain('Accept');
		expect((await raw(`http://${address}/`, { accept: '*/*' })).body.toString()).toMatch(/^longbow-mesh node b\n/);
		const again = await raw(`http://${address}/`, { accept: 'text/html', 'if-none-match': String(page.headers.etag) });
		expect([again.status, again.body.length]).toEqual([304, 0]);
	});

	it('serves files whose names stand for their content for ever, and compressed to who takes it', async () => {
		const { address } = await serve({ dashboard: await built() });
		const url = `http://${address}/app-AbCd_123.js`;
		const plain = await raw(url, {});
		expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
		expect(plain.headers['content-type']).toBe('text/javascript; charset=utf-8');
		expect(plain.body.toString()).toBe(SCRIPT);
		const small = await raw(url, { 'accept-encoding': 'deflate, gzip;q=0.8' });
		expect(small.headers['content-encoding']).toBe('gzip');
		expect(gunzipSync(small.body).toString()).toBe(SCRIPT);
		expect((await raw(url, { 'accept-encoding': 'gzip;q=0, br' })).headers['content-encoding']).toBeUndefined();
	});

	it.each(['/secret.pem', '/app-AbCd_123.js.gz', '/../secret.pem', '/%2e%2e/%2e%2e/etc/passwd', '//etc/passwd'])(
		'does not serve %s',
		async (path) => {
			const { address } = await serve({ dashboard: await built() });
			const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
			socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
			let text = '';
			for await (const chunk of socket) text += chunk;
			expect(text).toMatch(/^HTTP\/1\.1 40[04] /);
			expect(text).not.toMatch(/not for the web|root:/);
		},
	);

	it('says that it is not built where it is not', async () => {
		const { address } = await serve({ dashboard: join(tmpdir(), 'longbow-nothing-here') });
		const { body } = await raw(`http://${address}/`, { accept: 'text/html' });
		expect(body.toString()).toMatch(/^The dashboard is not built here: npm run build makes it\./);
	});
});

describe('the live stream', () => {
	it('is a stream of events, frees the place of who goes, and ends when the server closes', async () => {
		const server = await serve();
		const url = `http://${server.address}/api/v1/live`;
		const gone = new AbortController();
		const first = await fetch(url, { signal: gone.signal });
		expect(first.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
		expect(first.headers.get('cache-control')).toBe('no-store');
		expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
		expect(server.live.viewers).toBe(1);
		gone.abort();
		await expect.poll(() => server.live.viewers).toBe(0);
		const second = await fetch(url);
		const closed = server.close();
		const text = await second.text();
		await closed;
		expect(text).toMatch(/^retry: 2000\n\nevent: snapshot\nid: 0\.1\.-1\.[0-9a-z]+\ndata: \{/);
	});

	it('tells the seventeenth viewer so', async () => {
		const { address } = await serve();
		const url = `http://${address}/api/v1/live`;
		await Promise.all(Array.from({ length: MAX_VIEWERS }, () => fetch(url)));
		const refused = await fetch(url);
		expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
			503,
			'10',
			{
				error: '16 viewers watch this node already, and it shows itself to no more; close one, or look at another node',
			},
		]);
	});
});

describe('the doctor', () => {
	it('examines what is asked for, once at a time', async () => {
		const asked: unknown[] = [];
		let finish: ((report: object) => void) | undefined;
		const examine = (what: unknown): Promise<object> => {
			asked.push(what);
			return new Promise((resolve) => (finish = resolve));
		};
		const { address } = await serve({ examine });
		const url = `http://${address}/api/v1/doctor?only=addr,dns&peer=a`;
		const visit = fetch(url);
		await expect.poll(() => finish).toBeDefined();
		const second = await fetch(url);
		expect([second.status, await second.json()]).toEqual([
			503,
			{ error: 'the doctor is examining; ask again in some seconds' },
		]);
		finish?.({ schema: 1, ok: true });
		expect(await (await visit).json()).toEqual({ schema: 1, ok: true });
		expect(asked).toEqual([{ only: ['addr', 'dns'], peer: 'a' }]);
	});

	it('says what is wrong with a question, that it is busy, and that there is none', async () => {
		const wrong = await serve({ examine: () => Promise.reject(new RangeError('only: no check "x"')) });
		const answer = await fetch(`http://${wrong.address}/api/v1/doctor?only=x`);
		expect([answer.status, await answer.json()]).toEqual([400, { error: 'only: no check "x"' }]);
		const busy = await serve({ examine: () => Promise.reject(new MeshError('MESH_BUSY', 'busy')) });
		expect((await fetch(`http://${busy.address}/api/v1/doctor`)).status).toBe(503);
		expect((await fetch(`http://${(await serve()).address}/api/v1/doctor`)).status).toBe(404);
	});

	it('is not sent by another site, nor by HEAD', async () => {
		const examine = (): Promise<object> => Promise.reject(new Error('was sent'));
		const { address } = await serve({ examine });
		const url = `http://${address}/api/v1/doctor`;
		expect((await raw(url, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
		expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
	});
});

describe('docs/http.md', () => {
	it('tells every path', async () => {
		const page = await readFile(new URL('../../docs/http.md', import.meta.url), 'utf8');
		const told = [...page.matchAll(/^\| `(\/[^`]*)` \|/gm)].map(([, path]) => path);
		const { paths } = (await (await fetch(`http://${(await serve()).address}/nothing`)).json()) as { paths: string[] };
		expect(['/', ...told]).toEqual(paths);
	});
});
