// What only the transport on real sockets has: ports, address families, and the errors of the operating system.

import { createSocket, type Socket } from 'node:dgram';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Address, NetworkInput } from '../swim/index.ts';
import { createNodeTransport, type NodeTransportOptions } from './node-transport.ts';
import { type Transport, TransportError } from './transport.ts';

const HOST = '127.0.0.1';
const closers: (() => Promise<unknown>)[] = [];

interface Opened {
	readonly transport: Transport;
	readonly address: Address;
	readonly inputs: NetworkInput[];
}

async function open(options: Partial<NodeTransportOptions> = {}): Promise<Opened> {
	const transport = createNodeTransport({ host: HOST, port: 0, streams: true, ...options });
	const inputs: NetworkInput[] = [];
	const address = await transport.open((input) => inputs.push(input));
	closers.push(() => transport.close());
	return { transport, address, inputs };
}

async function openingError(options: Partial<NodeTransportOptions>): Promise<TransportError> {
	const transport = createNodeTransport({ host: HOST, port: 0, streams: true, ...options });
	const error = await transport.open(() => {}).catch((reason: unknown) => reason);
	await transport.close();
	expect(error).toBeInstanceOf(TransportError);
	return error as TransportError;
}

function until(condition: () => boolean): Promise<boolean> {
	return vi.waitUntil(condition, { timeout: 5_000, interval: 5 });
}

/** Whether something listens there on TCP. */
async function listensOnTcp({ host, port }: Address): Promise<boolean> {
	const socket = connect(port, host);
	try {
		await once(socket, 'connect');
		return true;
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
}

afterEach(async () => {
	await Promise.all(closers.splice(0).map((close) => close()));
});

describe('port', () => {
	it('0 gives one number for UDP and TCP', async () => {
		const { address } = await open();
		expect(address.port).toBeGreaterThan(0);
		expect(await listensOnTcp(address)).toBe(true);
	});

	it('many transports with port 0 find one each', async () => {
		const opened = await Promise.all(Array.from({ length: 30 }, () => open()));
		expect(new Set(opened.map(({ address }) => address.port)).size).toBe(30);
	});

	it('a connection that we have ended is closed in time, though its other side never ends it', async () => {
		const { transport, address, inputs } = await open({ lingerMs: 100, maxAcceptedPerHost: 1 });
		const silent = connect({ port: address.port, host: HOST, allowHalfOpen: true });
		closers.push(async () => silent.destroy());
		await until(() => inputs.some(({ type }) => type === 'accept'));
		transport.perform({ type: 'end', stream: (inputs[0] as { stream: number }).stream });
		// There is room for one of that host: another one is served once the first is gone.
		const accepted = (): number => inputs.filter(({ type }) => type === 'accept').length;
		await vi.waitUntil(
			async () => {
				await listensOnTcp(address);
				return accepted() > 1;
			},
			{ timeout: 10_000, interval: 50 },
		);
		expect(transport.faults.ACCEPT_LIMIT).toBeGreaterThan(0);
	});

	it('nothing listens on TCP without streams, and an opened stream fails on a later turn', async () => {
		const { transport, address, inputs } = await open({ streams: false });
		expect(await listensOnTcp(address)).toBe(false);
		transport.perform({ type: 'open', stream: 1, to: address });
		transport.perform({ type: 'open', stream: 3, to: address });
		transport.perform({ type: 'reset', stream: 1 });
		expect(inputs).toEqual([]);
		await until(() => inputs.length > 0);
		expect(inputs).toEqual([{ type: 'fail', stream: 3, reason: 'STREAMS_OFF' }]);
	});
});

describe('open refuses', () => {
	it('a UDP port that is in use', async () => {
		const { address } = await open({ streams: false });
		const error = await openingError({ port: address.port });
		expect(error.code).toBe('NET_ADDRESS_IN_USE');
		expect(error.message).toBe(`UDP ${address.port} is in use on ${HOST}`);
		expect(error.cause).toMatchObject({ code: 'EADDRINUSE' });
	});

	it('a TCP port that is in use, and then holds UDP no longer', async () => {
		const server = createServer().listen(0, HOST);
		await once(server, 'listening');
		closers.push(async () => server.close());
		const { port } = server.address() as AddressInfo;
		const error = await openingError({ port });
		expect(error.code).toBe('NET_ADDRESS_IN_USE');
		expect(error.message).toBe(`TCP ${port} is in use on ${HOST}`);
		await open({ port, streams: false });
	});

	it.each(['192.0.2.1', '2001:db8::1'])('%s, which is no address of this host', async (host) => {
		const error = await openingError({ host });
		expect(error.code).toBe('NET_ADDRESS_UNAVAILABLE');
		expect(error.message).toBe(`${host} is not an address of this host`);
	});

	it('to go on when it is closed meanwhile, and frees the port', async () => {
		const { address, transport } = await open();
		await transport.close();
		const again = createNodeTransport({ host: HOST, port: address.port, streams: true });
		const opening = again.open(() => {}).catch((reason: unknown) => reason);
		await again.close();
		expect(await opening).toMatchObject({ code: 'NET_FAILED' });
		await open({ port: address.port });
	});
});

describe('options', () => {
	it.each(['localhost', '', '127.0.0.1:7946', '[::1]'])('host %j is a TypeError', (host) => {
		expect(() => createNodeTransport({ host, port: 0, streams: true })).toThrow(TypeError);
	});
	it.each([-1, 65_536, 1.5, Number.NaN])('port %d is a RangeError', (port) => {
		expect(() => createNodeTransport({ host: HOST, port, streams: true })).toThrow(RangeError);
	});
});

describe('dual stack', () => {
	it('`::` takes IPv4 too and names IPv4 peers by their IPv4 address, on packets and streams', async () => {
		const dual = await open({ host: '::' });
		const four = await open();
		four.transport.perform({ type: 'packet', to: { host: HOST, port: dual.address.port }, bytes: new Uint8Array(3) });
		four.transport.perform({ type: 'open', stream: 1, to: { host: HOST, port: dual.address.port } });
		await until(() => dual.inputs.length === 2);
		expect(dual.inputs).toContainEqual({ type: 'packet', from: four.address, bytes: new Uint8Array(3) });
		expect(dual.inputs).toContainEqual({ type: 'accept', stream: 2, from: { host: HOST, port: expect.any(Number) } });
	});

	it('packets and streams leave from the bound address, so that an allow list of the peer knows both by it', async () => {
		const here = await open({ host: '127.0.0.2' });
		const there = await open();
		here.transport.perform({ type: 'packet', to: there.address, bytes: new Uint8Array(3) });
		here.transport.perform({ type: 'open', stream: 1, to: there.address });
		await until(() => there.inputs.length === 2);
		expect(there.inputs.map((input) => 'from' in input && input.from.host)).toEqual(['127.0.0.2', '127.0.0.2']);
	});

	it('`::` sends to IPv4 and to IPv6', async () => {
		const dual = await open({ host: '::' });
		const four = await open();
		const six = await open({ host: '::1' });
		for (const to of [four.address, six.address]) {
			dual.transport.perform({ type: 'packet', to, bytes: new Uint8Array(3) });
		}
		await until(() => four.inputs.length + six.inputs.length === 2);
		const { port } = dual.address;
		expect(four.inputs[0]).toMatchObject({ from: { host: HOST, port } });
		expect(six.inputs[0]).toMatchObject({ from: { host: '::1', port } });
	});

	it('counts a packet of an IPv4 socket to IPv6', async () => {
		const four = await open();
		four.transport.perform({ type: 'packet', to: { host: '::1', port: 7_946 }, bytes: new Uint8Array(3) });
		await until(() => four.transport.faults.EAFNOSUPPORT === 1);
	});
});

describe('faults', () => {
	it('defect 26: goes on receiving after packets that nobody took (ICMP port unreachable)', async () => {
		const { transport, address, inputs } = await open();
		const gone = await open();
		await gone.transport.close();
		const sender = createSocket('udp4');
		for (let round = 1; round <= 20; round++) {
			transport.perform({ type: 'packet', to: gone.address, bytes: new Uint8Array(10) });
			sender.send(new Uint8Array(round), address.port, address.host);
			await until(() => inputs.length === round);
		}
		sender.close();
	});

	it.each(['ECONNREFUSED', 'EPERM'])('defect 26: goes on receiving after a read error %s', async (code) => {
		const sockets: Socket[] = [];
		const collect = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
		subscribe('udp.socket', collect);
		const { transport, address, inputs } = await open();
		unsubscribe('udp.socket', collect);
		sockets[0]?.emit('error', Object.assign(new Error(`recvmsg ${code}`), { code }));
		transport.perform({ type: 'packet', to: address, bytes: new Uint8Array(2) });
		await until(() => inputs.length === 1);
		expect(transport.faults).toMatchObject({ [code]: 1 });
	});

	it('a packet that the operating system refuses is counted by its code, and the next one goes', async () => {
		const { transport, address, inputs } = await open();
		// A socket without leave to broadcast is refused (EACCES), and so is one without a route (ENETUNREACH).
		transport.perform({ type: 'packet', to: { host: '255.255.255.255', port: 7_946 }, bytes: new Uint8Array(1) });
		transport.perform({ type: 'packet', to: address, bytes: new Uint8Array(2) });
		await until(() => inputs.length === 1);
		const { RECEIVE_BUFFER: _, ...refused } = transport.faults;
		expect(Object.values(refused)).toEqual([1]);
	});

	it('a refusal after many packets that went well is noticed, and what follows it is counted each', async () => {
		const { transport, address, inputs } = await open();
		const send = (host: string): void =>
			transport.perform({ type: 'packet', to: { host, port: address.port }, bytes: new Uint8Array(1) });
		for (let round = 1; round <= 200; round++) {
			send(HOST);
			await until(() => inputs.length === round);
		}
		const refused = (): number => {
			const { RECEIVE_BUFFER: _, ...counts } = transport.faults;
			return Object.values(counts).reduce((sum, count) => sum + count, 0);
		};
		for (let i = 0; i < 64; i++) send('255.255.255.255');
		await until(() => refused() === 1);
		for (let i = 0; i < 10; i++) send('255.255.255.255');
		await until(() => refused() === 11);
	});

	it('a stream to somebody who never answers fails in time', async () => {
		// The kernel takes connections for a listener that is blocked until its backlog is full; then it drops them.
		const code = `
			const { parentPort } = require('node:worker_threads');
			const server = require('node:net').createServer().listen({ port: 0, host: '${HOST}', backlog: 1 }, () => {
				parentPort.postMessage(server.address().port);
				setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
			});`;
		const worker = new Worker(code, { eval: true });
		closers.push(() => worker.terminate());
		const [port] = (await once(worker, 'message')) as [number];
		const { transport, inputs } = await open({ connectTimeoutMs: 200 });
		for (let stream = 1; stream < 20; stream += 2) {
			transport.perform({ type: 'open', stream, to: { host: HOST, port } });
		}
		await until(() => inputs.some((input) => input.type === 'fail'));
		expect(inputs).toContainEqual({ type: 'fail', stream: expect.any(Number), reason: 'ETIMEDOUT' });
	});

	it('close does not wait for a peer that does not read', async () => {
		const server = createServer({ pauseOnConnect: true }).listen(0, HOST);
		await once(server, 'listening');
		closers.push(async () => server.close());
		const { transport } = await open();
		const accepted = once(server, 'connection');
		transport.perform({ type: 'open', stream: 1, to: { host: HOST, port: (server.address() as AddressInfo).port } });
		transport.perform({ type: 'write', stream: 1, bytes: new Uint8Array(32 * 1024 * 1024) });
		await accepted;
		const before = performance.now();
		await transport.close();
		expect(performance.now() - before).toBeLessThan(3_000);
	});
});
