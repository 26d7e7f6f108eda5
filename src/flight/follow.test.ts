// MeshEvents: the log, what is added to it for as long as somebody reads, and how it ends.

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { callFlight, closeAll, opens, serveFlight } from '../../test/support/flight-server.ts';
import { testMember, testSource } from '../../test/support/status-source.ts';
import { until } from '../../test/support/until.ts';
import type { StatusSource } from '../status/index.ts';
import type { MeshEvent } from '../swim/index.ts';
import { type EventsObject, type FlightServer, followAction } from './index.ts';

afterEach(closeAll);

/** A source that tells how many listen to it. */
function watched() {
	const source = testSource([testMember('a'), testMember('b')]);
	let listeners = 0;
	const onEvent: StatusSource['onEvent'] = (listener) => {
		listeners++;
		const off = source.onEvent(listener);
		return () => {
			listeners--;
			off();
		};
	};
	return { source: Object.assign(Object.create(source) as typeof source, { onEvent }), listeners: () => listeners };
}

function health(seq: number): MeshEvent {
	return { seq, at: 100_000 + seq, type: 'health', from: seq - 1, to: seq };
}

function follow({ address }: FlightServer, body: object, signal?: AbortSignal) {
	const options = { timeoutMs: 20_000, ...(signal && { signal }) };
	return followAction(address, 'MeshEvents', { follow: true, ...body }, options) as AsyncGenerator<EventsObject>;
}

/** The next page that has events. */
async function next(pages: AsyncGenerator<EventsObject>): Promise<EventsObject> {
	for (;;) {
		const { value, done } = await pages.next();
		if (done) throw new Error('the stream has ended');
		if (value.events.length > 0) return value;
	}
}

describe('MeshEvents', () => {
	it('is one page of what is in the log', async () => {
		const source = testSource([testMember('a')]);
		for (const seq of [1, 2, 3]) source.emit(health(seq));
		const server = await serveFlight({ source });
		expect(await callFlight(server, 'MeshEvents', { since: 1 })).toEqual({
			self: 'a',
			events: [
				{ seq: 2, at: '2026-11-22T14:02:32.002Z', type: 'health', from: '1', to: '2' },
				{ seq: 3, at: '2026-11-22T14:02:32.003Z', type: 'health', from: '2', to: '3' },
			],
			last: 3,
			missed: false,
		});
		expect(await callFlight(server, 'MeshEvents')).toMatchObject({ last: 3, events: [{}, {}, {}] });
		for (const body of [{ since: -1 }, { since: '1' }, { follow: 1 }]) {
			await expect(callFlight(server, 'MeshEvents', body)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
		}
	});

	it('follows on request: each event once, in order, resumed by its number', async () => {
		const { source } = watched();
		const server = await serveFlight({ source });
		source.emit(health(1));
		const pages = follow(server, {});
		expect((await next(pages)).events.map(({ seq }) => seq)).toEqual([1]);
		const seen: number[] = [];
		source.emit(health(2));
		source.emit({ seq: 3, at: 100_003, type: 'rejected', code: 'bad-crc', detail: 'x', from: undefined });
		source.emit(health(4));
		while (seen.length < 2) seen.push(...(await next(pages)).events.map(({ seq }) => seq));
		expect(seen).toEqual([2, 4]);
		await pages.return(undefined);
		source.emit(health(5));
		const again = follow(server, { since: 4 });
		expect((await next(again)).events.map(({ seq }) => seq)).toEqual([5]);
		await again.return(undefined);
	});

	it('works for nobody: it listens while there is a viewer, and at no other time', async () => {
		const { source, listeners } = watched();
		const server = await serveFlight({ source });
		expect(listeners()).toBe(0);
		const stop = new AbortController();
		const pages = follow(server, {}, stop.signal);
		await pages.next();
		expect(listeners()).toBe(1);
		const ended = pages.next();
		stop.abort();
		expect(await ended).toEqual({ done: true, value: undefined });
		await until('nobody listens', () => listeners() === 0);
	});

	it('tells the 17th viewer that there are 16, and takes another one when one has gone', async () => {
		const { source, listeners } = watched();
		const server = await serveFlight({ source });
		const viewers = Array.from({ length: 16 }, () => follow(server, {}));
		await Promise.all(viewers.map((pages) => pages.next()));
		await expect(follow(server, {}).next()).rejects.toMatchObject({
			code: 'RESOURCE_EXHAUSTED',
			message: '16 viewers follow this node already, which is the most it serves',
		});
		await viewers[0]?.return(undefined);
		await until('one has gone', () => listeners() === 15);
		const later = follow(server, {});
		expect((await later.next()).done).toBe(false);
		await Promise.all([...viewers, later].map((pages) => pages.return(undefined)));
	});

	it('tells the last events and ends when the server closes', async () => {
		const { source, listeners } = watched();
		const server = await serveFlight({ source });
		const pages = follow(server, {});
		await pages.next();
		source.emit(health(1));
		const closing = server.close();
		expect((await next(pages)).events.map(({ seq }) => seq)).toEqual([1]);
		expect((await pages.next()).done).toBe(true);
		await closing;
		expect(listeners()).toBe(0);
	});

	it('holds nothing for a viewer that does not read: it reads on where the log still goes', async () => {
		const { source } = watched();
		const server = await serveFlight({ source });
		const pages = follow(server, {});
		opens(() => void pages.return(undefined));
		await pages.next();
		let seq = 0;
		// More than the log keeps, in bursts, while nobody reads.
		for (let burst = 0; burst < 20; burst++) {
			for (let i = 0; i < 1_000; i++) source.emit(health(++seq));
			await callFlight(server, 'MeshIdentity');
		}
		let page: EventsObject;
		let missed = false;
		const seen: number[] = [];
		do {
			page = await next(pages);
			missed ||= page.missed;
			seen.push(...page.events.map((event) => event.seq));
		} while (page.last < seq);
		expect(missed).toBe(true);
		expect(seen.at(-1)).toBe(seq);
		expect(seen).toEqual(seen.toSorted((x, y) => x - y));
		expect(new Set(seen).size).toBe(seen.length);
	});
});

describe('followAction', () => {
	it('says so when nobody answers', async () => {
		await expect(followAction('127.0.0.1:1', 'MeshEvents', {}, { timeoutMs: 5_000 }).next()).rejects.toMatchObject({
			name: 'FlightError',
			code: 'UNAVAILABLE',
		});
	});

	it('waits no longer than it is told for the first answer', async () => {
		const mute = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
		await once(mute, 'listening');
		opens(() => void mute.close());
		const { port } = mute.address() as AddressInfo;
		await expect(followAction(`127.0.0.1:${port}`, 'MeshEvents', {}, { timeoutMs: 50 }).next()).rejects.toMatchObject({
			code: 'DEADLINE_EXCEEDED',
		});
	});
});
