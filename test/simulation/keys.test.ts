// Keys in a running mesh, under simulated time: a rotation, a rotation in the wrong order, and the way from clear text to encryption.

import { describe, expect, it } from 'vitest';
import { Cluster, type HostOptions, type SimHost } from '../../src/sim/index.ts';
import type { MeshEvent, RejectCode } from '../../src/swim/index.ts';
import { Keyring } from '../../src/wire/index.ts';

const OLD = new Uint8Array(16).fill(1);
const NEW = new Uint8Array(32).fill(2);
const NAMES = Array.from({ length: 10 }, (_, i) => `n${i}`);
/** Longer than a full round of probes. */
const STEP_MS = 4_000;

interface Scene {
	readonly cluster: Cluster;
	/** What anybody held against anybody. */
	readonly accusations: MeshEvent[];
	/** Refused packets and streams of all hosts, those that have stopped included. */
	refusals(code: RejectCode): number;
	start(name: string, wire: HostOptions['wire'], options?: HostOptions): SimHost;
}

function scene(options: { streams?: boolean } = {}): Scene {
	const cluster = new Cluster({ seed: 11, host: { streams: options.streams ?? true } });
	const accusations: MeshEvent[] = [];
	const refused = new Map<string, number>();
	cluster.observe({
		event: (_, event) => {
			if (event.type === 'state' && (event.to === 'suspect' || event.to === 'dead')) accusations.push(event);
			if (event.type === 'rejected') refused.set(event.code, (refused.get(event.code) ?? 0) + 1);
		},
	});
	return {
		cluster,
		accusations,
		refusals: (code) => refused.get(code) ?? 0,
		start(name, wire, more = {}) {
			const others = [...cluster.hosts.values()];
			const host = cluster.add(name, { ...(wire && { wire }), ...more });
			cluster.discover(host, others.slice(0, 3));
			return host;
		},
	};
}

const complete = ({ cluster }: Scene, members: number): boolean =>
	[...cluster.hosts.values()].every(({ machine }) => {
		const alive = machine.members().filter(({ state }) => state === 'alive');
		return alive.length === members;
	});

/** Ten members, each with a keyring of its own that holds the old key. */
function encrypted(options: { streams?: boolean } = {}): { world: Scene; rings: Map<string, Keyring> } {
	const world = scene(options);
	const rings = new Map(NAMES.map((name) => [name, new Keyring([OLD])]));
	for (const [name, keyring] of rings) world.start(name, { keyring });
	expect(world.cluster.runUntil(() => complete(world, NAMES.length), 20_000)).toBeDefined();
	return { world, rings };
}

describe.each([true, false])('a rotation (streams: %s)', (streams) => {
	it('one member after the other refuses nothing and suspects nobody', () => {
		const { world, rings } = encrypted({ streams });
		const steps: ((ring: Keyring) => void)[] = [
			(ring) => ring.add(NEW),
			(ring) => ring.use(NEW),
			(ring) => ring.remove(OLD),
		];
		for (const step of steps) {
			for (const ring of rings.values()) {
				step(ring);
				world.cluster.run(700);
			}
			world.cluster.run(STEP_MS);
			expect(world.refusals('cannot-decrypt')).toBe(0);
			expect(world.accusations).toEqual([]);
			expect(complete(world, NAMES.length)).toBe(true);
		}
		for (const ring of rings.values()) expect(ring.keys).toEqual([NEW]);
	});

	it('in the wrong order is noticed, and is over once the order is mended', () => {
		const { world, rings } = encrypted({ streams });
		const [first, ...others] = [...rings.values()] as [Keyring, ...Keyring[]];
		first.add(NEW);
		first.use(NEW);
		world.cluster.run(2_000);
		expect(world.refusals('cannot-decrypt')).toBeGreaterThan(10);
		for (const ring of others) ring.add(NEW);
		const before = world.refusals('cannot-decrypt');
		world.cluster.run(30_000);
		expect(world.refusals('cannot-decrypt')).toBeLessThanOrEqual(before + 2); // what was on its way
		expect(complete(world, NAMES.length)).toBe(true);
	});
});

describe('a member that missed a rotation', () => {
	it('is no member, suspects nobody to the others, and counts what it cannot read', () => {
		const { world, rings } = encrypted();
		for (const ring of rings.values()) ring.replace([NEW]);
		world.cluster.run(STEP_MS);
		world.accusations.length = 0;
		const late = world.start('late', { keyring: new Keyring([OLD]) });
		world.cluster.run(20_000);
		expect(late.machine.counters.rejected['cannot-decrypt']).toBeGreaterThan(0);
		expect(late.machine.members()).toHaveLength(1);
		const knowsIt = [...rings.keys()].filter((name) => world.cluster.hosts.get(name)!.machine.member('late'));
		expect(knowsIt).toEqual([]);
		expect(world.accusations).toEqual([]);
	});
});

describe('from clear text to encryption', () => {
	/** Every member restarted in turn, as a rollout does it. */
	function rollOut(world: Scene, wire: () => HostOptions['wire']): void {
		const { cluster } = world;
		for (const name of NAMES) {
			const host = cluster.hosts.get(name)!;
			cluster.ask(host, { type: 'leave' });
			cluster.run(1_000);
			cluster.kill(host);
			cluster.run(200);
			world.start(name, wire(), { address: host.address });
			expect(
				cluster.runUntil(() => complete(world, NAMES.length), 20_000),
				name,
			).toBeDefined();
			cluster.run(1_000);
		}
		cluster.run(STEP_MS);
	}

	it('in three rollouts nobody is suspected and nothing is refused', () => {
		const world = scene();
		for (const name of NAMES) world.start(name, undefined);
		expect(world.cluster.runUntil(() => complete(world, NAMES.length), 20_000)).toBeDefined();
		const rollouts = [
			{ verifyIncoming: false, verifyOutgoing: false },
			{ verifyIncoming: false, verifyOutgoing: true },
			{ verifyIncoming: true, verifyOutgoing: true },
		];
		for (const switches of rollouts) {
			rollOut(world, () => ({ keyring: new Keyring([OLD]), ...switches }));
			expect(world.accusations).toEqual([]);
			for (const code of ['cannot-decrypt', 'bad-msgpack', 'unknown-type', 'truncated'] as const) {
				expect(world.refusals(code), code).toBe(0);
			}
		}
		const clear = world.start('clear', undefined);
		world.cluster.run(10_000);
		expect(clear.machine.members()).toHaveLength(1);
		for (const name of NAMES) expect(world.cluster.hosts.get(name)!.machine.member('clear')).toBeUndefined();
		expect(world.refusals('cannot-decrypt')).toBeGreaterThan(0);
	});

	it('in one rollout would have cut them off from each other', () => {
		const world = scene();
		for (const name of NAMES) world.start(name, undefined);
		expect(world.cluster.runUntil(() => complete(world, NAMES.length), 20_000)).toBeDefined();
		const host = world.cluster.hosts.get('n3')!;
		world.cluster.kill(host);
		world.start('n3', { keyring: new Keyring([OLD]) }, { address: host.address });
		world.cluster.run(20_000);
		expect(complete(world, NAMES.length)).toBe(false);
	});
});
