// The routes of the HTTP service: one table for the paths, for the index page and for the list in a 404.

import { type Context, Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { DiscoveryHealth } from '../discovery/index.ts';
import { MeshError } from '../mesh/index.ts';
import { type LiveAbout, parseRfc3339, ringObject, type StatusSource, whyDocument } from '../status/index.ts';
import { discoveryDocument, eventsDocument, healthDocument, identityDocument, membersDocument } from './api.ts';
import { BuiltFiles } from './files.ts';
import { LiveHub, MAX_VIEWERS } from './live.ts';
import { PLAYBACK_PATH, type PlaybackDoor, servePlayback } from './playback.ts';

/** What the HTTP service shows. */
export interface HttpViews {
	/** Read at each request: a playback shows another one after the other. */
	readonly source: StatusSource;
	/** The Prometheus page; absent where nothing is measured, as in a playback. */
	readonly metrics?: { readonly contentType: string; page(): Promise<string> };
	/** What each discovery provider found. Default: there is none. */
	readonly discovery?: () => readonly DiscoveryHealth[];
	/** Whether the node can do its work, and if not, why; each reason is one sentence. */
	readonly ready: () => { readonly ready: boolean; readonly reasons: readonly string[] };
	/** What the process around the node knows of itself. */
	readonly facts: LiveAbout['facts'];
	/** What is watched. Default: a node that lives. */
	readonly origin?: LiveAbout['origin'];
	/** The doctor's checks; absent where there is no doctor. @throws {RangeError} naming what is not known. */
	readonly examine?: (request: { readonly only?: readonly string[]; readonly peer?: string }) => Promise<object>;
	/** Directory of the built dashboard. Default: there is none. */
	readonly dashboard?: string;
	/** The transport of a record that is played back. */
	readonly playback?: PlaybackDoor;
}

/** What lives as long as the service. */
interface Parts {
	readonly live: LiveHub;
	/** The visit of the doctor that runs. */
	visit: Promise<object> | undefined;
}

interface Route {
	readonly path: string;
	readonly description: string;
	handle(context: Context, views: HttpViews, parts: Parts): Response | Promise<Response>;
}

const ROUTES: readonly Route[] = [
	{
		path: '/metrics',
		description: 'Prometheus metrics',
		handle: async (context, { metrics }) => {
			if (!metrics) return context.json({ error: 'a record has no metrics; ask a node that lives' }, 404);
			return context.body(await metrics.page(), 200, { 'Content-Type': metrics.contentType });
		},
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
		description: 'everything that the dashboard shows, at once',
		handle: (context, _views, { live }) => context.json(live.snapshot()),
	},
	{
		path: '/api/v1/live',
		description: 'the same as a stream of server-sent events: snapshot, then deltas',
		handle: (context, _views, { live }) => liveStream(context, live),
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
		description: 'parts of all owners; with ?key= the first ?count= (1) owners of it, with ?member= that one in detail',
		handle: (context, { source }) => {
			const count = wholeNumber(context, 'count', 1, MAX_OWNERS);
			if (typeof count === 'string') return context.json({ error: count }, 400);
			const [key, member] = [context.req.query('key'), context.req.query('member')];
			if (member !== undefined && !source.member(member)) return noMember(context, member);
			return context.json(ringObject(source, { key, count, member }));
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
		description: 'why ?member= is what it is, or was ?at= an RFC 3339 time',
		handle: explanation,
	},
	{
		path: '/api/v1/doctor',
		description: 'runs the checks of the doctor, all or those of ?only=, from here or with ?peer=; up to ten seconds',
		handle: doctorVisit,
	},
];

function liveStream(context: Context, live: LiveHub): Response {
	context.header('Content-Type', 'text/event-stream; charset=utf-8');
	// A proxy that collects before it sends would make the stream late.
	context.header('X-Accel-Buffering', 'no');
	if (context.req.method === 'HEAD') return context.body(null);
	const stream = live.open(context.req.header('Last-Event-ID'));
	if (stream) return context.body(stream);
	if (live.closed) return busy(context, 'this node is shutting down');
	const error = `${MAX_VIEWERS} viewers watch this node already, and it shows itself to no more; close one, or look at another node`;
	return busy(context, error);
}

function busy(context: Context, error: string): Response {
	return context.json({ error }, 503, { 'Retry-After': '10' });
}

function explanation(context: Context, { source }: HttpViews): Response {
	const [name = '', at] = [context.req.query('member'), context.req.query('at')];
	if (name === '') return context.json({ error: 'member: which one? For example ?member=longbow-2' }, 400);
	const atMs = at === undefined ? undefined : parseRfc3339(at);
	if (at !== undefined && atMs === undefined) {
		const error = `at: ${JSON.stringify(at.slice(0, 40))} is no time such as 2026-11-22T14:02:32Z`;
		return context.json({ error }, 400);
	}
	try {
		const document = whyDocument(source, name, atMs);
		return document ? context.json(document) : noMember(context, name);
	} catch (error) {
		if (error instanceof RangeError) return context.json({ error: error.message }, 404);
		throw error;
	}
}

/** One visit at a time: it sends packets, and any page that a browser shows can ask for it. */
async function doctorVisit(context: Context, { examine }: HttpViews, parts: Parts): Promise<Response> {
	if (!examine) return context.json({ error: 'no doctor looks after this node' }, 404);
	if (context.req.header('Sec-Fetch-Site') === 'cross-site') {
		return context.json({ error: 'another site may not send the doctor; open this address itself' }, 403);
	}
	if (context.req.method === 'HEAD') return context.body(null);
	if (parts.visit)
		return context.json({ error: 'the doctor is examining; ask again in some seconds' }, 503, { 'Retry-After': '10' });
	const only = context.req.query('only')?.split(',');
	const peer = context.req.query('peer');
	try {
		parts.visit = examine({ ...(only && { only }), ...(peer !== undefined && { peer }) });
		return context.json(await parts.visit);
	} catch (error) {
		if (error instanceof RangeError) return context.json({ error: error.message }, 400);
		if (error instanceof MeshError && error.code === 'MESH_BUSY') return busy(context, error.message);
		throw error;
	} finally {
		parts.visit = undefined;
	}
}

const MAX_OWNERS = 256;

function noMember(context: Context, name: string): Response {
	return context.json({ error: `no member ${JSON.stringify(name)}` }, 404);
}

/** A query parameter, or a sentence about what is wrong with it. */
function wholeNumber(context: Context, name: string, fallback: number, most: number): number | string {
	const text = context.req.query(name);
	if (text === undefined) return fallback;
	const value = Number(text);
	if (/^\d+$/.test(text) && value <= most) return value;
	return `${name}: ${JSON.stringify(text.slice(0, 40))} is not a whole number from 0 to ${most}`;
}

// The dashboard loads what this service serves, and nothing else does load anything; HSTS means nothing without TLS.
const SECURITY = secureHeaders({
	contentSecurityPolicy: {
		defaultSrc: ["'self'"],
		baseUri: ["'none'"],
		formAction: ["'none'"],
		frameAncestors: ["'none'"],
	},
	referrerPolicy: 'no-referrer',
	strictTransportSecurity: false,
	xFrameOptions: 'DENY',
});

export interface App {
	readonly hono: Hono;
	readonly live: LiveHub;
}

export function createApp(views: HttpViews): App {
	const { facts, origin = 'live', discovery, playback } = views;
	const about: LiveAbout = {
		facts,
		origin,
		discovery: () => discovery?.() ?? [],
		...(playback && { playback: () => playback.state }),
	};
	const parts: Parts = { live: new LiveHub(views, about), visit: undefined };
	const files = views.dashboard === undefined ? undefined : new BuiltFiles(views.dashboard);
	const app = new Hono();
	app.use(SECURITY);
	app.use(async (context, next) => {
		context.header('Cache-Control', 'no-store');
		if (context.req.method === 'GET' || context.req.method === 'HEAD') return next();
		if (playback && context.req.method === 'POST' && context.req.path === PLAYBACK_PATH) return next();
		// The rest of a body that nobody reads must not keep the connection busy.
		const headers = { Allow: 'GET, HEAD', Connection: 'close' };
		return context.json({ error: `${context.req.method} is not allowed; this service is read-only` }, 405, headers);
	});
	app.get('/', async (context) => {
		if (!prefersHtml(context)) return context.text(indexText(views.source));
		const page = await files?.serve(context, '/index.html');
		return page ?? context.text(`${NOT_BUILT}\n\n${indexText(views.source)}`);
	});
	if (playback) servePlayback(app, playback);
	for (const route of ROUTES) app.get(route.path, (context) => route.handle(context, views, parts));
	app.notFound(async (context) => {
		const file = await files?.serve(context, context.req.path);
		if (file) return file;
		const paths = ['/', ...ROUTES.map(({ path }) => path)];
		return context.json({ error: `no page ${context.req.path}`, paths }, 404);
	});
	app.onError((error, context) => context.json({ error: error.message }, 500));
	return { hono: app, live: parts.live };
}

const NOT_BUILT = 'The dashboard is not built here: npm run build makes it. The same in text and JSON:';

/** A browser asks for HTML by name; curl and scripts take anything. */
function prefersHtml(context: Context): boolean {
	return context.req.header('Accept')?.includes('text/html') ?? false;
}

function indexText(source: StatusSource): string {
	const width = Math.max(...ROUTES.map(({ path }) => path.length));
	const lines = ROUTES.map(({ path, description }) => `  ${path.padEnd(width)}  ${description}`);
	return `longbow-mesh node ${source.self.name}\n\n${lines.join('\n')}\n`;
}
