// Named attacks on real sockets of loopback: connections that are slow, and connections that are many.
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Mesh } from '../../src/mesh/index.ts';
import { agree, at, log, start, states } from '../support/mesh.ts';
import { until } from '../support/until.ts';

/** Patient enough for a loaded machine: what is looked for is a death, not a late ack. */
const PATIENT = { protocolPeriodMs: 200, ackTimeoutMs: 100, suspicionTimeoutMs: 5_000 };

const sockets = new Set<Socket>();

afterEach(() => {
	for (const socket of sockets) socket.destroy();
	sockets.clear();
});

interface Connection {
	readonly socket: Socket;
	connected: boolean;
	closed: boolean;
}

/** Whatever becomes of it is no error of the test's. */
function dial(mesh: Mesh, localAddress: string): Connection {
	const socket = connect({ host: '127.0.0.1', port: mesh.address.port, localAddress });
	const connection: Connection = { socket, connected: false, closed: false };
	sockets.add(socket);
	socket.on('connect', () => {
		connection.connected = true;
	});
	socket.on('error', () => undefined);
	socket.on('close', () => {
		connection.closed = true;
		sockets.delete(socket);
	});
	return connection;
}

/** The longest that a mesh of three has at the same time, and none of whom has anything to say of the others. */
async function trio(options = {}): Promise<{ meshes: Mesh[]; target: Mesh }> {
	const first = await start('a', { ...PATIENT, ...options });
	const others = ['b', 'c'].map((name) => start(name, { ...PATIENT, ...options, seeds: [at(first)] }));
	const meshes = [first, ...(await Promise.all(others))];
	await agree(meshes, 'a b c');
	return { meshes, target: first };
}

/** A member that speaks memberlist alone, so that it joins over a stream. */
async function joinsOverStream(name: string, through: Mesh): Promise<void> {
	const foreign = await start(name, { ...PATIENT, extensions: false, seeds: [at(through)] });
	// News may reach it before the exchange is over, so that it knows as many as the other, but not the same.
	const isKnown = (): boolean => through.member(name)?.state === 'alive';
	await until(`${name} knows all`, () => isKnown() && foreign.members.length === through.members.length, 30_000);
}

describe('attack: slow-loris streams', { timeout: 60_000 }, () => {
	it('are few at a time and cut off in time, while others are served', async () => {
		const { target } = await trio({ streamTimeoutMs: 2_000 });
		const most = target.status.config.limits.streams;
		// A push/pull that never ends, a byte at a time.
		const hello = Uint8Array.of(6, 0x83, 0xa4, 0x4a, 0x6f, 0x69, 0x6e, 0xc3, 0xa5, 0x4e);
		const slow = Array.from({ length: 100 }, () => dial(target, '127.0.0.2'));
		let sent = 0;
		const drip = setInterval(() => {
			for (const { socket, closed } of slow) if (!closed) socket.write(hello.subarray(sent, sent + 1));
			sent = Math.min(sent + 1, hello.length - 1);
		}, 100);
		try {
			await until('some are served', () => target.status.sizes.streams > 0);
			expect(target.status.sizes.streams).toBeLessThanOrEqual(most / 4);
			await joinsOverStream('d', target);
			await until('all are cut off', () => slow.every(({ closed }) => closed), 30_000);
			await until('none is held', () => target.status.sizes.streams === 0);
		} finally {
			clearInterval(drip);
		}
		expect(target.status.counters.rejected['too-many'] ?? 0).toBeGreaterThan(0);
	});
});

describe('attack: 10,000 connections', { timeout: 120_000 }, () => {
	it('from many addresses leave the mesh as it was, and newcomers are served', async () => {
		const { meshes, target } = await trio();
		const { config } = target.status;
		const events = meshes.map(log);
		let open = 0;
		for (let made = 0; made < 10_000; made += 250) {
			// From 40 hosts; nobody closes what he has opened.
			const wave = Array.from({ length: 250 }, (_, i) => dial(target, `127.0.1.${1 + ((made + i) % 40)}`));
			await until('the wave has arrived', () => wave.every(({ connected, closed }) => connected || closed), 30_000);
			open = Math.max(open, target.status.sizes.streams);
		}
		expect(open).toBeGreaterThan(0);
		expect(open).toBeLessThanOrEqual(config.limits.streams / 2);
		await joinsOverStream('d', target);
		expect(events.flatMap((each) => ['a', 'b', 'c'].flatMap((name) => states(each, name)))).not.toContain(
			'suspect>dead',
		);
		for (const socket of sockets) socket.destroy();
		await until('none is held', () => target.status.sizes.streams === 0, 30_000);
	});
});
