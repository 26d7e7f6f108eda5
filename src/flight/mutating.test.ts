// Every action that changes something is refused to callers from elsewhere, whichever it is, with a body or without.

import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { ACTIONS } from './actions.ts';
import { authorize } from './authority.ts';

const MUTATING = ACTIONS.filter(({ mutating }) => mutating).map(({ type }) => type);
const bearer = (token: string): Metadata => {
	const metadata = new Metadata();
	metadata.set('authorization', `Bearer ${token}`);
	return metadata;
};

describe('mutating actions', () => {
	it('are these, and no others', () => {
		expect(MUTATING).toEqual(expect.arrayContaining(['MeshJoin', 'MeshLeave', 'MeshTags', 'MeshKeys']));
		expect(
			ACTIONS.filter(({ type }) => /Join|Leave|Tags|Keys|Remove/.test(type)).every(({ mutating }) => mutating),
		).toBe(true);
	});

	it.each(MUTATING)('%s needs the token off loopback, and a token where none is configured is no token', (type) => {
		const from = (peer: string, metadata: Metadata = new Metadata()) => ({ peer, metadata });
		for (const peer of ['10.0.0.9:4711', '[fe80::1]:4711', '192.168.127.1:1', '[::ffff:10.0.0.9]:1', 'unix:/tmp/a']) {
			expect(() => authorize(type, from(peer), 'secret')).toThrow(/needs its admin token/);
			expect(() => authorize(type, from(peer, bearer('guess')), 'secret')).toThrow(/which was wrong/);
			expect(() => authorize(type, from(peer, bearer('')), undefined)).toThrow(/no admin token is configured/);
			expect(() => authorize(type, from(peer, bearer('secret')), 'secret')).not.toThrow();
		}
		expect(() => authorize(type, from('127.0.0.1:4711'), undefined)).not.toThrow();
	});
});
