// The live stream under a clock that the test turns: what viewers get and when, and that nothing happens without one.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestSource, testFacts, testMember, testSource } from '../../test/support/status-source.ts';
import { fold, type LiveDelta, type LiveSnapshot } from '../status/index.ts';
import { LiveHub, MAX_VIEWERS } from './live.ts';

interface Sent {
	readonly event: string;
	readonly id: string | undefined;
	readonly data: LiveDelta & LiveSnapshot;
}

/** Reads as a browser does, when it is told to. */
class Viewer {
	readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
	#reading: Promise<{ done: boolean; value?: Uint8Array | undefined; error?: unknown }> | undefined;
	#rest = '';
	ended: unknown;

	constructor(stream: ReadableStream<Uint8Array> | undefined) {
		if (!stream) throw new Error('there was no place');
		this.#reader = stream.getReader();
	}

	/** What has been sent since the last look. */
	async look(): Promise<Sent[]> {
		const still = Symbol('still');
		for (;;) {
			this.#reading ??= this.#reader.read().catch((error: unknown) => ({ done: true, error }));
			const read = await Promise.race([
				this.#reading,
				new Promise<typeof still>((resolve) => setImmediate(() => resolve(still))),
			]);
			if (read === still) break;
			if (read.done) {
				this.ended = read.error ?? 'closed';
				break;
			}
			this.#reading = undefined;
			this.#rest += Buffer.from(read.value as Uint8Array).toString();
		}
		const blocks = this.#rest.split('\n\n');
		this.#rest = blocks.pop() ?? '';
		return blocks.flatMap(parse);
	}

	leave(): Promise<void> {
		return this.#reader.cancel();
	}
}

function parse(block: string): Sent[] {
	const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
	const event = field('event');
	return event === undefined ? [] : [{ event, id: field('id'), data: JSON.parse(field('data') ?? 'null') }];
}

let source: TestSource;
let hub: LiveHub;

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
	source = testSource([testMember('a'), testMember('b'), testMember('c')]);
	hub = new LiveHub({ source }, { origin: 'live', facts: testFacts, discovery: () => [] });
});

afterEach(() => {
	hub.close();
	vi.useRealTimers();
});

function open(lastEventId?: string): Viewer {
	return new Viewer(hub.open(lastEventId));
}

function pass(ms: number): void {
	for (let left = ms; left > 0; left -= 50) {
		source.clock += 50;
		vi.advanceTimersByTime(50);
	}
}

function suspect(name: string): void {
	source.members = source.members.map((member) =>
		member.name === name ? { ...member, state: 'suspect', changedAt: source.clock } : member,
	);
}

describe('LiveHub', () => {
	it('does nothing while nobody looks: no timer, no look, no text', async () => {
		pass(10_000);
		expect([vi.getTimerCount(), hub.work]).toEqual([0, { looks: 0, serialisations: 0 }]);
		const viewers = [open(), open()];
		expect([vi.getTimerCount(), hub.viewers]).toEqual([1, 2]);
		for (const viewer of viewers) await viewer.leave();
		const { ...work } = hub.work;
		pass(10_000);
		expect([vi.getTimerCount(), hub.viewers, hub.work]).toEqual([0, 0, work]);
	});

	it('begins with a snapshot, goes on with deltas that fold to what a new viewer gets', async () => {
		const viewer = open();
		const [first] = await viewer.look();
		expect(first?.event).toBe('snapshot');
		suspect('b');
		pass(250);
		const [delta, ...more] = await viewer.look();
		expect([delta?.event, more]).toEqual(['delta', []]);
		expect(delta?.data.members?.map(({ ID, Status }) => [ID, Status])).toEqual([['b', 1]]);
		const [fresh] = await open().look();
		expect(fold(first!.data, delta!.data)).toEqual(fresh?.data);
	});

	it('sends four deltas a second at most, however much happens', async () => {
		const viewer = open();
		await viewer.look();
		for (let i = 1; i <= 20; i++) {
			source.emit({ type: 'stall', seq: i, at: source.clock, lateMs: i });
			pass(50);
		}
		const deltas = await viewer.look();
		expect(deltas.map(({ event }) => event)).toEqual(['delta', 'delta', 'delta', 'delta']);
		const told = deltas.flatMap(({ data }) => data.events ?? []);
		expect(told.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
	});

	it('beats every five seconds', async () => {
		const viewer = open();
		pass(15_000);
		const beats = (await viewer.look()).filter(({ event }) => event === 'beat');
		expect(beats).toHaveLength(3);
		expect(beats[2]?.data).toEqual({ at: source.wallMs(source.clock), seq: 0 });
	});

	it('goes on where a viewer broke off, and begins anew where it cannot', async () => {
		const viewer = open();
		const [first] = await viewer.look();
		await viewer.leave();
		source.emit({ type: 'stall', seq: 1, at: source.clock, lateMs: 300 });
		suspect('c');
		pass(3_000);
		const [gap] = await open(first?.id).look();
		expect(gap?.event).toBe('delta');
		expect(gap?.data).toMatchObject({ events: [{ seq: 1 }], members: [{ ID: 'c' }] });
		const [nothingNew] = await open(gap?.id).look();
		expect(nothingNew?.event).toBe('beat');
		for (const id of ['', '7', `${first?.id}x`, '99.99.99.zzz', first?.id?.replace(/^\d+\.\d+/, '9.9999')]) {
			expect((await open(id).look())[0]?.event).toBe('snapshot');
		}
	});

	it('has sixteen places', async () => {
		const viewers = Array.from({ length: MAX_VIEWERS }, () => open());
		expect(hub.open(undefined)).toBeUndefined();
		await viewers[3]?.leave();
		expect(hub.open(undefined)).toBeDefined();
	});

	it('serialises once for all who came equally far', async () => {
		const viewers = Array.from({ length: 8 }, () => open());
		for (const viewer of viewers) await viewer.look();
		const before = hub.work.serialisations;
		suspect('b');
		pass(250);
		expect(hub.work.serialisations).toBe(before + 1);
		for (const viewer of viewers) expect(await viewer.look()).toHaveLength(1);
	});

	it('holds little for a viewer who does not read, then tells him all at once, and lets go who never reads', async () => {
		const tags = { note: 'x'.repeat(400) };
		source.members = Array.from({ length: 1_000 }, (_, i) => testMember(i === 0 ? 'a' : `m${i}`, { tags }));
		const [slow, never] = [open(), open()];
		const [first] = await slow.look();
		for (let i = 2; i <= 40; i++) {
			source.members = source.members.map((member) => ({ ...member, incarnation: i }));
			pass(250);
		}
		// What fitted beside the snapshot, and one delta more; not forty of half a megabyte.
		const deltas = (await slow.look()).filter(({ event }) => event === 'delta');
		expect(deltas.length).toBeLessThanOrEqual(2);
		pass(250);
		const last = (await slow.look()).filter(({ event }) => event === 'delta');
		let held: LiveSnapshot = first!.data;
		for (const { data } of [...deltas, ...last]) held = fold(held, data);
		expect(held.members.every(({ Incarnation }) => Incarnation === 40)).toBe(true);
		pass(40_000);
		expect(hub.viewers).toBe(1);
		await never.look();
		await never.look();
		expect(never.ended).toEqual(new Error('the viewer reads nothing'));
	});

	it('ends all streams when it closes, and takes nobody in any more', async () => {
		const viewer = open();
		await viewer.look();
		hub.close();
		await viewer.look();
		expect([viewer.ended, hub.viewers, vi.getTimerCount()]).toEqual(['closed', 0, 0]);
		expect(hub.open(undefined)).toBeUndefined();
	});
});
