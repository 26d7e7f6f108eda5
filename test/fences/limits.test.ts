// The table of limits in SECURITY.md says what the code does, and every limit of the code stands in it.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAX_VIEWERS as FLIGHT_VIEWERS } from '../../src/flight/flight-service.ts';
import { SERVER_OPTIONS as FLIGHT_OPTIONS } from '../../src/flight/server.ts';
import { MAX_VIEWERS } from '../../src/http/live.ts';
import { MAX_CONNECTIONS, SERVER_OPTIONS } from '../../src/http/server.ts';
import { MAX_LAG } from '../../src/mesh/event-stream.ts';
import { STREAM_DEFAULTS } from '../../src/net/streams.ts';
import { EVENT_LOG_LIMIT } from '../../src/status/event-log.ts';
import { EVIDENCE_LIMITS } from '../../src/status/evidence.ts';
import { DEFAULTS } from '../../src/swim/index.ts';
import { WIRE_LIMITS } from '../../src/wire/index.ts';

const page = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');

/** Rows of the table: the constant's name, then its value. */
const rows = new Map([...page.matchAll(/^\| `([\w.]+)` \| ([^|]+?) \|/gm)].map(([, name, value]) => [name!, value!]));

const LIMITS: Readonly<Record<string, number>> = {
	...prefixed('limits', DEFAULTS.limits),
	...prefixed('wire', WIRE_LIMITS),
	...prefixed('streams', STREAM_DEFAULTS),
	...prefixed('evidence', EVIDENCE_LIMITS),
	'events.kept': EVENT_LOG_LIMIT,
	'events.lag': MAX_LAG,
	'http.viewers': MAX_VIEWERS,
	'http.connections': MAX_CONNECTIONS,
	'http.headerBytes': SERVER_OPTIONS.maxHeaderSize,
	'http.requestMs': SERVER_OPTIONS.requestTimeout,
	'flight.viewers': FLIGHT_VIEWERS,
	'flight.requestBytes': FLIGHT_OPTIONS['grpc.max_receive_message_length'],
	'flight.streams': FLIGHT_OPTIONS['grpc.max_concurrent_streams'],
};

function prefixed(prefix: string, limits: object): Record<string, number> {
	return Object.fromEntries(Object.entries(limits).map(([name, value]) => [`${prefix}.${name}`, value as number]));
}

describe('the limits in SECURITY.md', () => {
	it.each(Object.entries(LIMITS))('%s is %i', (name, value) => {
		expect(rows.get(name)).toBe(value.toLocaleString('en-US'));
	});

	it('are no more than there are', () => {
		expect([...rows.keys()].filter((name) => !(name in LIMITS))).toEqual([]);
	});
});
