// The beacon that a node holds: it rides a limited number of times, older with each, and not for ever.

import { expect, it } from 'vitest';
import { createCodec } from '../wire/index.ts';
import { Beacon } from './beacon.ts';

const codec = createCodec({ packetBytes: 1_400 });
const LIMIT = 4;

function held(): { beacon: Beacon; node: { now: number }; ride: () => number } {
	const node = { now: 1_000, retransmitLimit: LIMIT };
	const beacon = new Beacon({ codec, node });
	beacon.hold(7, 20);
	const ride = (): number => {
		const packet = codec.packet();
		beacon.ride(packet);
		return packet.parts;
	};
	return { beacon, node, ride };
}

it('rides as often as the limit says, and makes way for a newer one only', () => {
	const { beacon, ride } = held();
	expect([1, 2, 3, 4, 5].map(() => ride())).toEqual([1, 1, 1, 1, 0]);
	expect(beacon.sent).toBe(Number.POSITIVE_INFINITY);
	expect([beacon.isNew(6), beacon.isNew(7), beacon.isNew(8)]).toEqual([false, false, true]);
	beacon.hold(8, 0);
	expect([beacon.sent, ride(), beacon.sent]).toEqual([0, 1, 1]);
});

it('is as old as it was, and the time since', () => {
	const { beacon, node } = held();
	node.now += 30;
	const packet = codec.packet();
	beacon.ride(packet);
	const bytes = packet.finish({ crc: false });
	expect(Buffer.from(bytes).toString('hex')).toBe(Buffer.from(codec.beacon(7, 50)).toString('hex'));
});

it('wakes nobody for ever where there is nobody to tell', () => {
	const { beacon, node, ride } = held();
	node.now += 9_999;
	expect(beacon.sent).toBe(0);
	node.now += 1;
	expect([beacon.sent, ride()]).toEqual([Number.POSITIVE_INFINITY, 0]);
});

it('waits for a packet with room', () => {
	const { ride, beacon } = held();
	const packet = codec.packet();
	packet.message(codec.user(new Uint8Array(packet.room - 1)));
	beacon.ride(packet);
	expect([packet.parts, beacon.sent, ride()]).toEqual([1, 0, 1]);
});
