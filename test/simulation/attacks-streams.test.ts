// Named attacks by streams, on the machine itself: what it holds for those who only claim.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Address, StreamId } from '../../src/swim/index.ts';
import { type CodecOptions, createCodec, Keyring, WIRE_LIMITS } from '../../src/wire/index.ts';
import { MsgpackWriter } from '../../src/wire/msgpack-writer.ts';
import { type Host, World } from '../support/world.ts';

const MIB = 2 ** 20;
const CHUNK = new Uint8Array(64 * 1024);
const KEYRING = new Keyring([new Uint8Array(32).fill(5)]);
const stranger = (i: number): Address => ({ host: `10.66.${i >> 8}.${i & 255}`, port: 40_000 });

class Streams {
	readonly #world: World;
	readonly #host: Host;
	#last: StreamId = 1_000_000;

	constructor(world: World, host: Host) {
		this.#world = world;
		this.#host = host;
	}

	/** True when the machine keeps it. */
	open(from: Address): StreamId | undefined {
		this.#last += 2;
		const refused = this.#refused;
		this.#world.input(this.#host, { type: 'accept', stream: this.#last, from });
		return this.#refused > refused ? undefined : this.#last;
	}

	/** False when the machine gave the stream up because of it. */
	write(stream: StreamId, bytes: Uint8Array): boolean {
		const refused = this.#refused;
		this.#world.input(this.#host, { type: 'data', stream, bytes });
		return this.#refused === refused;
	}

	get #refused(): number {
		return Object.values(this.#host.machine.counters.rejected).reduce((sum, count) => sum + count, 0);
	}
}

function mesh(wire: Partial<CodecOptions> = {}): { world: World; node: Host; member: Host; streams: Streams } {
	const world = new World({ wire });
	const [node, member] = world.cluster(2) as [Host, Host];
	world.until(() => world.complete, 5_000);
	return { world, node, member, streams: new Streams(world, node) };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that somebody still holds: what is garbage is collected first, or the time of the last collection would be measured. */
function memory(): number {
	collectGarbage();
	collectGarbage();
	return process.memoryUsage().arrayBuffers;
}

describe('attack: streams that claim large frames before anybody is authenticated', () => {
	it('hold a bounded sum, and a member is still served', () => {
		const { node, member, streams } = mesh({ keyring: KEYRING });
		const { limits } = node.machine.config;
		const before = memory();
		const header = Uint8Array.of(10, 0x01, 0x3f, 0xff, 0xff);
		let written = 0;
		for (let i = 0; i < 100; i++) {
			const stream = streams.open(stranger(i));
			if (stream === undefined || !streams.write(stream, header)) continue;
			for (let bytes = 0; bytes < 2 * MIB && streams.write(stream, CHUNK); bytes += CHUNK.length) written++;
		}
		expect(written).toBeGreaterThan(100);
		expect(node.machine.sizes.streamBytes).toBeLessThanOrEqual(limits.streamBytes);
		expect(memory() - before).toBeLessThan(limits.streamBytes);
		expect(node.machine.counters.rejected['too-many']).toBeGreaterThan(80);
		// Two megabytes of a member, more than it may have for nothing.
		const state = createCodec({ packetBytes: 1_400, keyring: KEYRING }).streamPushPull('dialer', {
			join: false,
			nodes: [],
			userState: new Uint8Array(2 * MIB),
		});
		const stream = streams.open({ ...member.address, port: 50_000 })!;
		for (let at = 0; at < state.length; at += CHUNK.length) {
			expect(streams.write(stream, state.slice(at, at + CHUNK.length))).toBe(true);
		}
	});

	it('give back what they held when they are cut off', () => {
		const { world, node, streams } = mesh({ keyring: KEYRING });
		const stream = streams.open(stranger(1))!;
		streams.write(stream, Uint8Array.of(10, 0x01, 0x3f, 0xff, 0xff));
		for (let i = 0; i < 16; i++) streams.write(stream, CHUNK);
		expect(node.machine.sizes.streamBytes).toBeGreaterThan(MIB / 2);
		world.run(node.machine.config.streamTimeoutMs + 1_000);
		expect(node.machine.sizes.streamBytes).toBe(0);
	});

	it('hold no more by many small entries than by few large ones', () => {
		const { node, streams } = mesh();
		const w = new MsgpackWriter();
		w.byte(6);
		w.mapHeader(1);
		w.str(new TextEncoder().encode('Nodes'));
		w.uint(WIRE_LIMITS.nodes);
		const header = w.copy();
		// Each entry is one byte, an empty map, and an object of ours.
		const entries = new Uint8Array(WIRE_LIMITS.nodes - 1).fill(0x80);
		const before = process.memoryUsage().heapUsed;
		for (let i = 0; i < 64; i++) {
			const stream = streams.open(stranger(i));
			if (stream !== undefined && streams.write(stream, header)) streams.write(stream, entries);
		}
		expect(node.machine.sizes.streamBytes).toBeLessThanOrEqual(node.machine.config.limits.streamBytes);
		expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * MIB);
	});
});

describe('attack: more streams than may be open', () => {
	it('one host gets a quarter, strangers half, and the rest is for members; what we dial is counted apart', () => {
		const { node, member, streams, world } = mesh();
		const most = node.machine.config.limits.streams;
		const opened = (count: number, from: (i: number) => Address): number =>
			Array.from({ length: count }, (_, i) => streams.open(from(i))).filter((id) => id !== undefined).length;
		expect(opened(500, () => stranger(1))).toBe(most / 4);
		expect(opened(10_000, stranger)).toBe(most / 4);
		expect(opened(100, () => ({ ...member.address, port: 40_000 }))).toBe(most / 4);
		expect(node.machine.sizes.streams).toBe((most * 3) / 4);
		// Where packets do not pass, our own pings over streams go on.
		const before = node.machine.counters.streamsOpened;
		world.passes = (_from, _to, packet) => !packet;
		world.run(2_000);
		expect(node.states(member.name)).toEqual(['none>alive']);
		expect(node.machine.counters.streamsOpened).toBeGreaterThan(before);
		world.run(node.machine.config.streamTimeoutMs + 1_000);
		expect(node.machine.sizes.streams).toBe(0);
	});
});
