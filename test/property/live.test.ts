// The live stream over simulated nodes: whatever happens and whenever a reader looks, what he folded is what the node shows.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	fold,
	type LiveAbout,
	type LiveCursor,
	type LiveSnapshot,
	LiveView,
	type StatusSource,
} from '../../src/status/index.ts';
import { followStatus } from '../support/sim-status.ts';
import { World } from '../support/world.ts';

const ABOUT: LiveAbout = {
	origin: 'simulated',
	facts: () => ({ version: '1.2.3', node: '20', keys: 0, label: 'test', loop: null }),
	discovery: () => [],
};

type Act = {
	readonly runMs: number;
	readonly what: 'nothing' | 'kill' | 'add' | 'leave' | 'tag' | 'cut' | 'cut-udp' | 'heal' | 'stall';
};

const acts: fc.Arbitrary<Act[]> = fc.array(
	fc.record({
		runMs: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 4_000 })),
		what: fc.constantFrom('nothing', 'kill', 'add', 'leave', 'tag', 'cut', 'cut-udp', 'heal', 'stall'),
	}),
	{ minLength: 1, maxLength: 20 },
);

/** Reads at its own pace: after every so many acts. */
class Reader {
	readonly every: number;
	cursor: LiveCursor | undefined;
	held: LiveSnapshot | undefined;
	deltas = 0;
	snapshots = 0;

	constructor(every: number) {
		this.every = every;
	}

	read(view: LiveView, source: StatusSource): void {
		const cursor = view.refresh();
		const delta = this.cursor && view.since(this.cursor);
		if (delta && this.held) {
			this.held = fold(this.held, JSON.parse(JSON.stringify(delta)));
			this.deltas++;
		} else {
			this.held = JSON.parse(JSON.stringify(view.snapshot())) as LiveSnapshot;
			this.snapshots++;
		}
		this.cursor = cursor;
		// What a view shows that looks for the first time.
		const fresh = new LiveView(source, ABOUT);
		fresh.refresh();
		expect(this.held).toEqual(JSON.parse(JSON.stringify(fresh.snapshot())));
	}
}

function perform({ what }: Act, world: World, step: number): void {
	const others = [...world.hosts.values()].slice(1);
	const one = others[step % Math.max(1, others.length)];
	if (what === 'add') world.discover(world.add(`x${step}`), [world.hosts.get('n0')!]);
	else if (what === 'cut') world.passes = (from, to) => from < 'n2' === to < 'n2';
	else if (what === 'cut-udp') world.passes = (from, to, packet) => !packet || from < 'n3' === to < 'n3';
	else if (what === 'heal') world.passes = () => true;
	else if (!one) return;
	else if (what === 'kill') world.kill(one);
	else if (what === 'leave') world.leave(one);
	else if (what === 'tag') world.setTags(one, { step: String(step), zone: step % 2 ? 'a' : 'b' });
	else if (what === 'stall') world.stall(one, 1_500);
}

function watched(seed: number): { world: World; source: StatusSource } {
	const world = new World({ seed, suspicionTimeoutMs: 500, tombstoneMs: 4_000 });
	const follow = followStatus(world);
	const [first] = world.cluster(5);
	world.run(500);
	return { world, source: follow(first!) };
}

describe('the live stream', () => {
	it('folds to what the node shows', () => {
		let deltas = 0;
		fc.assert(
			fc.property(fc.integer(), acts, (seed, list) => {
				const { world, source } = watched(seed);
				const view = new LiveView(source, ABOUT);
				const readers = [1, 2, 5].map((every) => new Reader(every));
				for (const reader of readers) reader.read(view, source);
				for (const [step, act] of list.entries()) {
					perform(act, world, step);
					world.run(act.runMs);
					for (const reader of readers) if (step % reader.every === 0) reader.read(view, source);
				}
				// Of one life and one clock, nothing needs a second snapshot.
				expect(readers.map(({ snapshots }) => snapshots)).toEqual([1, 1, 1]);
				deltas += readers[0]!.deltas;
			}),
			{ numRuns: 40 },
		);
		expect(deltas).toBeGreaterThan(40);
	});

	it('begins anew when the clock is set, and for a reader of another life', () => {
		const { world, source } = watched(1);
		let shiftMs = 0;
		const shifted = Object.create(source, { wallMs: { value: (at: number) => source.wallMs(at) + shiftMs } });
		const view = new LiveView(shifted, ABOUT);
		const before = view.refresh();
		world.run(300);
		view.refresh();
		expect(view.since(before)).toBeDefined();
		expect(view.since({ ...before, life: 'another' })).toBeUndefined();
		expect(view.since({ ...before, version: 1e9 })).toBeUndefined();
		shiftMs = 3_600_000;
		view.refresh();
		expect(view.since(before)).toBeUndefined();
	});
});
