// Serf's messages as a real agent wrote them, read and written by our codec of them.

import { describe, expect, it } from 'vitest';
import { judgeFilters } from '../../src/serf/filters.ts';
import {
	decodeEventTime,
	decodeIntent,
	decodeKeyRequest,
	decodeQuery,
	decodeState,
	encodeConflictResponse,
	encodeJoin,
	encodeKeyResponse,
	encodeLeave,
	encodeQueryResponse,
	encodeState,
} from '../../src/serf/messages.ts';
import type { Member } from '../../src/swim/index.ts';
import { utf8, utf8Text } from '../../src/swim/index.ts';
import { bytes, hex, vectorFile, vectors } from './vectors.ts';

const vector = (name: string): { readonly bytes: Uint8Array; readonly hex: string } => {
	const found = vectors('serf').find((candidate) => candidate.name === name);
	if (found === undefined) throw new Error(`no vector ${name}`);
	return { bytes: bytes(found.hex), hex: found.hex };
};

describe('serf messages, byte for byte', () => {
	it('writes and reads intents', () => {
		expect(hex(encodeLeave({ time: 61, node: 'node-a' }))).toBe(vector('leave').hex);
		expect(hex(encodeJoin({ time: 7, node: 'node-a' }))).toBe(vector('join').hex);
		expect(hex(encodeJoin({ time: 1_099_511_627_776, node: 'node-a' }))).toBe(vector('join-ltime-64bit').hex);
		expect(decodeIntent(vector('leave').bytes)).toEqual({ time: 61, node: 'node-a' });
		expect(decodeIntent(vector('leave-prune').bytes)).toEqual({ time: 62, node: 'node-a' });
		expect(decodeIntent(vector('join-ltime-64bit').bytes)).toEqual({ time: 1_099_511_627_776, node: 'node-a' });
	});

	it('reads the time of a user event', () => {
		expect(decodeEventTime(vector('user-event').bytes)).toBe(3);
	});

	it('reads a query', () => {
		const query = decodeQuery(vector('query').bytes);
		expect(query).toMatchObject({ time: 2, id: 10_005_904, name: 'uptime', port: 7946, flags: 1 });
		expect(hex(query.addr)).toBe('7f000001');
		expect(utf8Text(query.payload)).toBe('x');
		expect(query.filters.map(hex)).toEqual([vector('filter-nodes').hex, vector('filter-tag').hex]);
	});

	it('judges filters', () => {
		const filters = decodeQuery(vector('query').bytes).filters;
		expect(judgeFilters(filters, { name: 'node-a', tags: { role: 'web' } })).toBe('match');
		expect(judgeFilters(filters, { name: 'node-a', tags: { role: 'db' } })).toBe('no-match');
		expect(judgeFilters(filters, { name: 'node-c', tags: { role: 'web' } })).toBe('no-match');
	});

	it('writes acks and answers of queries', () => {
		const response = { time: 2, id: 10_005_904, from: 'node-a' };
		expect(hex(encodeQueryResponse({ ...response, flags: 1, payload: undefined }))).toBe(vector('query-ack').hex);
		expect(hex(encodeQueryResponse({ ...response, flags: 0, payload: utf8('pong') }))).toBe(
			vector('query-response').hex,
		);
	});

	it('writes a vote in a name conflict', () => {
		const member: Member = {
			name: 'node-b',
			address: { host: '127.0.0.1', port: 7946 },
			state: 'alive',
			incarnation: 1,
			tags: { role: 'web' },
			protocol: [1, 5, 2, 2, 5, 5],
			own: false,
			changedAt: 0,
			seenAt: 0,
		};
		expect(hex(encodeConflictResponse(member))).toBe(vector('conflict-response-body').hex);
	});

	it('reads requests about keys and writes the answers', () => {
		expect(decodeKeyRequest(vector('key-request').bytes)).toEqual(new Uint8Array(16).fill(0xaa));
		const done = encodeKeyResponse({ keys: [], message: '', primary: new Uint8Array(0), done: true });
		expect(hex(done)).toBe(vector('key-response').hex);
		const key = Uint8Array.from({ length: 16 }, (_, i) => i);
		const list = encodeKeyResponse({ keys: [key], message: '', primary: key, done: true });
		expect(hex(list)).toBe(vector('key-response-list').hex);
	});

	it('writes and reads push/pull state', () => {
		const fresh = { memberTime: 1, eventTime: 1, queryTime: 1, statusTime: 1 };
		expect(hex(encodeState(fresh, 'node-a'))).toBe(vector('push-pull-minimal').hex);
		const state = vector('push-pull').bytes;
		const clocks = { memberTime: 62, eventTime: 4, queryTime: 3 };
		expect(decodeState(state, utf8('node-a'))).toEqual({ ...clocks, statusTime: 61, left: false });
		expect(decodeState(state, utf8('node-z'))).toEqual({ ...clocks, statusTime: 0, left: true });
	});

	it('reads every message captured from a real agent', () => {
		const { captured } = vectorFile('serf') as { captured: { hex: string; decoded: Record<string, unknown> }[] };
		for (const { hex: text, decoded } of captured) {
			const message = bytes(text);
			const { LTime: time, Node: node, ID: id, Name: name, Flags: flags } = decoded;
			if (decoded.serfType === 1) expect(decodeIntent(message)).toEqual({ time, node });
			else if (decoded.serfType === 3) expect(decodeEventTime(message)).toBe(time);
			else if (decoded.serfType === 4) expect(decodeQuery(message)).toMatchObject({ time, id, name, flags });
		}
		expect(captured.length).toBeGreaterThan(8);
	});
});
