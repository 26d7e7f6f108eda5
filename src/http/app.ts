// The routes of the HTTP service: one table for the paths, for the index page and for the list in a 404.

import { type Context, Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { DiscoveryHealth } from '../discovery/index.ts';
import { type StatusSource, whyDocument } from '../status/index.ts';
import {
	discoveryDocument,
	eventsDocument,
	healthDocument,
	identityDocument,
	membersDocument,
	ringDocument,
	statusDocument,
} from './api.ts';

/** What the HTTP service shows. */
export interface HttpViews {
	readonly source: StatusSource;
	/** The Prometheus page. */
	readonly metrics: { readonly contentType: string; page(): Promise<string> };
	/** What each discovery provider found. Default: there is none. */
	readonly discovery?: () => readonly DiscoveryHealth[];
	/** Whether the node can do its work, and if not, why; each reason is one sentence. */
	readonly ready: () => { readonly ready: boolean; readonly reasons: readonly string[] };
}

interface Route {
	readonly path: string;
	readonly description: string;
	handle(context: Context, views: HttpViews): Response | Promise<Response>;
}

const ROUTES: readonly Route[] = [
	{
		path: '/metrics',
		description: 'Prometheus metrics',
		handle: async (context, { metrics }) =>
			context.body(await metrics.page(), 200, { 'Content-Type': metrics.contentType }),
	},
	{
		path: '/healthz',
		description: '200 while the process runs',
		handle: (context) => context.text('ok\n'),
	},
	{
		path: '/readyz',
		description: '200 when ready, else 503 with the reasons',
		handle: (context, { ready }) => {
			const verdict = ready();
			return context.json(verdict, verdict.ready ? 200 : 503);
		},
	},
	{
		path: '/api/v1/status',
		description: 'the mesh in a few numbers',
		handle: (context, { source }) => context.json(statusDocument(source)),
	},
	{
		path: '/api/v1/members',
		description: 'all members',
		handle: (context, { source }) => context.json(membersDocument(source)),
	},
	{
		path: '/api/v1/identity',
		description: 'this node as a member',
		handle: (context, { source }) => context.json(identityDocument(source)),
	},
	{
		path: '/api/v1/ring',
		description: 'shares of all owners; with ?key= the first ?count= (1) owners of it',
		handle: (context, { source }) => {
			const count = wholeNumber(context, 'count', 1, MAX_OWNERS);
			if (typeof count === 'string') return context.json({ error: count }, 400);
			return context.json(ringDocument(source, context.req.query('key'), count));
		},
	},
	{
		path: '/api/v1/events',
		description: 'the latest events, those after number ?since= (0)',
		handle: (context, { source }) => {
			const since = wholeNumber(context, 'since', 0, Number.MAX_SAFE_INTEGER);
			if (typeof since === 'string') return context.json({ error: since }, 400);
			return context.json(eventsDocument(source, since));
		},
	},
	{
		path: '/api/v1/health',
		description: 'how this node itself is doing',
		handle: (context, { source }) => context.json(healthDocument(source)),
	},
	{
		path: '/api/v1/discovery',
		description: 'what each discovery provider found',
		handle: (context, { discovery }) => context.json(discoveryDocument(discovery?.() ?? [])),
	},
	{
		path: '/api/v1/why',
		description: 'why ?member= is what it is',
		handle: (context, { source }) => {
			const name = context.req.query('member') ?? '';
			const document = whyDocument(source, name);
			if (document) return context.json(document);
			const error =
				name === '' ? 'member: which one? For example ?member=longbow-2' : `no member ${JSON.stringify(name)}`;
			return context.json({ error }, name === '' ? 400 : 404);
		},
	},
];

const MAX_OWNERS = 256;

/** A query parameter, or a sentence about what is wrong with it. */
function wholeNumber(context: Context, name: string, fallback: number, most: number): number | string {
	const text = context.req.query(name);
	if (text === undefined) return fallback;
	const value = Number(text);
	if (/^\d+$/.test(text) && value <= most) return value;
	return `${name}: ${JSON.stringify(text.slice(0, 40))} is not a whole number from 0 to ${most}`;
}

// Nothing here is a page that loads anything; HSTS means nothing without TLS.
const SECURITY = secureHeaders({
	contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
	referrerPolicy: 'no-referrer',
	strictTransportSecurity: false,
	xFrameOptions: 'DENY',
});

export function createApp(views: HttpViews): Hono {
	const app = new Hono();
	app.use(SECURITY);
	app.use(async (context, next) => {
		context.header('Cache-Control', 'no-store');
		if (context.req.method === 'GET' || context.req.method === 'HEAD') return next();
		// The rest of a body that nobody reads must not keep the connection busy.
		const headers = { Allow: 'GET, HEAD', Connection: 'close' };
		return context.json({ error: `${context.req.method} is not allowed; this service is read-only` }, 405, headers);
	});
	app.get('/', (context) => context.text(indexText(views.source)));
	for (const route of ROUTES) app.get(route.path, (context) => route.handle(context, views));
	app.notFound((context) =>
		context.json({ error: `no page ${context.req.path}`, paths: ['/', ...ROUTES.map(({ path }) => path)] }, 404),
	);
	app.onError((error, context) => context.json({ error: error.message }, 500));
	return app;
}

function indexText(source: StatusSource): string {
	const width = Math.max(...ROUTES.map(({ path }) => path.length));
	const lines = ROUTES.map(({ path, description }) => `  ${path.padEnd(width)}  ${description}`);
	return `longbow-mesh node ${source.self.name}\n\n${lines.join('\n')}\n`;
}
