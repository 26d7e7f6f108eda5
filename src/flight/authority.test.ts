// Who may change something.

import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { authorize, isLoopback } from './authority.ts';

function caller(peer: string, ...authorization: string[]) {
	const metadata = new Metadata();
	for (const value of authorization) metadata.add('authorization', value);
	return { peer, metadata };
}

describe('isLoopback', () => {
	it.each([
		['127.0.0.1:5000', true],
		['127.8.9.10:5000', true],
		['[::1]:5000', true],
		['::1:5000', true],
		['[::ffff:127.0.0.1]:5000', true],
		['::ffff:127.0.0.1:5000', true],
		['10.0.0.1:5000', false],
		['[fd00::1]:5000', false],
		['[::ffff:10.0.0.1]:5000', false],
		['127.evil.example:5000', false],
		['unknown', false],
		['', false],
	])('%s: %s', (peer, expected) => {
		expect(isLoopback(peer)).toBe(expected);
	});
});

describe('authorize', () => {
	const remote = '10.0.0.9:5000';

	it('lets loopback through, with or without a token', () => {
		authorize('MeshLeave', caller('127.0.0.1:5000'), undefined);
		authorize('MeshLeave', caller('[::1]:5000'), 'secret');
	});

	it('lets the admin token through from anywhere', () => {
		authorize('MeshLeave', caller(remote, 'Bearer secret'), 'secret');
		authorize('MeshLeave', caller(remote, 'bearer secret'), 'secret');
	});

	it.each([
		['no token given', [], 'secret', /was not given$/],
		['a wrong token', ['Bearer Secret'], 'secret', /was wrong$/],
		['a prefix of the token', ['Bearer secre'], 'secret', /was wrong$/],
		['another scheme', ['Basic secret'], 'secret', /was not given$/],
		['two tokens', ['Bearer secret', 'Bearer other'], 'secret', /was not given$/],
		['no token configured', ['Bearer secret'], undefined, /only from its own machine: no admin token is configured$/],
	] as const)('denies a remote caller with %s', (_case, given, token, message) => {
		expect(() => authorize('MeshLeave', caller(remote, ...given), token)).toThrow(
			expect.objectContaining({ code: 'PERMISSION_DENIED', message: expect.stringMatching(message) }),
		);
	});
});
