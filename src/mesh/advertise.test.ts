// Which address is told to the others, and which start is refused.

import { describe, expect, it } from 'vitest';
import { isWildcard } from '../net/index.ts';
import { advertisedAddress } from './advertise.ts';

const wildcard = { host: '0.0.0.0', port: 7946 };
const loopback = { host: '127.0.0.1', port: 7946 };
const external = { host: '10.0.0.5', port: 7946 };

describe('advertisedAddress', () => {
	it('is what was asked for, with the bound port where none was named', async () => {
		expect(await advertisedAddress({ advertise: '203.0.113.9' }, wildcard)).toEqual({
			host: '203.0.113.9',
			port: 7946,
		});
		expect(await advertisedAddress({ advertise: '[fd00::1]:9' }, loopback)).toEqual({ host: 'fd00::1', port: 9 });
	});

	it('is the bound one otherwise, and never a wildcard', async () => {
		expect(await advertisedAddress({}, external)).toEqual(external);
		const { host, port } = await advertisedAddress({}, wildcard);
		expect([isWildcard(host), port]).toEqual([false, 7946]);
	});

	it('refuses loopback when a seed is on another host', async () => {
		const seeds = ['localhost:7946', '10.255.255.1'];
		const refusal = {
			code: 'MESH_NOT_REACHABLE',
			message: expect.stringContaining('would be advertised, and 10.255.255.1:7946 is on another host'),
		};
		await expect(advertisedAddress({ seeds }, loopback)).rejects.toMatchObject(refusal);
		await expect(advertisedAddress({ seeds, advertise: '127.0.0.1:1' }, wildcard)).rejects.toMatchObject(refusal);
		expect(await advertisedAddress({ seeds }, external)).toEqual(external);
	});

	it('takes loopback when the seeds are here, or may be', async () => {
		const { host } = await advertisedAddress({}, wildcard);
		for (const seed of ['127.0.0.1:7947', '[::1]:7947', 'localhost', 'some-name.example', host]) {
			expect(await advertisedAddress({ seeds: [seed] }, loopback), seed).toEqual(loopback);
		}
	});
});
