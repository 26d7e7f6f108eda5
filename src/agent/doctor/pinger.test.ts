// Pings of the doctor against a real mesh on loopback, and how long its packets are on the wire.

import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { createMesh, type Mesh, type MeshOptions } from '../../mesh/index.ts';
import { Keyring } from '../../wire/index.ts';
import { Pinger, type PingerOptions } from './pinger.ts';

const WAIT = { waitMs: 5_000 };
const SOON = { waitMs: 100 };
const KEYS = [new Uint8Array(32).fill(7)];

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

async function mesh(name: string, options: Partial<MeshOptions> = {}): Promise<Mesh> {
	const made = await createMesh({ name, bindHost: '127.0.0.1', port: 0, ...options });
	closers.push(() => made.close());
	return made;
}

async function pinger(options: Partial<PingerOptions> = {}): Promise<Pinger> {
	const made = await Pinger.open({ host: '127.0.0.1', wire: {}, packetBytes: 1_472, ...options });
	closers.push(() => made.close());
	return made;
}

describe('Pinger', () => {
	it('measures a round trip, and changes nothing in whom it asks', async () => {
		const a = await mesh('a');
		const doctor = await pinger();
		const { digest } = a.status;
		for (const name of ['a', '']) expect(await doctor.ping(a.address, name, WAIT)).toBeGreaterThan(0);
		expect(a.members.map((member) => member.name)).toEqual(['a']);
		expect(a.status.digest).toEqual(digest);
	});

	it('is not answered under another name, label or key', async () => {
		const a = await mesh('a');
		expect(await (await pinger()).ping(a.address, 'b', SOON)).toBeUndefined();
		expect(await (await pinger({ wire: { label: 'x' } })).ping(a.address, 'a', SOON)).toBeUndefined();
		expect(await (await pinger({ wire: { keyring: new Keyring(KEYS) } })).ping(a.address, 'a', SOON)).toBeUndefined();
	});

	it('bears label and keys', async () => {
		const a = await mesh('a', { label: 'prod', keys: KEYS });
		const doctor = await pinger({ wire: { label: 'prod', keyring: new Keyring(KEYS) } });
		expect(await doctor.ping(a.address, 'a', { ...WAIT, bytes: 1_400 })).toBeGreaterThan(0);
	});

	it('lets a member ask another one: ack, or nack where nobody is', async () => {
		const a = await mesh('a');
		const b = await mesh('b', { seeds: [`127.0.0.1:${a.address.port}`] });
		const c = await mesh('c', { seeds: [`127.0.0.1:${a.address.port}`] });
		await expect.poll(() => b.members.length, { timeout: 10_000 }).toBe(3);
		const doctor = await pinger();
		expect(await doctor.pingThrough(b.address, c.self, WAIT.waitMs)).toBe('ack');
		const gone = c.self;
		await c.close();
		expect(await doctor.pingThrough(b.address, gone, WAIT.waitMs)).toBe('nack');
	});

	it.each([508, 1_100, 1_200, 1_400, 1_472])('sends exactly %d bytes, whatever layers there are', async (bytes) => {
		const socket = createSocket('udp4');
		closers.push(async () => socket.close());
		await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
		const { port } = socket.address();
		const lengths: number[] = [];
		socket.on('message', (packet) => lengths.push(packet.length));
		for (const wire of [{}, { label: 'prod' }, { label: 'prod', keyring: new Keyring(KEYS) }]) {
			const doctor = await pinger({ wire });
			await doctor.ping({ host: '127.0.0.1', port }, 'longbow-0', { waitMs: 20, bytes });
		}
		await expect.poll(() => lengths, { timeout: 5_000 }).toEqual([bytes, bytes, bytes]);
	});
});
