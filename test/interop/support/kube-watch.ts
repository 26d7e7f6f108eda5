// One watch of the API stand-in: the changes after a version, as lines of JSON, with bookmarks, until the time is up.

import type { ServerResponse } from 'node:http';
import { qualified, type Resource, typeOf } from './kube-resources.ts';
import type { Selects } from './kube-selectors.ts';
import { expired, Refusal } from './kube-status.ts';
import type { Change, KubeObject, KubeStore } from './kube-store.ts';

export interface WatchOptions {
	readonly resource: Resource;
	readonly selects: Selects;
	readonly query: URLSearchParams;
	readonly bookmarkMs: number;
	/** How a forgotten version is told: both ways are in use. */
	readonly goneAs: 'event' | 'status';
}

/** `end` is what a server does when the time is up, `drop` what a broken network does. */
export interface RunningWatch {
	end(): void;
	drop(): void;
}

/** @throws {Refusal} before anything is written */
export function serveWatch(response: ServerResponse, store: KubeStore, options: WatchOptions): RunningWatch {
	const { resource, selects, query, bookmarkMs, goneAs } = options;
	const first = beginning(store, options);
	if (first === undefined && goneAs === 'status') throw expired('too old resource version');
	response.writeHead(200, { 'content-type': 'application/json' });
	response.flushHeaders();
	const send = (type: string, object: unknown): void => {
		if (!response.writableEnded) response.write(`${JSON.stringify({ type, object })}\n`);
	};
	const bookmark = (extra = {}): void => {
		const metadata = { resourceVersion: `${store.version}`, creationTimestamp: null, ...extra };
		send('BOOKMARK', { ...typeOf(resource), metadata });
	};
	if (first === undefined) {
		send('ERROR', expired('too old resource version').body);
		response.end();
		return { end: () => undefined, drop: () => undefined };
	}
	for (const { type, object } of first) send(type, object);
	const bookmarks = query.get('allowWatchBookmarks') === 'true';
	// What ends the initial events of a streaming list (KEP-3157).
	if (query.get('sendInitialEvents') === 'true') bookmark({ annotations: { 'k8s.io/initial-events-end': 'true' } });
	const stop = store.onChange((change) => {
		const event = change.resource === qualified(resource) ? eventOf(change, selects) : undefined;
		if (event) send(event.type, event.object);
	});
	const ticking = setInterval(() => bookmarks && bookmark(), bookmarkMs);
	const lastsMs = Number(query.get('timeoutSeconds') ?? 1_800) * 1_000;
	const ending = setTimeout(() => response.end(), lastsMs);
	response.once('close', () => {
		stop();
		clearInterval(ticking);
		clearTimeout(ending);
	});
	return { end: () => void response.end(), drop: () => void response.destroy() };
}

interface Event {
	readonly type: Change['type'];
	readonly object: KubeObject;
}

/** What comes before the live changes; undefined when the version is forgotten. */
function beginning(store: KubeStore, { resource, selects, query }: WatchOptions): readonly Event[] | undefined {
	const version = query.get('resourceVersion') ?? '';
	if (version === '' || version === '0' || query.get('sendInitialEvents') === 'true') {
		const objects = store.list(qualified(resource)).filter(selects);
		return objects.map((object) => ({ type: 'ADDED', object }));
	}
	if (!/^\d+$/.test(version)) throw new Refusal(400, 'BadRequest', `Invalid value: "${version}": resourceVersion`);
	const changes = store.since(Number(version))?.filter((change) => change.resource === qualified(resource));
	return changes?.flatMap((change) => eventOf(change, selects) ?? []);
}

/** An object that no longer matches the selector is told as deleted, in its last state under the new version. */
function eventOf({ type, object, before }: Change, selects: Selects): Event | undefined {
	const was = before !== undefined && selects(before);
	if (type !== 'DELETED' && selects(object)) return { type: was ? 'MODIFIED' : 'ADDED', object };
	if (!was) return undefined;
	const { resourceVersion } = object.metadata;
	return { type: 'DELETED', object: { ...before, metadata: { ...before.metadata, resourceVersion } } };
}
