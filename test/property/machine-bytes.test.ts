// Invariant 8: any bytes from the network are accepted or counted as refused; nothing throws, nothing else changes.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Codec, DEFAULTS, type Input, type Random, randomBelow, seededRandom } from '../../src/swim/index.ts';
import { createCodec } from '../../src/wire/index.ts';
import { RecordedPacket } from '../support/recorded-packet.ts';
import { STRANGER } from '../support/stranger.ts';
import { type Host, World } from '../support/world.ts';

const PACKETS = 60_000;
const BATCH = 1_000;
const MEMBERS_MOST = 64;
const codec: Codec = createCodec({ packetBytes: 1_400 });

let valid: readonly Uint8Array[] = [];

/** Packets of every kind, from a cluster in which members come, go, die and change. */
function capture(): Uint8Array[] {
	const world = new World({ streams: false, seed: 5 });
	world.recording = true;
	const hosts = world.cluster(8);
	world.run(2_000);
	world.setTags(hosts[3]!, { role: 'new' });
	world.kill(hosts[1]!);
	world.leave(hosts[2]!);
	world.run(8_000);
	world.discover(world.add('late'), [hosts[0]!]);
	world.run(1_000);
	return world.sent.map(({ bytes }) => bytes);
}

function running(): { world: World; target: Host } {
	const world = new World({ seed: 6 });
	const first = world.add('n0', { limits: { ...DEFAULTS.limits, members: MEMBERS_MOST, nonsensePerSecond: Infinity } });
	for (const name of ['n1', 'n2', 'n3', 'n4']) world.discover(world.add(name), [first]);
	world.until(() => world.complete, 3_000);
	return { world, target: first };
}

function randomBytes(random: Random, length: number): Uint8Array {
	return Uint8Array.from({ length }, () => random.uint32() & 255);
}

/** Lengths are small more often than not; the first byte is a known type in half of the cases. */
function garbage(random: Random): Uint8Array {
	const bytes = randomBytes(random, randomBelow(random, randomBelow(random, 2) ? 40 : 1_500));
	if (bytes.length > 0 && randomBelow(random, 2)) bytes[0] = randomBelow(random, 14);
	return bytes;
}

function oneOf<T>(random: Random, items: readonly T[]): T {
	return items[randomBelow(random, items.length)]!;
}

/** One to four of: a bit flipped, a byte replaced, the end cut off, rubbish behind it, a part of another packet in it. */
function mutated(random: Random, sources: readonly Uint8Array[]): Uint8Array {
	let bytes = Uint8Array.from(oneOf(random, sources));
	for (let times = 1 + randomBelow(random, 4); times > 0; times--) {
		const at = randomBelow(random, Math.max(1, bytes.length));
		switch (randomBelow(random, 5)) {
			case 0:
				bytes[at] = bytes[at]! ^ (1 << randomBelow(random, 8));
				break;
			case 1:
				bytes[at] = oneOf(random, [0, 1, 0x7f, 0x80, 0xa0, 0xc0, 0xce, 0xdf, 0xff]);
				break;
			case 2:
				bytes = bytes.slice(0, at);
				break;
			case 3:
				bytes = Uint8Array.of(...bytes, ...randomBytes(random, 20));
				break;
			default:
				bytes = Uint8Array.of(...bytes.slice(0, at), ...oneOf(random, sources).slice(at));
		}
	}
	return bytes;
}

function refused(host: Host): number {
	return Object.values(host.machine.counters.rejected).reduce((sum, count) => sum + count, 0);
}

function feed(world: World, host: Host, input: Input, bytes: Uint8Array): void {
	try {
		world.input(host, input);
	} catch (cause) {
		throw new Error(`thrown by ${Buffer.from(bytes).toString('hex')}`, { cause });
	}
}

/** The packet arrives; whatever the codec refuses of it must have been counted. */
function deliver(world: World, host: Host, bytes: Uint8Array): void {
	const read = new RecordedPacket();
	codec.readPacket(bytes, read);
	const before = refused(host);
	feed(world, host, { type: 'packet', from: STRANGER, bytes }, bytes);
	if (refused(host) - before < read.rejects.length) {
		throw new Error(`not counted: ${Buffer.from(bytes).toString('hex')}`);
	}
}

function picture(world: World): unknown {
	return [...world.hosts.values()].map(({ machine }) =>
		machine
			.members()
			.map(({ name, state, incarnation, address, tags }) => ({ name, state, incarnation, address, tags })),
	);
}

describe('invariant 8: any bytes', () => {
	beforeAll(() => {
		valid = capture();
	});

	it(`of ${PACKETS} packets of garbage nothing throws, all that is refused is counted, and no view changes`, () => {
		const { world, target } = running();
		const random = seededRandom(7);
		const before = picture(world);
		for (let batch = 0; batch < PACKETS / BATCH; batch++) {
			for (let i = 0; i < BATCH; i++) deliver(world, target, garbage(random));
			world.run(50);
			expect(picture(world)).toEqual(before);
		}
		expect(refused(target)).toBeGreaterThan(PACKETS / 4);
	}, 30_000);

	it(`of ${PACKETS} mutated packets nothing throws, tables stay bounded, and our own incarnation only grows`, () => {
		const { world, target } = running();
		const random = seededRandom(8);
		let incarnation = target.machine.self.incarnation;
		const most = incarnation + 2 ** 31 + PACKETS;
		for (let batch = 0; batch < PACKETS / BATCH; batch++) {
			for (let i = 0; i < BATCH; i++) deliver(world, target, mutated(random, valid));
			world.run(50);
			const { self } = target.machine;
			expect(self).toMatchObject({ name: 'n0', state: 'alive' });
			expect(self.incarnation).toBeGreaterThanOrEqual(incarnation);
			expect(self.incarnation).toBeLessThan(Math.min(most, 2 ** 32));
			incarnation = self.incarnation;
			expect(target.machine.members().length).toBeLessThanOrEqual(MEMBERS_MOST);
		}
		expect(target.machine.members().length).toBeGreaterThan(10);
	}, 30_000);

	it('of streams in random chunks nothing throws, every refusal is counted, and every stream is ended', () => {
		const { world, target } = running();
		const random = seededRandom(9);
		const before = picture(world);
		const nodes = target.machine.members().map(({ name, incarnation }) => ({
			name: Buffer.from(name),
			addr: Buffer.from([10, 0, 0, 1]),
			port: 1,
			meta: Buffer.alloc(0),
			vsn: Buffer.from([1, 5, 2, 0, 0, 0]),
			incarnation: incarnation - 1,
			state: 0,
		}));
		const sources = [
			codec.streamPing('dialer', 7, Buffer.from('n0')),
			codec.streamAck('dialer', 7),
			codec.streamError('dialer', 'no'),
			codec.streamPushPull('dialer', { join: false, nodes, userState: Buffer.from('state') }),
		];
		for (let stream = 1_000_000; stream < 1_008_000; stream += 2) {
			const bytes = randomBelow(random, 2) ? garbage(random) : mutated(random, sources.slice(0, 3));
			feed(world, target, { type: 'accept', stream, from: STRANGER }, bytes);
			for (let at = 0; at < bytes.length; ) {
				const end = at + 1 + randomBelow(random, bytes.length);
				feed(world, target, { type: 'data', stream, bytes: bytes.slice(at, end) }, bytes);
				at = end;
			}
			if (randomBelow(random, 2)) feed(world, target, { type: 'end', stream }, bytes);
			else feed(world, target, { type: 'fail', stream, reason: 'reset by the peer' }, bytes);
		}
		world.run(1_000);
		expect(picture(world)).toEqual(before);
		for (let stream = 2_000_000; stream < 2_004_000; stream += 2) {
			const bytes = mutated(random, sources);
			feed(world, target, { type: 'accept', stream, from: STRANGER }, bytes);
			feed(world, target, { type: 'data', stream, bytes }, bytes);
			if (stream % 4 === 0) feed(world, target, { type: 'end', stream }, bytes);
		}
		// Those that were left open are at most as many as may be; the rest has been refused, and the timer ends them all.
		expect(target.machine.counters.rejected['too-many']).toBeGreaterThan(0);
		world.run(target.machine.config.streamTimeoutMs + 1_000);
		const accepted = target.machine.counters.streamsAccepted;
		feed(world, target, { type: 'accept', stream: 3_000_000, from: STRANGER }, new Uint8Array(0));
		expect(target.machine.counters.streamsAccepted).toBe(accepted + 1);
		expect(target.machine.members().length).toBeLessThanOrEqual(MEMBERS_MOST);
	}, 30_000);
});
