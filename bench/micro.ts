// What the parts of a packet cost without socket and machine: decode, encode, merge, queue, digest, compression, encryption (DESIGN §7).

import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';
import { BroadcastQueue, retransmitLimit } from '../src/swim/broadcast-queue.ts';
import {
	IdentityPool,
	Memberlist,
	newCounters,
	type PacketHandler,
	resolveConfig,
	seededRandom,
	utf8,
} from '../src/swim/index.ts';
import { DigestSums } from '../src/swim/view-digest.ts';
import { createCodec, Keyring } from '../src/wire/index.ts';
import { compress, decompress } from '../src/wire/lzw.ts';
import { Report, round } from './support/report.ts';

/** A run of a task is so many operations: the clock costs as much as the shortest of them. */
const BATCH = 100;
const MEMBERS = 100;
const FIRST_INCARNATION = 214_000_000;

const codec = createCodec({ packetBytes: 1_400 });
const pool = new IdentityPool((meta) => codec.decodeTags(meta));
const digest = { a: 0x01020304, b: 0xf5f6f7f8 };
const name = utf8('node-b');
const identities = Array.from({ length: MEMBERS }, (_, i) =>
	pool.identity({
		name: utf8(`node-${i}`),
		addr: Uint8Array.of(10, 0, 0, i),
		port: 7946,
		meta: codec.encodeTags({ lb: '1', grpc: `10.0.0.${i}:3001` }),
		vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
	}),
);
const updates = identities.map((identity, i) => codec.alive(identity, FIRST_INCARNATION + i));
const five = updates.slice(0, 5);

function packetOf(parts: readonly Uint8Array[], hasPing: boolean): Buffer {
	const packet = codec.packet();
	if (hasPing) packet.ping(123_456, name, digest);
	for (const part of parts) packet.message(part);
	return Buffer.from(packet.finish({ crc: false }));
}

const nothing = (): void => undefined;
let seen = 0;
const count = (message: { readonly incarnation: number }): void => {
	seen += message.incarnation;
};
const handler: PacketHandler = {
	ping(message) {
		seen += message.seqNo;
	},
	indirectPing: nothing,
	ack: nothing,
	nack: nothing,
	alive: count,
	suspect: count,
	dead: count,
	user: nothing,
	syncRequest: nothing,
	syncPage: nothing,
	syncPageEnd: nothing,
	beacon: nothing,
	rejected(code, detail) {
		throw new Error(`${code}: ${detail}`);
	},
};

/** A machine that is told something newer of one member after the other. */
const config = resolveConfig({ name: 'bench', streams: false });
const machine = new Memberlist({ config, codec, random: seededRandom(1) });
machine.step(0, { type: 'start', advertise: { host: '10.0.1.1', port: 7946 }, incarnation: FIRST_INCARNATION });
let news = 0;
function mergeNews(): void {
	const identity = identities[news++ % MEMBERS]!;
	const bytes = packetOf([codec.alive(identity, FIRST_INCARNATION + Math.ceil(news / MEMBERS))], false);
	machine.step(1, { type: 'packet', from: identity.address, bytes });
}

const queue = new BroadcastQueue({ userLimit: 1, clock: { now: 0 }, counters: newCounters() });
const limit = retransmitLimit(config.retransmitMult, MEMBERS);
/** One update from its way in to its last copy, as one of a hundred. */
function spreadAll(): void {
	for (const [slot, bytes] of updates.entries()) queue.update(slot, bytes);
	while (queue.size > 0) {
		const packet = codec.packet();
		queue.drain(packet, config.updatesPerPacket, limit);
		packet.finish({ crc: false });
	}
}

const sums = new DigestSums();
let turn = 0;
function changeDigest(): void {
	const identity = identities[turn++ % MEMBERS]!;
	sums.remove(identity, FIRST_INCARNATION + turn);
	sums.add(identity, FIRST_INCARNATION + turn + 1);
}

const ping = packetOf([], true);
const pingAndFive = packetOf(five, true);
const gossip = packetOf(updates.slice(0, 12), false);
const compressed = compress(gossip);
const ring = new Keyring([new Uint8Array(32).fill(7)]);
const aad = new Uint8Array(0);
const [sealedPing, sealedGossip] = [ring.seal(ping, aad), ring.seal(gossip, aad)];

const bytesOf = ({ length }: Uint8Array): string => `${length} bytes`;
const TASKS: readonly (readonly [what: string, run: () => unknown, operations?: number])[] = [
	['decode: ping', () => codec.readPacket(ping, handler)],
	['decode: ping + 5 alives', () => codec.readPacket(pingAndFive, handler)],
	['encode: ack', () => writePacket((packet) => packet.ack(123_456, undefined, digest))],
	['encode: ping + 5 alives', () => writePacket(writePingAndFive)],
	['encode: suspect', () => codec.suspect(name, 5, name)],
	['merge: an alive that is news, encoded and decoded', mergeNews],
	[`queue: an update in and ${limit} times out`, spreadAll, MEMBERS],
	['digest: a member changes', changeDigest],
	[`LZW: compress ${bytesOf(gossip)}`, () => compress(gossip)],
	[`LZW: decompress to ${bytesOf(gossip)}`, () => decompress(compressed, gossip.length)],
	[`AES-256-GCM: seal ${bytesOf(ping)}`, () => ring.seal(ping, aad)],
	[`AES-256-GCM: open ${bytesOf(ping)}`, () => ring.open(sealedPing, aad)],
	[`AES-256-GCM: seal ${bytesOf(gossip)}`, () => ring.seal(gossip, aad)],
	[`AES-256-GCM: open ${bytesOf(gossip)}`, () => ring.open(sealedGossip, aad)],
];

function writePacket(fill: (packet: ReturnType<typeof codec.packet>) => void): void {
	const packet = codec.packet();
	fill(packet);
	packet.finish({ crc: false });
}

function writePingAndFive(packet: ReturnType<typeof codec.packet>): void {
	packet.ping(123_456, name, digest);
	for (const update of five) packet.message(update);
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const report = new Report(
	'A ping decoded in 0.18 µs, with five updates in 0.6 µs, as a bare hand-written decoder does; all else beside it.',
	values.json,
);
const bench = new Bench({ time: 500, warmupTime: 200 });
for (const [what, run, operations] of TASKS) {
	const rounds = operations === undefined ? BATCH : 1;
	bench.add(what, () => {
		for (let i = 0; i < rounds; i++) run();
	});
}
await bench.run();
if (seen === 0) throw new Error('nothing was decoded');
const merged = machine.members().reduce((sum, { incarnation }) => sum + incarnation - FIRST_INCARNATION, 0);
if (merged !== news) throw new Error(`${merged} of ${news} pieces of news were merged`);
for (const [at, [what, , operations = BATCH]] of TASKS.entries()) {
	const result = bench.tasks[at]?.result;
	if (!result || !('latency' in result)) throw new Error(`${what} did not finish`);
	// tinybench counts milliseconds, of a whole batch.
	const [median, best] = [result.latency.p50, result.latency.min].map((ms) => (ms * 1_000) / operations);
	report.add({
		what,
		'µs, median': round(median as number),
		'µs, best': round(best as number),
		'a second': Math.round(1e6 / (median as number)),
	});
}
report.print();
