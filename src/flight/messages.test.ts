// The hand-made messages against a protocol-buffer library.

import type { ServiceDefinition } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { decodeResult, encodeAction } from './messages.ts';
import { FLIGHT } from './protocols.ts';
import { loadProtocol } from './services.ts';

const service = loadProtocol(FLIGHT).services.get('arrow.flight.protocol.FlightService') as ServiceDefinition;
const doAction = service.DoAction as NonNullable<ServiceDefinition[string]>;

describe('encodeAction', () => {
	it.each([0, 1, 127, 128, 16_383, 16_384, 70_000])('a body of %d bytes is read by protobuf.js', (length) => {
		const body = 'x'.repeat(length);
		const action = doAction.requestDeserialize(encodeAction('MeshStätus', body));
		expect(action).toEqual({ type: 'MeshStätus', body: Buffer.from(body) });
	});
});

describe('decodeResult', () => {
	it.each([0, 1, 127, 128, 16_384, 3_000_000])('reads %d bytes that protobuf.js wrote', (length) => {
		const body = Buffer.alloc(length, 0x5a);
		expect(Buffer.from(decodeResult(doAction.responseSerialize({ body }))).equals(body)).toBe(true);
	});

	it('passes over fields that it does not know', () => {
		const unknown = [0x10, 0x96, 0x01, 0x19, 1, 2, 3, 4, 5, 6, 7, 8, 0x22, 0x01, 0xff, 0x2d, 1, 2, 3, 4];
		const bytes = Buffer.from([...unknown, 0x0a, 0x02, 0x68, 0x69, ...unknown]);
		expect(Buffer.from(decodeResult(bytes)).toString()).toBe('hi');
	});

	it.each([
		['a cut body', [0x0a, 0x05, 0x68]],
		['a cut tag', [0x8a]],
		['an endless number', new Array(12).fill(0xff)],
		['a group', [0x0b]],
	])('throws on %s', (_case, bytes) => {
		expect(() => decodeResult(Buffer.from(bytes))).toThrow(RangeError);
	});
});
