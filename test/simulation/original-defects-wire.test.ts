// What the original mesh got wrong on the wire, each defect by its number (the table is in original-defects.test.ts).
import { describe, expect, it } from 'vitest';
import { type Delegate, type MeshEvent, utf8 } from '../../src/swim/index.ts';
import { type CodecOptions, Keyring } from '../../src/wire/index.ts';
import { NOWHERE, STRANGER, Stranger, sentMessages } from '../support/stranger.ts';
import { type Host, World } from '../support/world.ts';

const UDP_ONLY = { streams: false } as const;
const MIB = 2 ** 20;

function complete(world: World, count: number): Host[] {
	const hosts = world.cluster(count);
	world.until(() => world.complete, 5_000, 'complete views');
	return hosts;
}

/** A node that knows one member, and a stranger with a codec of its own. */
function alone(
	wire: Partial<CodecOptions> = {},
	delegate: Delegate = {},
): { node: Host; stranger: Stranger; world: World } {
	const world = new World(UDP_ONLY);
	const node = world.add('node', { delegate });
	new Stranger(world).alive(node, { name: 'member', incarnation: 7 });
	return { world, node, stranger: new Stranger(world, wire) };
}

function codes(events: readonly MeshEvent[]): string[] {
	return events.flatMap((event) => (event.type === 'rejected' ? [event.code] : []));
}

describe('resources', () => {
	it('defect 19: a packet that would inflate to 16 MiB is refused, and costs less than 1 MiB', () => {
		const heard: Uint8Array[] = [];
		const { node, stranger } = alone(
			{ packetBytes: 17 * MIB, compress: true },
			{ userMessage: (body) => void heard.push(body) },
		);
		const bomb = stranger.packet((packet) => packet.message(stranger.codec.user(new Uint8Array(16 * MIB))));
		expect(bomb.length).toBeLessThan(32_768);
		const before = process.memoryUsage().arrayBuffers;
		stranger.deliver(node, bomb);
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MIB);
		expect(codes(node.events)).toEqual(['too-large']);
		expect(heard).toEqual([]);
		stranger.send(node, (packet) => packet.message(stranger.codec.user(new Uint8Array(40_000))));
		expect(heard).toHaveLength(1);
	});

	it('defect 21: nobody can have a stranger pinged, nor a member pinged without bound', () => {
		const { world, node, stranger } = alone();
		world.recording = true;
		const ask = (name: string, address = NOWHERE): void =>
			stranger.send(node, (packet) => packet.indirectPing(1, stranger.identity({ name, address }), false));
		ask('nobody');
		ask('member', { host: '10.0.0.9', port: 22 });
		expect(world.sent).toEqual([]);
		for (let i = 0; i < 10_000; i++) ask('member');
		expect(sentMessages(world.sent, 'ping')).toHaveLength(node.machine.config.limits.relays);
	});

	it('defect 22: members are capped, the unknown dead are no members, and the living displace the dead', () => {
		const { limits } = new World().add('any').machine.config;
		const world = new World({ ...UDP_ONLY, limits: { ...limits, members: 100 } });
		const node = world.add('node');
		const stranger = new Stranger(world);
		stranger.alive(node, { name: 'm0', incarnation: 7 });
		for (let i = 0; i < 500; i++) stranger.dead(node, `unknown${i}`, 7, 'm0');
		expect(node.machine.members()).toHaveLength(2);
		for (let i = 0; i < 500; i++) stranger.alive(node, { name: `m${i}`, incarnation: 7 });
		expect(node.machine.members()).toHaveLength(100);
		expect(codes(node.events)).toContain('table-full');
		stranger.dead(node, 'm1', 7, 'm0');
		stranger.alive(node, { name: 'late', incarnation: 7 });
		expect(node.machine.member('late')?.state).toBe('alive');
		expect(node.machine.members()).toHaveLength(100);
	});

	it('defect 23: a record that is too long is refused aloud, and the longest that is not refused reaches all', () => {
		const world = new World(UDP_ONLY);
		const [a, b] = complete(world, 2) as [Host, Host];
		const refused = world.setTags(a, { note: 'x'.repeat(600) });
		expect(a.settled.get(refused)).toMatchObject({ type: 'error', code: 'MESH_TAGS_TOO_LARGE' });
		let length = 600;
		while (a.settled.get(world.setTags(a, { note: 'x'.repeat(length) }))?.type === 'error') length--;
		expect(length).toBeGreaterThan(450);
		world.until(() => b.machine.member('n0')!.tags.note?.length === length, 1_000, 'the long tag');
	});

	it('defect 24: changed tags reach everybody, whatever the order in which they were given', () => {
		const world = new World(UDP_ONLY);
		const hosts = complete(world, 5);
		world.setTags(hosts[1]!, { role: 'db', zone: 'b' });
		const tagged = (tags: Record<string, string>) => () =>
			hosts.every((host) =>
				Object.entries(tags).every(([tag, value]) => host.machine.member('n1')!.tags[tag] === value),
			);
		world.until(tagged({ role: 'db', zone: 'b' }), 1_000, 'the tags everywhere');
		world.setTags(hosts[1]!, { zone: 'c', role: 'web' });
		world.until(tagged({ role: 'web', zone: 'c' }), 1_000, 'the changed tags everywhere');
		const codec = new Stranger(world).codec;
		expect(codec.encodeTags({ a: '1', b: '2' })).toEqual(codec.encodeTags({ b: '2', a: '1' }));
	});
});

describe('security', () => {
	it.each([
		['a death', 'n2', 0],
		['a death of the future', 'n2', 2 ** 30],
		['a goodbye', 'n1', 0],
	])('defect 20: without keys, %s that a stranger made up is undone at once, whoever heard it', (_, by, ahead) => {
		for (const hearers of [['n0'], ['n0', 'n2', 'n3', 'n4'], ['n0', 'n1', 'n2', 'n3', 'n4']]) {
			const world = new World(UDP_ONLY);
			const hosts = complete(world, 5);
			const { incarnation } = hosts[1]!.machine.self;
			const stranger = new Stranger(world);
			for (const host of hosts.filter(({ name }) => hearers.includes(name))) {
				stranger.dead(host, 'n1', incarnation + ahead, by);
			}
			world.until(() => world.complete, 1_000, `refuted, heard by ${hearers.join()}`);
			world.run(10_000);
			expect(world.complete).toBe(true);
			expect(hosts[1]!.machine.self.incarnation).toBe(incarnation + ahead + 1);
		}
	});

	it('defect 20: with keys, what a stranger sends changes nothing', () => {
		const key = new Uint8Array(32).fill(1);
		const world = new World({ ...UDP_ONLY, wire: { keyring: new Keyring([key]) } });
		const hosts = complete(world, 5);
		const before = hosts.map(({ view }) => view);
		const strangers = [new Stranger(world), new Stranger(world, { keyring: new Keyring([new Uint8Array(32)]) })];
		for (const host of hosts) {
			for (const stranger of strangers) {
				stranger.dead(host, 'n1', 200_000_000, 'n2');
				stranger.alive(host, { name: 'intruder', incarnation: 7 });
			}
			expect(host.machine.counters.rejected['cannot-decrypt']).toBe(4);
		}
		expect(hosts.map(({ view }) => view)).toEqual(before);
		const member = new Stranger(world, { keyring: new Keyring([key]) });
		member.alive(hosts[0]!, { name: 'welcome', incarnation: 7 });
		expect(hosts[0]!.machine.member('welcome')?.state).toBe('alive');
	});

	it('defect 25: a packet with a checksum and any one bit flipped changes nothing', () => {
		const { node, stranger } = alone();
		const packet = stranger.packet(
			(writer) => writer.message(stranger.codec.alive(stranger.identity({ name: 'newcomer' }), 7)),
			true,
		);
		const before = node.view;
		// The first byte says that there is a checksum: without it the rest is another message, or none.
		for (let bit = 8; bit < packet.length * 8; bit++) {
			const flipped = new Uint8Array(packet);
			flipped[bit >> 3]! ^= 1 << (bit & 7);
			// A host each: one alone would not be read any more.
			stranger.deliver(node, flipped, { host: `10.66.${bit >> 8}.${bit & 255}`, port: 6_666 });
		}
		expect(node.view).toBe(before);
		expect(new Set(codes(node.events))).toEqual(new Set(['bad-crc']));
		stranger.deliver(node, packet);
		expect(node.view).toContain('newcomer:alive');
	});

	it.each([
		['no version', []],
		['protocol 0', [0, 0, 0, 0, 0, 0]],
		['a range upside down', [5, 1, 3, 0, 0, 0]],
	])('defect 25: a member with %s is refused', (_, vsn) => {
		const { node, stranger } = alone();
		stranger.alive(node, { name: 'newcomer', incarnation: 7, vsn });
		expect(codes(node.events)).toEqual(['bad-version']);
		expect(node.machine.member('newcomer')).toBeUndefined();
	});

	it('defect 25: a packet of another cluster is refused by its label before anything in it is read', () => {
		const world = new World({ ...UDP_ONLY, wire: { label: 'ours' } });
		const node = world.add('node');
		const ours = new Stranger(world, { label: 'ours' });
		for (const label of [undefined, 'theirs', 'our', 'oursandmore']) {
			const stranger = new Stranger(world, { label });
			stranger.alive(node, { name: 'newcomer', incarnation: 7 });
			stranger.send(node, (packet) => packet.ping(1, utf8('node'), undefined), STRANGER);
		}
		expect(node.view).toBe('node:alive');
		expect(new Set(codes(node.events))).toEqual(new Set(['bad-label']));
		ours.alive(node, { name: 'newcomer', incarnation: 7 });
		expect(node.view).toBe('newcomer:alive node:alive');
	});
});
