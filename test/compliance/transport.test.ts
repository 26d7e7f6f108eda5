// What every transport promises, asked of the real one on both IP versions and of the one in memory.

import { afterEach, describe, expect, it } from 'vitest';
import { type StreamOptions, TransportError } from '../../src/net/index.ts';
import type { Address, NetworkOutput } from '../../src/swim/index.ts';
import { Peer, until } from './transport-peer.ts';
import { pattern, worlds } from './transport-worlds.ts';

describe.each(worlds)('transport: $name', { timeout: 15_000 }, ({ host, network }) => {
	const peers: Peer[] = [];

	async function openPeers(count: number, options: StreamOptions = {}): Promise<Peer[]> {
		const make = network(options);
		const opened = await Promise.all(Array.from({ length: count }, () => new Peer(make(0)).open()));
		peers.push(...opened);
		return opened;
	}

	async function pair(options: StreamOptions = {}): Promise<[Peer, Peer]> {
		return (await openPeers(2, options)) as [Peer, Peer];
	}

	/** A stream from `a` to `b`: its number on either side. */
	async function connect(a: Peer, b: Peer): Promise<[number, number]> {
		const known = b.accepted.length;
		const opened = a.openStream(b.address);
		await until(() => b.accepted.length > known);
		return [opened, b.accepted.at(-1) as number];
	}

	/** Lets everything that is on its way arrive: a stream is opened, answered and ended behind it. */
	async function settle(a: Peer, b: Peer): Promise<void> {
		const [mine, theirs] = await connect(a, b);
		b.end(theirs);
		a.end(mine);
		await until(() => a.ended(mine) && b.ended(theirs));
	}

	afterEach(async () => {
		const used = peers.splice(0);
		await Promise.all(used.map((peer) => peer.close()));
		expect(used.flatMap((peer) => peer.breaches)).toEqual([]);
	});

	describe('packets', () => {
		it.each([0, 1, 100, 1_400, 6_000, 65_507])('carries %i bytes', async (length) => {
			const [a, b] = await pair();
			a.send(b.address, pattern(length));
			await until(() => b.packets.length === 1);
			expect(Buffer.compare(b.packets[0]?.bytes as Uint8Array, pattern(length))).toBe(0);
		});

		it('names the address on which the sender listens', async () => {
			const [a, b] = await pair();
			a.send(b.address, pattern(10));
			await until(() => b.packets.length === 1);
			expect(b.packets[0]?.from).toEqual(a.address);
		});

		it('keeps the borders of packets', async () => {
			const [a, b] = await pair();
			const lengths = Array.from({ length: 50 }, (_, index) => index + 1);
			for (const length of lengths) a.send(b.address, pattern(length));
			await until(() => b.packets.length === lengths.length);
			const arrived = b.packets.map((packet) => packet.bytes.length).sort((x, y) => x - y);
			expect(arrived).toEqual(lengths);
		});

		it('hands over bytes that belong to the receiver', async () => {
			const [a, b] = await pair();
			const bytes = pattern(100);
			b.react = (input) => void ('bytes' in input && input.bytes.fill(0));
			a.send(b.address, bytes);
			a.send(b.address, bytes);
			await until(() => b.packets.length === 2);
			expect(bytes).toEqual(pattern(100));
		});

		it('sends to itself: most of a burst of 1,000 arrives', async () => {
			const [a] = (await openPeers(1)) as [Peer];
			for (let i = 0; i < 1_000; i++) a.send(a.address, pattern(100, i));
			await until(() => a.packets.length >= 900);
		});

		it('a packet to nobody vanishes and does no harm', async () => {
			const [a, b] = await pair();
			await b.close();
			for (let i = 0; i < 10; i++) a.send(b.address, pattern(10));
			a.send(a.address, pattern(20));
			await until(() => a.packets.length === 1);
		});

		it('sends from inside of deliver', async () => {
			const [a, b] = await pair();
			b.react = (input) => input.type === 'packet' && b.send(input.from, input.bytes);
			a.send(b.address, pattern(50));
			await until(() => a.packets.length === 1);
		});
	});

	describe('streams', () => {
		it('opens, is accepted under an even number, and carries bytes both ways', async () => {
			const [a, b] = await pair();
			const [mine, theirs] = await connect(a, b);
			expect(theirs % 2).toBe(0);
			expect(b.inputs[0]).toEqual({
				type: 'accept',
				stream: theirs,
				from: { host, port: expect.any(Number) },
			});
			a.write(mine, pattern(1_000));
			b.write(theirs, pattern(2_000, 1));
			await until(() => a.received(mine).length >= 2_000 && b.received(theirs).length >= 1_000);
			expect(b.received(theirs).equals(pattern(1_000))).toBe(true);
			expect(a.received(mine).equals(pattern(2_000, 1))).toBe(true);
		});

		it('keeps what is written and ended before the stream is established', async () => {
			const [a, b] = await pair();
			const mine = a.openStream(b.address);
			a.write(mine, pattern(10));
			a.write(mine, pattern(20, 1));
			a.end(mine);
			await until(() => b.accepted.length === 1 && b.ended(b.accepted[0] as number));
			const whole = Buffer.concat([pattern(10), pattern(20, 1)]);
			expect(b.received(b.accepted[0] as number).equals(whole)).toBe(true);
		});

		it('carries 8 MiB in one write', async () => {
			const [a, b] = await pair();
			const bytes = pattern(8 * 1024 * 1024);
			const [mine, theirs] = await connect(a, b);
			a.write(mine, bytes);
			a.end(mine);
			await until(() => b.ended(theirs));
			expect(b.received(theirs).equals(bytes)).toBe(true);
		});

		it('an answer is still readable after the half-close of the question', async () => {
			const [a, b] = await pair();
			const [mine, theirs] = await connect(a, b);
			a.write(mine, pattern(5));
			a.end(mine);
			await until(() => b.ended(theirs));
			b.write(theirs, pattern(300_000, 7));
			b.end(theirs);
			await until(() => a.ended(mine));
			expect(a.received(mine).equals(pattern(300_000, 7))).toBe(true);
		});

		it('answers from inside of deliver', async () => {
			const [a, b] = await pair();
			b.react = (input) => {
				if (input.type === 'data') b.write(input.stream, input.bytes);
				if (input.type === 'end') b.end(input.stream);
			};
			const mine = a.openStream(b.address);
			a.write(mine, pattern(100_000));
			a.end(mine);
			await until(() => a.ended(mine));
			expect(a.received(mine).equals(pattern(100_000))).toBe(true);
		});

		it('says nothing more when both ends are closed', async () => {
			const [a, b] = await pair();
			const [mine, theirs] = await connect(a, b);
			a.end(mine);
			b.end(theirs);
			await until(() => a.ended(mine) && b.ended(theirs));
			await settle(a, b);
			expect([a.failure(mine), b.failure(theirs)]).toEqual([undefined, undefined]);
		});

		it('shows a reset of the opener as a failure', async () => {
			const [a, b] = await pair();
			const [mine, theirs] = await connect(a, b);
			a.reset(mine);
			await until(() => b.failure(theirs) !== undefined);
			expect(b.failure(theirs)).toBe('ECONNRESET');
		});

		it('shows a reset of the acceptor as a failure', async () => {
			const [a, b] = await pair();
			b.react = (input) => input.type === 'accept' && b.reset(input.stream);
			const mine = a.openStream(b.address);
			await until(() => a.failure(mine) !== undefined);
			expect(a.failure(mine)).toBe('ECONNRESET');
		});

		it('delivers nothing for a stream that was reset before it was established', async () => {
			const [a, b] = await pair();
			const refused = a.openStream({ host, port: 1 });
			a.reset(refused);
			const mine = a.openStream(b.address);
			a.write(mine, pattern(10));
			a.reset(mine);
			await settle(a, b);
			expect(a.inputs.some((input) => 'stream' in input && [mine, refused].includes(input.stream))).toBe(false);
		});

		it('shows a refused connection as a failure', async () => {
			const [a, b] = await pair();
			await b.close();
			const mine = a.openStream(b.address);
			a.write(mine, pattern(10));
			await until(() => a.failure(mine) !== undefined);
			expect(a.failure(mine)).toBe('ECONNREFUSED');
		});

		it('fails a stream that holds more than its limit', async () => {
			const [a, b] = await pair({ maxBufferedBytes: 1_000 });
			const mine = a.openStream(b.address);
			a.write(mine, pattern(600));
			a.write(mine, pattern(600));
			await until(() => a.failure(mine) !== undefined);
			expect(a.failure(mine)).toBe('ENOBUFS');
		});

		it('resets and counts what comes above the limit of accepted streams, and accepts again later', async () => {
			const [a, b] = await pair({ maxAcceptedStreams: 2 });
			const [first, theirs] = await connect(a, b);
			await connect(a, b);
			const third = a.openStream(b.address);
			await until(() => a.failure(third) !== undefined);
			expect(b.faults('ACCEPT_LIMIT')).toBe(1);
			expect(b.accepted).toHaveLength(2);
			a.reset(first);
			await until(() => b.failure(theirs) !== undefined);
			// The slot is free when the socket is closed, which may be a moment later.
			let fourth = a.openStream(b.address);
			await until(() => {
				if (a.failure(fourth) !== undefined) fourth = a.openStream(b.address);
				return b.accepted.length === 3;
			});
		});

		it('ignores what is performed on streams that it does not know', async () => {
			const [a, b] = await pair();
			for (const stream of [0, 1, 2, 99, -1]) {
				a.write(stream, pattern(10));
				a.end(stream);
				a.reset(stream);
			}
			const [mine, theirs] = await connect(a, b);
			a.end(mine);
			a.write(mine, pattern(10));
			a.end(mine);
			await until(() => b.ended(theirs));
			expect(b.received(theirs)).toHaveLength(0);
		});

		it('counts a number that is in use, and leaves its stream alone', async () => {
			const [a, b] = await pair();
			const [mine, theirs] = await connect(a, b);
			a.perform({ type: 'open', stream: mine, to: b.address });
			expect(a.faults('STREAM_IN_USE')).toBe(1);
			a.write(mine, pattern(10));
			await until(() => b.received(theirs).length === 10);
		});
	});

	describe('garbage', () => {
		const nowhere: [string, Address][] = [
			['port 0', { host, port: 0 }],
			['a port that is too large', { host, port: 70_000 }],
			['a negative port', { host, port: -1 }],
			['a port that is no number', { host, port: Number.NaN }],
			['a name', { host: 'localhost', port: 7_946 }],
			['an empty host', { host: '', port: 7_946 }],
		];

		it.each(nowhere)('counts a packet to %s', async (_, to) => {
			const [a] = (await openPeers(1)) as [Peer];
			a.send(to, pattern(10));
			await until(() => a.faultsInAll() === 1);
		});

		it.each(nowhere)('fails a stream to %s', async (_, to) => {
			const [a] = (await openPeers(1)) as [Peer];
			const mine = a.openStream(to);
			a.write(mine, pattern(10));
			a.end(mine);
			await until(() => a.failure(mine) !== undefined);
		});

		it('counts a packet that is too large, and sends the next one', async () => {
			const [a, b] = await pair();
			a.send(b.address, pattern(70_000));
			a.send(b.address, pattern(7));
			await until(() => b.packets.length === 1 && a.faults('EMSGSIZE') === 1);
			expect(b.packets[0]?.bytes).toEqual(pattern(7));
		});
	});

	describe('opening and closing', () => {
		it('refuses an address that is in use', async () => {
			const make = network({});
			const holder = await new Peer(make(0)).open();
			peers.push(holder);
			const error = await new Peer(make(holder.address.port)).open().catch((reason: unknown) => reason);
			expect(error).toBeInstanceOf(TransportError);
			expect(error).toMatchObject({
				code: 'NET_ADDRESS_IN_USE',
				message: expect.stringContaining(`${holder.address.port} is in use on ${host}`),
			});
		});

		it('can be opened when the address is free again', async () => {
			const make = network({});
			const holder = await new Peer(make(0)).open();
			const second = new Peer(make(holder.address.port));
			await expect(second.open()).rejects.toThrow(TransportError);
			await holder.close();
			await second.open();
			peers.push(second);
			expect(second.address).toEqual(holder.address);
		});

		it('is opened once', async () => {
			const [a] = (await openPeers(1)) as [Peer];
			await expect(a.transport.open(() => {})).rejects.toThrow('opened once');
			await a.close();
			await expect(a.transport.open(() => {})).rejects.toThrow('opened once');
		});

		it('close is idempotent, and possible without open', async () => {
			const [a] = (await openPeers(1)) as [Peer];
			await Promise.all([a.close(), a.close()]);
			await a.close();
			const unopened = new Peer(network({})(0));
			await unopened.close();
			await unopened.close();
		});

		it('performs nothing before open and after close', async () => {
			const [a, b] = await pair();
			const early = new Peer(network({})(0));
			await a.close();
			const outputs: NetworkOutput[] = [
				{ type: 'packet', to: b.address, bytes: pattern(10) },
				{ type: 'open', stream: 101, to: b.address },
				{ type: 'write', stream: 101, bytes: pattern(10) },
				{ type: 'end', stream: 101 },
				{ type: 'reset', stream: 101 },
			];
			for (const output of outputs) {
				a.perform(output);
				early.perform(output);
			}
			b.send(b.address, pattern(20));
			await until(() => b.packets.length === 1);
			expect(b.packets[0]?.bytes).toHaveLength(20);
			expect(b.accepted).toEqual([]);
			expect([a.faultsInAll(), early.faultsInAll()]).toEqual([0, 0]);
		});

		it('lets what was written go out', async () => {
			const [a, b] = await pair();
			const [mine, theirs] = await connect(a, b);
			a.write(mine, pattern(1_000_000));
			a.send(b.address, pattern(30));
			await a.close();
			await until(() => b.ended(theirs) && b.packets.length === 1);
			expect(b.received(theirs).equals(pattern(1_000_000))).toBe(true);
		});

		it('delivers nothing after close, whatever is on its way', async () => {
			const [a, b, c] = (await openPeers(3)) as [Peer, Peer, Peer];
			const [mine, theirs] = await connect(a, b);
			const waiting = b.openStream(a.address);
			for (let i = 0; i < 50; i++) b.send(a.address, pattern(100));
			b.write(theirs, pattern(100_000));
			const seen = a.inputs.length;
			await a.close();
			await settle(b, c);
			b.write(theirs, pattern(10));
			await until(() => b.ended(theirs) || b.failure(theirs) !== undefined);
			await until(() => b.ended(waiting) || b.failure(waiting) !== undefined);
			expect(a.inputs).toHaveLength(seen);
			expect(a.failure(mine)).toBeUndefined();
		});

		it('a write to a peer that has closed fails', async () => {
			const [a, b] = await pair();
			const [mine] = await connect(a, b);
			await b.close();
			await until(() => {
				a.write(mine, pattern(100));
				return a.failure(mine) !== undefined;
			});
		});
	});
});
