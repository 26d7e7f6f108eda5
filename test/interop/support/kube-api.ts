// A stand-in for a Kubernetes API server, over HTTPS, by the API's conventions: what kubectl and the official client can be shown.

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN, KubeAccess } from './kube-access.ts';
import { makeCertificate } from './kube-certificate.ts';
import { document, qualified, type Target, target } from './kube-resources.ts';
import { fieldSelector, labelSelector, type Selects } from './kube-selectors.ts';
import { Refusal } from './kube-status.ts';
import { type Draft, KubeStore } from './kube-store.ts';
import { KubeVerbs, type Named } from './kube-verbs.ts';
import { type RunningWatch, serveWatch } from './kube-watch.ts';

export interface SeenRequest {
	readonly verb: string;
	readonly path: string;
	readonly user: string;
	readonly query: URLSearchParams;
}

const METHODS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

export class KubeApi {
	readonly store: KubeStore = new KubeStore();
	readonly access: KubeAccess = new KubeAccess(this.store);
	/** Every question that named a resource and a known user, in their order. */
	readonly requests: SeenRequest[] = [];
	/** A real server sends one a minute. */
	bookmarkMs = 60_000;
	/** How a watch is told that its version is forgotten. */
	goneAs: 'event' | 'status' = 'event';
	/** Called before each answer to a question that names a resource; a Refusal that it throws is the answer. */
	beforeAnswer: ((request: SeenRequest) => void) | undefined;
	/** Holds the certificate and the kubeconfigs. */
	readonly folder: string;
	readonly #server: Server;
	readonly #verbs = new KubeVerbs(this.store);
	readonly #sockets = new Set<Socket>();
	readonly #watches = new Set<RunningWatch>();
	#port = 0;

	private constructor() {
		this.folder = mkdtempSync(join(tmpdir(), 'longbow-kube-'));
		this.#server = createServer(makeCertificate(this.folder), (request, response) => {
			void this.#serve(request, response);
		});
		this.#server.on('connection', (socket: Socket) => {
			this.#sockets.add(socket);
			socket.once('close', () => this.#sockets.delete(socket));
		});
	}

	static async start(): Promise<KubeApi> {
		const api = new KubeApi();
		await api.up();
		return api;
	}

	/** Listens again, on the port that it had. */
	async up(): Promise<void> {
		this.#server.listen(this.#port, '127.0.0.1');
		await once(this.#server, 'listening');
		this.#port = (this.#server.address() as AddressInfo).port;
	}

	/** Refuses connections, and breaks those that there are. */
	async down(): Promise<void> {
		this.#server.close();
		// Of all of them: the server itself does not know the connections that are still in their TLS handshake.
		for (const socket of this.#sockets) socket.destroy();
		await once(this.#server, 'close');
	}

	async close(): Promise<void> {
		if (this.#server.listening) await this.down();
		rmSync(this.folder, { recursive: true, force: true });
	}

	get url(): string {
		return `https://127.0.0.1:${this.#port}`;
	}

	get watches(): number {
		return this.#watches.size;
	}

	/** Forgets the history: who comes back with an old version must list again. */
	compact(): void {
		this.store.compact();
		this.#verbs.forget();
	}

	/** Ends every watch in order, as a server does when the time is up. */
	endWatches(): void {
		for (const watch of this.#watches) watch.end();
	}

	/** Breaks the connection of every watch. */
	dropWatches(): void {
		for (const watch of this.#watches) watch.drop();
	}

	/** Writes a kubeconfig whose user is this one; returns its path. */
	kubeconfig(name: string, user: unknown, namespace: string): string {
		const path = join(this.folder, `${name}.kubeconfig`);
		const cluster = { server: this.url, 'certificate-authority': join(this.folder, 'cert.pem') };
		const config = {
			apiVersion: 'v1',
			kind: 'Config',
			clusters: [{ name: 'test', cluster }],
			users: [{ name, user }],
			contexts: [{ name, context: { cluster: 'test', user: name, namespace } }],
			'current-context': name,
		};
		writeFileSync(path, JSON.stringify(config)); // JSON is YAML
		return path;
	}

	/** Never rejects: what a part refuses is its answer. */
	async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		try {
			await this.#answer(request, response);
		} catch (error) {
			const refusal = error instanceof Refusal ? error : new Refusal(500, 'InternalError', String(error));
			if (response.headersSent) response.destroy();
			else json(response, refusal.code, refusal.body);
		}
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { pathname, searchParams: query } = new URL(request.url ?? '/', this.url);
		const user = this.#user(request);
		const known = document(pathname);
		if (known !== undefined) return json(response, 200, known);
		const asked = target(pathname);
		if (!asked) throw new Refusal(404, 'NotFound', 'the server could not find the requested resource');
		const verb = verbOf(request, asked, query);
		const seen = { verb, path: pathname, user, query };
		this.requests.push(seen);
		this.beforeAnswer?.(seen);
		this.#authorize(user, verb, asked);
		if (verb === 'watch') return this.#watch(asked, query, response);
		if (verb === 'list') return json(response, 200, this.#verbs.list(asked, selects(asked, query), query));
		return json(response, verb === 'create' ? 201 : 200, await this.#single(verb, asked, request, query));
	}

	/** An administrator may speak for others (`kubectl --as`). */
	#user({ headers }: IncomingMessage): string {
		const user = this.access.userOf(headers.authorization);
		const other = headers['impersonate-user'];
		return user === ADMIN && typeof other === 'string' ? other : user;
	}

	#authorize(user: string, verb: string, { resource, namespace, name, part }: Target): void {
		const { group, plural } = resource;
		const asked = { verb, group, resource: part ? `${plural}/${part}` : plural, namespace };
		if (this.access.allows(user, asked)) return;
		const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
		const what = name === undefined ? qualified(resource) : `${qualified(resource)} "${name}"`;
		const cannot = `User "${user}" cannot ${verb} resource "${asked.resource}" in API group "${group}" ${where}`;
		throw new Refusal(403, 'Forbidden', `${what} is forbidden: ${cannot}`, { name, kind: plural });
	}

	#watch(asked: Target, query: URLSearchParams, response: ServerResponse): void {
		const { bookmarkMs, goneAs } = this;
		const options = { resource: asked.resource, selects: selects(asked, query), query, bookmarkMs, goneAs };
		const watch = serveWatch(response, this.store, options);
		this.#watches.add(watch);
		response.once('close', () => this.#watches.delete(watch));
	}

	async #single(verb: string, asked: Target, request: IncomingMessage, query: URLSearchParams): Promise<unknown> {
		if (verb === 'create') return this.#verbs.create(asked, (await body(request)) as Draft);
		const named = asked as Named;
		if (verb === 'get') return this.#verbs.get(named);
		if (verb === 'update') return this.#verbs.update(named, (await body(request)) as Draft);
		if (verb === 'delete') {
			const options = ((await body(request)) ?? {}) as { gracePeriodSeconds?: number };
			return this.#verbs.delete(named, options.gracePeriodSeconds ?? Number(query.get('gracePeriodSeconds') ?? 30));
		}
		if (request.headers['content-type'] !== 'application/merge-patch+json') {
			throw new Refusal(415, 'UnsupportedMediaType', 'this server takes application/merge-patch+json');
		}
		return this.#verbs.patch(named, await body(request));
	}
}

function verbOf({ method = 'GET' }: IncomingMessage, { name }: Target, query: URLSearchParams): string {
	if (method !== 'GET') return METHODS[method] ?? method;
	if (name !== undefined) return 'get';
	return ['true', '1'].includes(query.get('watch') ?? '') ? 'watch' : 'list';
}

function selects({ namespace }: Target, query: URLSearchParams): Selects {
	const byLabel = labelSelector(query.get('labelSelector') ?? '');
	const byField = fieldSelector(query.get('fieldSelector') ?? '');
	const here: Selects = ({ metadata }) => namespace === undefined || metadata.namespace === namespace;
	return (object) => here(object) && byLabel(object) && byField(object);
}

/** @throws {Refusal} 415 for protobuf, which kubectl's typed commands (`create role`, `auth can-i`) would rather send */
async function body(request: IncomingMessage): Promise<unknown> {
	const type = request.headers['content-type'] ?? 'application/json';
	if (!type.endsWith('json')) throw new Refusal(415, 'UnsupportedMediaType', 'this server takes JSON');
	const chunks: Buffer[] = [];
	for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
	const text = Buffer.concat(chunks).toString();
	return text === '' ? undefined : JSON.parse(text);
}

function json(response: ServerResponse, status: number, value: unknown): void {
	response.writeHead(status, { 'content-type': 'application/json' });
	response.end(JSON.stringify(value));
}
