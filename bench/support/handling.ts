// One machine without sockets that knows a hundred peers, and packets for it: what one packet costs from bytes to bytes.

import { Memberlist, resolveConfig, seededRandom } from '../../src/swim/index.ts';
import { createCodec } from '../../src/wire/index.ts';

const PEERS = 100;
const NAME = 'bench';
const from = { host: '10.0.0.2', port: 7946 };
const codec = createCodec({ packetBytes: resolveConfig({ name: NAME }).packetBytes });
const peers = Array.from({ length: PEERS }, (_, i) => peer(i));

/** Packets that together tell of all peers. */
export const known: readonly Uint8Array[] = Array.from({ length: PEERS / 5 }, (_, i) =>
	packetOf((packet) => {
		for (const alive of peers.slice(5 * i, 5 * i + 5)) packet.message(alive);
	}),
);

const name = new TextEncoder().encode(NAME);

/** By what each makes the machine do. A foreign ping is one of memberlist's; our own carries a digest, and so does its ack. */
export const packets = {
	'ping → ack': packetOf((packet) => packet.ping(7, name, { a: 1, b: 2 })),
	'foreign ping → ack': packetOf((packet) => packet.ping(7, name, undefined)),
	'ping + 5 known alives → ack': pingWith(5, { a: 1, b: 2 }),
	'foreign ping + 5 known alives → ack': pingWith(5, undefined),
	'gossip of 10 known alives': packetOf((packet) => {
		for (const alive of peers.slice(0, 10)) packet.message(alive);
	}),
} as const satisfies Record<string, Uint8Array>;

/** Acks carry away what was learnt until the queue is empty: after so many pings only a packet itself is measured. */
export const SETTLING_PINGS = 1_000;

/** A machine that has heard these packets. What it returns hands it one packet, and returns how many it sends for it. */
export function startHandling(heard: readonly Uint8Array[] = known): (bytes: Uint8Array) => number {
	const config = resolveConfig({ name: NAME, streams: false });
	const machine = new Memberlist({ config, codec, random: seededRandom(1) });
	machine.step(0, { type: 'start', advertise: { host: '10.0.0.1', port: 7946 }, incarnation: 200_000_000 });
	const hand = (bytes: Uint8Array): number => machine.step(1, { type: 'packet', from, bytes }).length;
	for (const packet of heard) hand(packet);
	for (let i = 0; i < SETTLING_PINGS; i++) hand(packets['ping → ack']);
	return hand;
}

function pingWith(alives: number, digest: { a: number; b: number } | undefined): Uint8Array {
	return packetOf((packet) => {
		packet.ping(7, name, digest);
		for (const alive of peers.slice(0, alives)) packet.message(alive);
	});
}

function packetOf(fill: (packet: ReturnType<typeof codec.packet>) => void): Uint8Array {
	const packet = codec.packet();
	fill(packet);
	return packet.finish({ crc: false });
}

function peer(i: number): Uint8Array {
	const meta = codec.encodeTags({ lb: '1', role: 'cache', zone: 'a' });
	const identity = {
		name: `node-${i}`,
		nameBytes: new TextEncoder().encode(`node-${i}`),
		addressBytes: Uint8Array.of(10, 0, 1, i),
		port: 7946,
		meta,
		vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
		protocol: [1, 5, 2, 0, 0, 0],
		nameHash: 0,
		address: from,
		addressText: '10.0.0.2:7946',
		tags: {},
		extension: 1,
	};
	return codec.alive(identity, 200_000_000);
}
