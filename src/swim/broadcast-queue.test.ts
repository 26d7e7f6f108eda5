// News waiting to be spread (SWIM §4.1): the least sent first, each a limited number of times, within the packet.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCodec } from '../wire/index.ts';
import { BroadcastQueue, retransmitLimit } from './broadcast-queue.ts';
import { utf8 } from './bytes.ts';
import type { Codec } from './codec.ts';
import { newCounters } from './counters.ts';

interface Formulas {
	readonly scaling: readonly {
		n: number;
		retransmitLimit_mult2: number;
		retransmitLimit_mult3: number;
		retransmitLimit_mult4: number;
	}[];
}
const formulas: Formulas = JSON.parse(
	readFileSync(new URL('../../test/golden/vectors/formulas.json', import.meta.url), 'utf8'),
);

const codec: Codec = createCodec({ packetBytes: 1_400 });

/** News about a member of a telling size: `bytes` long. */
function news(name: string, bytes = 20): Uint8Array {
	return codec.user(utf8(name.padEnd(bytes - 1, '.')));
}

const clock = { now: 0 };
const counters = newCounters();

function queueOf(userLimit: number): BroadcastQueue {
	return new BroadcastQueue({ userLimit, clock, counters });
}

interface Drained {
	readonly names: string[];
	readonly bytes: Uint8Array;
}

function drain(queue: BroadcastQueue, { most = 5, limit = 4, from = codec } = {}): Drained {
	const packet = from.packet();
	queue.drain(packet, most, limit);
	if (packet.parts === 0) return { names: [], bytes: new Uint8Array(0) };
	const bytes = packet.finish({ crc: false });
	const names: string[] = [];
	const ignore = (): void => undefined;
	from.readPacket(bytes, {
		ping: ignore,
		indirectPing: ignore,
		ack: ignore,
		nack: ignore,
		alive: ignore,
		suspect: ignore,
		dead: ignore,
		syncRequest: ignore,
		syncPage: ignore,
		syncPageEnd: ignore,
		beacon: ignore,
		user: (body) => names.push(body.text().replace(/\.*$/, '')),
		rejected: (code, detail) => {
			throw new Error(`${code}: ${detail}`);
		},
	});
	return { names, bytes };
}

describe('SWIM §4.1: how often', () => {
	it.each(formulas.scaling)('at $n members, as memberlist', (golden) => {
		expect(retransmitLimit(2, golden.n)).toBe(golden.retransmitLimit_mult2);
		expect(retransmitLimit(3, golden.n)).toBe(golden.retransmitLimit_mult3);
		expect(retransmitLimit(4, golden.n)).toBe(golden.retransmitLimit_mult4);
	});

	it('each piece of news is sent exactly its limit of times', () => {
		const queue = queueOf(10);
		for (let member = 0; member < 12; member++) queue.update(member, news(`m${member}`));
		const sent = new Map<string, number>();
		for (let i = 0; queue.size > 0 && i < 100; i++)
			for (const name of drain(queue).names) sent.set(name, (sent.get(name) ?? 0) + 1);
		expect(sent.size).toBe(12);
		expect(new Set(sent.values())).toEqual(new Set([4]));
		expect(queue.updates).toBe(0);
		expect(drain(queue).names).toEqual([]);
	});

	it('drops what has been sent as often as a smaller cluster asks for', () => {
		const queue = queueOf(10);
		queue.update(1, news('a'));
		drain(queue, { limit: 8 });
		drain(queue, { limit: 8 });
		drain(queue, { limit: 2 });
		expect(queue.size).toBe(0);
	});
});

describe('which first', () => {
	it('the least sent, and among those the oldest', () => {
		const queue = queueOf(10);
		for (const member of [0, 1, 2]) queue.update(member, news(`m${member}`));
		expect(drain(queue, { most: 2 }).names).toEqual(['m0', 'm1']);
		expect(drain(queue, { most: 2 }).names).toEqual(['m2', 'm0']);
		queue.update(3, news('m3'));
		expect(drain(queue, { most: 2 }).names).toEqual(['m3', 'm1']);
	});

	it('tells how often the least sent was sent', () => {
		const queue = queueOf(10);
		expect(queue.leastSent).toBe(Number.POSITIVE_INFINITY);
		queue.update(1, news('a'));
		expect(queue.leastSent).toBe(0);
		drain(queue);
		drain(queue);
		expect(queue.leastSent).toBe(2);
		queue.update(2, news('b'));
		expect(queue.leastSent).toBe(0);
	});

	it('one piece of news a member: the newer replaces the older and starts anew', () => {
		const queue = queueOf(10);
		queue.update(1, news('old'));
		queue.update(2, news('other'));
		drain(queue);
		queue.update(1, news('new'));
		expect(queue.updates).toBe(2);
		expect(drain(queue).names).toEqual(['new', 'other']);
	});

	it('nothing more is said of the forgotten', () => {
		const queue = queueOf(10);
		queue.update(1, news('a'));
		expect(queue.hasUpdate(1)).toBe(true);
		queue.forget(1);
		queue.forget(7);
		expect(queue.hasUpdate(1)).toBe(false);
		expect(drain(queue).names).toEqual([]);
	});
});

describe('the packet', () => {
	it('carries at most so many member updates, and application messages while they fit', () => {
		const queue = queueOf(100);
		for (let i = 0; i < 20; i++) {
			queue.update(i, news(`m${i}`));
			queue.user(news(`u${i}`));
		}
		const { names } = drain(queue);
		expect(names.filter((name) => name.startsWith('m'))).toHaveLength(5);
		expect(names.filter((name) => name.startsWith('u'))).toHaveLength(20);
	});

	it('takes the smaller where a larger does not fit, and keeps the larger', () => {
		const queue = queueOf(10);
		queue.update(1, news('a', 1_000));
		queue.update(2, news('b', 1_000));
		queue.update(3, news('c', 100));
		expect(drain(queue).names).toEqual(['a', 'c']);
		expect(drain(queue).names).toEqual(['b', 'c']);
	});

	it('is never longer than it may be, whatever waits', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 508, max: 1_400 }),
				fc.array(fc.integer({ min: 3, max: 700 }), { maxLength: 40 }),
				fc.integer({ min: 1, max: 126 }),
				(packetBytes, sizes, most) => {
					const small = createCodec({ packetBytes });
					const queue = queueOf(1_000);
					for (const [i, size] of sizes.entries()) {
						if (i % 3 === 0) queue.user(news(`u${i}`, Math.max(5, size)));
						else queue.update(i, news(`m${i}`, Math.max(5, size)));
					}
					for (let i = 0; i < 3; i++) {
						const { names, bytes } = drain(queue, { most, from: small });
						expect(bytes.length).toBeLessThanOrEqual(packetBytes);
						expect(names.filter((name) => name.startsWith('m')).length).toBeLessThanOrEqual(most);
					}
				},
			),
			{ numRuns: 200 },
		);
	});
});

describe('what is told of it', () => {
	it('how long the oldest update has been waiting, and what was sent for the first time', () => {
		const queue = queueOf(10);
		const { updatesSent, updatesResent } = counters;
		expect(queue.oldestUpdateMs).toBe(0);
		clock.now = 100;
		queue.update(1, news('a'));
		clock.now = 350;
		queue.update(2, news('b'));
		queue.user(news('u'));
		expect(queue.oldestUpdateMs).toBe(250);
		drain(queue);
		drain(queue);
		expect(counters.updatesSent - updatesSent).toBe(2);
		expect(counters.updatesResent - updatesResent).toBe(2);
		queue.forget(1);
		clock.now = 400;
		expect(queue.oldestUpdateMs).toBe(50);
	});
});

describe('bounds', () => {
	it('refuses application messages beyond the limit, except to replace one', () => {
		const queue = queueOf(2);
		expect(queue.user(news('a'), 'key')).toBe(true);
		expect(queue.user(news('b'))).toBe(true);
		expect(queue.user(news('c'))).toBe(false);
		expect(queue.user(news('d'), 'other key')).toBe(false);
		expect(queue.user(news('e'), 'key')).toBe(true);
		expect(queue.userMessages).toBe(2);
		expect(drain(queue).names).toEqual(['b', 'e']);
	});

	it('holds one update a member, however many are queued', () => {
		const queue = queueOf(2);
		for (let i = 0; i < 10_000; i++) queue.update(i % 7, news(`m${i}`));
		expect(queue.size).toBe(7);
		expect(drain(queue, { most: 7 }).names).toEqual(
			['m9995', 'm9996', 'm9997', 'm9998', 'm9999', 'm9993', 'm9994'].sort((a, b) => a.localeCompare(b)),
		);
	});
});
