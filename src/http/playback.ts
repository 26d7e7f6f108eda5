// The transport of a playback over HTTP: what is played, and what to do next. The one thing here that a request can change.

import type { Context, Hono } from 'hono';
import type { LivePlayback, PlaybackCommand, PlaybackDocument } from '../status/index.ts';

export interface PlaybackDoor {
	readonly document: Omit<PlaybackDocument, 'schema'>;
	readonly state: LivePlayback;
	/** @throws {RangeError} naming what is wrong; then nothing has changed. */
	command(command: PlaybackCommand): void;
}

export const PLAYBACK_PATH = '/api/v1/playback';

const SCHEMA = 1;
const MAX_BODY_BYTES = 4_096;

export function servePlayback(app: Hono, playback: PlaybackDoor): void {
	app.get(PLAYBACK_PATH, (context) =>
		context.json({ schema: SCHEMA, ...playback.document } satisfies PlaybackDocument),
	);
	app.post(PLAYBACK_PATH, (context) => obey(context, playback));
}

async function obey(context: Context, playback: PlaybackDoor): Promise<Response> {
	// A form of another site can send neither this type nor, where browsers tell it, from elsewhere.
	const isJson = /^application\/json\s*(;|$)/i.test(context.req.header('Content-Type') ?? '');
	if (!isJson) return context.json({ error: 'a command is JSON: Content-Type: application/json' }, 415);
	if (context.req.header('Sec-Fetch-Site') === 'cross-site')
		return context.json({ error: 'another site may not command the playback' }, 403);
	const length = Number(context.req.header('Content-Length') ?? Number.NaN);
	if (!(length <= MAX_BODY_BYTES)) {
		const error = `a command has a Content-Length of ${MAX_BODY_BYTES} at most`;
		return context.json({ error }, 413, { Connection: 'close' });
	}
	const command = await commandOf(context);
	if (!command) return context.json({ error: 'a command is a JSON object, for example {"play":true}' }, 400);
	try {
		playback.command(command);
	} catch (error) {
		if (error instanceof RangeError) return context.json({ error: error.message }, 400);
		throw error;
	}
	return context.json(playback.state);
}

async function commandOf(context: Context): Promise<PlaybackCommand | undefined> {
	let value: unknown;
	try {
		value = JSON.parse(await context.req.text());
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
	const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
	return isObject ? (value as PlaybackCommand) : undefined;
}
