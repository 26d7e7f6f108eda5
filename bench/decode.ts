// Measures the packet codec alone: what a received packet costs to decode, and a reply to encode (DESIGN §7).

import { Bench } from 'tinybench';
import { IdentityPool, type PacketHandler, utf8 } from '../src/swim/index.ts';
import { createCodec } from '../src/wire/index.ts';

const codec = createCodec({ packetBytes: 1_400 });
const pool = new IdentityPool((meta) => codec.decodeTags(meta));
const digest = { a: 0x01020304, b: 0xf5f6f7f8 };
const name = utf8('node-b');
const updates = Array.from({ length: 5 }, (_, i) =>
	codec.alive(
		pool.identity({
			name: utf8(`node-${i}`),
			addr: Uint8Array.of(10, 0, 0, i),
			port: 7946,
			meta: codec.encodeTags({ lb: '1', grpc: `10.0.0.${i}:3001` }),
			vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
		}),
		214_000_000 + i,
	),
);

function pingPacket(parts: readonly Uint8Array[]): Buffer {
	const packet = codec.packet();
	packet.ping(123_456, name, digest);
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

const ping = pingPacket([]);
const pingAndFive = pingPacket(updates);
const hundred = (run: () => void) => (): void => {
	for (let i = 0; i < 100; i++) run();
};
const bench = new Bench({ time: 500, warmupTime: 200 });
bench
	.add(
		'decode ping',
		hundred(() => codec.readPacket(ping, handler)),
	)
	.add(
		'decode ping + 5 alives',
		hundred(() => codec.readPacket(pingAndFive, handler)),
	)
	.add(
		'encode ack',
		hundred(() => {
			const packet = codec.packet();
			packet.ack(123_456, undefined, digest);
			packet.finish({ crc: false });
		}),
	)
	.add(
		'encode ping + 5 alives',
		hundred(() => {
			const packet = codec.packet();
			packet.ping(123_456, name, digest);
			for (const update of updates) packet.message(update);
			packet.finish({ crc: false });
		}),
	)
	.add(
		'encode suspect',
		hundred(() => codec.suspect(name, 5, name)),
	);
await bench.run();
if (seen === 0) throw new Error('nothing was decoded');
for (const task of bench.tasks) {
	const { result } = task;
	if (!('latency' in result)) throw new Error(`${task.name} did not finish`);
	// A run of a task is 100 operations, and tinybench counts milliseconds.
	const microseconds = (result.latency.p50 * 1_000) / 100;
	console.log(`${task.name.padEnd(24)} ${microseconds.toFixed(3)} µs (median)`);
}
