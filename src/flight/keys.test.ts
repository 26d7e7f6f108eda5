// MeshKeys at the border: which bodies are requests, which of them change something, and that no error repeats a key.

import { afterEach, describe, expect, it } from 'vitest';
import { callFlight as call, closeAll, serveFlight as serve } from '../../test/support/flight-server.ts';
import { changesKeys, keysRequest } from './keys.ts';

afterEach(closeAll);

describe('keysRequest', () => {
	it.each([
		{ op: 'list' },
		{ op: 'list', key: 'b7f0' },
		{ op: 'install', key: 'AAAA' },
		{ op: 'install', sealed: 'AAAA' },
		{ op: 'use', key: 'b7f0' },
		{ op: 'remove', key: 'b7f0' },
	])('takes %j', (body) => {
		expect(keysRequest(body)).toEqual(body);
		expect(changesKeys(body)).toBe(body.op !== 'list');
	});

	it.each([
		[{}, 'body.op: not one of list, install, use, remove'],
		[{ op: 'LIST' }, 'body.op: not one of list, install, use, remove'],
		[{ op: 'install' }, 'body: install needs a key or a sealed one'],
		[{ op: 'install', key: 'x', sealed: 'y' }, 'body: install needs a key or a sealed one'],
		[{ op: 'use' }, 'body.key: use needs one'],
		[{ op: 'remove' }, 'body.key: remove needs one'],
		[{ op: 'use', key: 'x', sealed: 'y' }, 'body.sealed: use takes no sealed key'],
		[{ op: 'use', key: 7 }, 'body.key: not a text of 1 to 512 bytes (the value is not shown)'],
		[{ op: 'use', key: '' }, 'body.key: not a text of 1 to 512 bytes (the value is not shown)'],
		[{ op: 'use', key: 'secret'.repeat(100) }, 'body.key: not a text of 1 to 512 bytes (the value is not shown)'],
	])('refuses %j', (body, message) => {
		expect(() => keysRequest(body)).toThrow(message);
		// Whatever is not clearly a look needs the token.
		expect(changesKeys(body)).toBe(true);
	});
});

it('MeshKeys answers with ids', async () => {
	const server = await serve();
	expect(await call(server, 'MeshKeys', { op: 'list' })).toEqual({
		member: 'b',
		keys: [{ key: 'b7f0', bits: 256, primary: true, heardMsAgo: 12 }],
	});
	expect(await call(server, 'MeshKeys', { op: 'use', key: '91ac' })).toMatchObject({ keys: [{ key: '91ac' }] });
	await expect(call(server, 'MeshKeys')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
