// Named attacks by members that do not exist, that have too much to say of themselves, or whose names are weapons.
import { describe, expect, it } from 'vitest';
import { type MeshEvent, State, utf8 } from '../../src/swim/index.ts';
import { MsgpackWriter } from '../../src/wire/msgpack-writer.ts';
import { Stranger } from '../support/stranger.ts';
import { type Host, World } from '../support/world.ts';

const MILLION = 1_000_000;
const REAL = 5;

function mesh(count: number): { world: World; hosts: Host[]; node: Host; stranger: Stranger } {
	const world = new World({ streams: false });
	const hosts = world.cluster(count);
	world.until(() => world.complete, 5_000, 'complete views');
	world.run(3_000);
	return { world, hosts, node: hosts[0]!, stranger: new Stranger(world) };
}

function codes(events: readonly MeshEvent[]): Set<string> {
	return new Set(events.flatMap((event) => (event.type === 'rejected' ? [event.code] : [])));
}

/** A packet full of members that do not exist; each call gives them other names. */
function fakes(stranger: Stranger): { count: number; next(): Uint8Array } {
	const marks = Array.from({ length: 15 }, (_, i) => `fake-${String(i).padStart(7, '0')}`);
	const bytes = stranger.packet((packet) => {
		for (const name of marks) packet.message(stranger.codec.alive(stranger.identity({ name }), 9));
	});
	const places = marks.map((name) => Buffer.from(bytes).indexOf(name) + 5);
	let made = 0;
	return {
		count: marks.length,
		next() {
			const packet = Buffer.from(bytes);
			for (const place of places) packet.write(String(made++).padStart(7, '0'), place);
			return new Uint8Array(packet);
		},
	};
}

describe('attack: a million members that do not exist', () => {
	it('fill the table and no more; real members live on, and the crash of one is still noticed', () => {
		const { world, hosts, node, stranger } = mesh(REAL);
		const limit = node.machine.config.limits.members;
		const { count, next } = fakes(stranger);
		for (let sent = 0; sent < MILLION; sent += count) {
			stranger.deliver(node, next());
			if (sent % 15_000 === 0) world.run(20);
		}
		const { sizes, counters } = node.machine;
		expect(sizes.members).toBe(limit);
		expect(sizes.updates).toBeLessThanOrEqual(limit);
		expect(counters.rejected['table-full']).toBeGreaterThan(MILLION - 2 * limit);
		world.run(10_000);
		const everybody = hosts.map(({ name }) => name);
		for (const { machine } of hosts) {
			expect(everybody.map((name) => machine.member(name)?.state)).toEqual(everybody.map(() => 'alive'));
		}
		const crashed = hosts[REAL - 1]!;
		world.kill(crashed);
		// Alone a node would come to it once in an hour, at 16,384 members of 200 ms each.
		const tookMs = world.until(
			() => hosts.slice(0, -1).every(({ machine }) => machine.member(crashed.name)?.state === 'dead'),
			120_000,
			'the crash is known everywhere',
		);
		expect(tookMs).toBeLessThan(120_000);
		const falseDeaths = hosts
			.slice(0, -1)
			.flatMap((host) => everybody.slice(0, -1).flatMap((name) => host.states(name)));
		expect(falseDeaths.filter((step) => step.endsWith('>dead'))).toEqual([]);
	}, 120_000);
});

describe('attack: oversized tags', () => {
	it('a Meta of more than 512 bytes is refused, one of 512 bytes of rubbish gives no tags', () => {
		const { node, stranger } = mesh(1);
		const alive = (name: string, meta: Uint8Array): void => {
			const w = new MsgpackWriter();
			const text = (value: string): void => w.str(utf8(value));
			w.byte(4);
			w.mapHeader(6);
			text('Addr');
			w.str(Uint8Array.of(10, 9, 9, 9));
			text('Incarnation');
			w.uint(9);
			text('Meta');
			w.str(meta);
			text('Node');
			text(name);
			text('Port');
			w.uint(7_946);
			text('Vsn');
			w.str(Uint8Array.of(1, 5, 2, 0, 0, 0));
			stranger.deliver(node, w.copy());
		};
		alive('large', new Uint8Array(513).fill(0xff));
		expect(codes(node.events)).toEqual(new Set(['bad-meta']));
		expect(node.machine.member('large')).toBeUndefined();
		// A map of four billion entries; one of 16 nested maps; a tag that is an object's prototype.
		const rubbish = [
			Uint8Array.of(0xff, 0xdf, 0xff, 0xff, 0xff, 0xff, ...new Uint8Array(506).fill(0xa0)),
			Uint8Array.of(0xff, ...new Uint8Array(511).fill(0x81)),
			Uint8Array.of(0xff, 0x81, 0xa9, ...utf8('__proto__'), 0xa8, ...utf8('polluted')),
		];
		for (const [i, meta] of rubbish.entries()) alive(`m${i}`, meta);
		expect(node.machine.member('m0')?.tags).toEqual({});
		expect(node.machine.member('m1')?.tags).toEqual({});
		expect(Object.entries(node.machine.member('m2')!.tags)).toEqual([['__proto__', 'polluted']]);
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
	});
});

describe('attack: duplicate keys and deep msgpack', () => {
	it('the last value of a key counts, and depth costs nothing', () => {
		const { node, stranger } = mesh(1);
		const w = new MsgpackWriter();
		w.byte(4);
		w.mapHeader(10);
		const entry = (key: string, value: () => void): void => {
			w.str(utf8(key));
			value();
		};
		entry('Node', () => w.str(utf8('first')));
		entry('Addr', () => w.str(Uint8Array.of(1, 2, 3)));
		entry('Addr', () => w.str(Uint8Array.of(10, 9, 9, 9)));
		entry('Incarnation', () => w.uint(2 ** 32 - 1));
		entry('Incarnation', () => w.uint(9));
		entry('Port', () => w.uint(7_946));
		entry('Vsn', () => w.str(Uint8Array.of(1, 5, 2, 0, 0, 0)));
		entry('Node', () => w.str(utf8('last')));
		// A thousand arrays, each in the one before; then a map as a value that is not known.
		entry('Deep', () => {
			for (let depth = 0; depth < 1_000; depth++) w.byte(0x91);
			w.byte(0xc0);
		});
		entry('Port', () => w.uint(7_947));
		stranger.deliver(node, w.copy());
		expect(node.machine.member('first')).toBeUndefined();
		expect(node.machine.member('last')).toMatchObject({
			state: 'alive',
			incarnation: 9,
			address: { host: '10.9.9.9', port: 7_947 },
		});
		// As deep, and never closed.
		stranger.deliver(node, Uint8Array.of(4, 0x81, 0xa1, 0x6b, ...new Uint8Array(1_300).fill(0x91)));
		expect(codes(node.events)).toEqual(new Set(['truncated']));
	});
});

describe('attack: a flood in the name of a member', () => {
	it('does not silence that member', () => {
		const { world, hosts, node, stranger } = mesh(3);
		for (let second = 0; second < 20; second++) {
			for (let i = 0; i < 2_000; i++) stranger.deliver(node, Uint8Array.of(99, i & 255), hosts[1]!.address);
			world.run(1_000);
		}
		expect(node.states('n1').slice(1)).toEqual([]);
		expect(node.machine.counters.rejected.muted).toBeUndefined();
		expect(State.alive).toBe(0);
	});
});
