// Named attacks by packets: each is tried, and what it must not do is looked for.
import { describe, expect, it } from 'vitest';
import { ipBytes, type MeshEvent, utf8 } from '../../src/swim/index.ts';
import { Keyring, WIRE_LIMITS } from '../../src/wire/index.ts';
import { NOWHERE, STRANGER, Stranger, sentMessages } from '../support/stranger.ts';
import { type Host, World } from '../support/world.ts';

const UDP_ONLY = { streams: false } as const;
const KEY = new Uint8Array(32).fill(7);

function mesh(count: number, options = {}): { world: World; hosts: Host[]; node: Host; stranger: Stranger } {
	const world = new World({ ...UDP_ONLY, ...options });
	const hosts = world.cluster(count);
	world.until(() => world.complete, 5_000, 'complete views');
	world.run(2_000);
	return { world, hosts, node: hosts[0]!, stranger: new Stranger(world) };
}

function codes(events: readonly MeshEvent[]): Set<string> {
	return new Set(events.flatMap((event) => (event.type === 'rejected' ? [event.code] : [])));
}

/** What everybody believes, without the instants. */
function picture(world: World): unknown {
	return [...world.hosts.values()].map(({ machine }) =>
		machine.members().map(({ name, state, incarnation, address, tags }) => [name, state, incarnation, address, tags]),
	);
}

describe('attack: decompression bomb of 13 bytes', () => {
	// Each claims up to 4 GiB: of compressed bytes, of entries, of a name, of an extension.
	it.each([
		['compressed bytes', '0981a3427566dbffffffff6161'],
		['compressed binary', '0981a3427566c6ffffffff6161'],
		['map entries', '09dfffffffffa342756661616161'.slice(0, 26)],
		['a name', '0081a44e6f6465dbffffffff61'],
		['nested entries', '0081a16bddffffffffddffffff'],
		['an extension', '0081a16bc9ffffffff01616161'],
	])('%s are not reserved, and nothing throws', (_what, hex) => {
		const { node, stranger } = mesh(1);
		const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
		expect(bytes).toHaveLength(13);
		const before = process.memoryUsage().arrayBuffers;
		stranger.deliver(node, bytes);
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
		expect(codes(node.events).size).toBe(1);
	});
});

describe('attack: compound nesting', () => {
	const compound = (parts: readonly Uint8Array[]): Uint8Array => {
		const lengths = parts.flatMap(({ length }) => [length >> 8, length & 255]);
		return Uint8Array.of(7, parts.length, ...lengths, ...parts.flatMap((part) => [...part]));
	};

	it('is followed eight layers deep, and no deeper', () => {
		const { node, stranger, world } = mesh(1);
		world.recording = true;
		const nested = (depth: number): Uint8Array => {
			let bytes: Uint8Array = Uint8Array.from(Buffer.from('0081a55365714e6f01', 'hex'));
			for (let i = 0; i < depth; i++) bytes = compound([bytes]);
			return bytes;
		};
		stranger.deliver(node, nested(8));
		expect(sentMessages(world.sent, 'ackResp')).toHaveLength(1);
		for (const depth of [9, 100, 300]) stranger.deliver(node, nested(depth));
		expect(sentMessages(world.sent, 'ackResp')).toHaveLength(1);
		expect(node.machine.counters.rejected).toEqual({ 'too-deep': 3 });
	});

	it('has no more than 512 parts, and after 16 that nobody can read nothing more is read', () => {
		const { node, world } = mesh(1);
		const stranger = new Stranger(world, { packetBytes: 60_000, compress: true });
		// 100 compounds of 126 parts each, 12,600 parts that compress to a few hundred bytes.
		const many = (part: Uint8Array): Uint8Array => {
			const compounds = compound(Array.from({ length: 126 }, () => part));
			const bytes = stranger.packet((packet) => {
				for (let i = 0; i < 100; i++) packet.message(compounds);
			});
			expect(bytes.length).toBeLessThan(1_400);
			return bytes;
		};
		stranger.deliver(node, many(new Uint8Array(0)));
		expect(node.machine.counters.rejected).toEqual({ empty: 17 });
		// Readable parts: a nack that nobody waits for.
		stranger.deliver(node, many(Uint8Array.of(11, 0x80)));
		expect(node.machine.counters.rejected).toEqual({ empty: 17, 'too-many': 1 });
		expect(WIRE_LIMITS.parts).toBe(512);
	});

	it('inflates a packet once, not once a part', () => {
		const { node, world } = mesh(1);
		const stranger = new Stranger(world, { packetBytes: 2 ** 20, compress: true });
		const bomb = stranger.packet((packet) => packet.message(stranger.codec.user(new Uint8Array(100_000))));
		const parts = Array.from({ length: 20 }, () => bomb);
		const startedAt = process.cpuUsage();
		const once = (packet: Uint8Array): number => {
			const before = process.cpuUsage();
			stranger.deliver(node, packet, { ...STRANGER, host: '10.66.6.7' });
			return process.cpuUsage(before).user;
		};
		once(bomb);
		once(compound(parts));
		expect(process.cpuUsage(startedAt).user).toBeGreaterThan(0);
		expect(node.machine.counters.rejected).toEqual({ 'too-large': 18 });
	});
});

describe('attack: a lie about a member', () => {
	it('a spoofed death is refuted, and gone from every view within a second', () => {
		const { world, hosts, node, stranger } = mesh(5);
		const { incarnation } = hosts[1]!.machine.self;
		stranger.dead(node, 'n1', incarnation, 'n2');
		expect(node.machine.member('n1')?.state).toBe('dead');
		world.until(() => world.complete, 1_000, 'n1 alive in every view');
		world.run(10_000);
		expect(world.complete).toBe(true);
		expect(hosts[1]!.machine.self.incarnation).toBe(incarnation + 1);
	});

	it('a spoofed goodbye is refuted as well', () => {
		const { world, hosts, node, stranger } = mesh(5);
		stranger.dead(node, 'n1', hosts[1]!.machine.self.incarnation, 'n1');
		world.until(() => world.complete, 2_000, 'n1 alive in every view');
	});

	it('without the key it is not even heard', () => {
		const { world, hosts, node, stranger } = mesh(3, { wire: { keyring: new Keyring([KEY]) } });
		const before = picture(world);
		const events = node.events.length;
		stranger.dead(node, 'n1', hosts[1]!.machine.self.incarnation, 'n2');
		expect(codes(node.events.slice(events))).toEqual(new Set(['cannot-decrypt']));
		world.run(10_000);
		expect(picture(world)).toEqual(before);
	});

	it.each(['n1', 'n0', 'somebody new'])('alive at incarnation 2³² - 1 of %s is refused', (name) => {
		const { world, node, stranger } = mesh(3);
		const before = picture(world);
		stranger.alive(node, { name, incarnation: 2 ** 32 - 1 });
		stranger.suspect(node, name, 2 ** 32 - 1, 'n2');
		stranger.dead(node, name, 2 ** 32 - 1, 'n2');
		expect(node.machine.counters.rejected['bad-incarnation']).toBe(3);
		world.run(5_000);
		expect(picture(world)).toEqual(before);
	});

	it('at the highest incarnation that is not refused a member can still answer', () => {
		const { world, hosts, node, stranger } = mesh(5);
		const highest = hosts[1]!.machine.self.incarnation + 2 ** 30 - 100;
		stranger.dead(node, 'n1', highest, 'n2');
		expect(node.machine.member('n1')?.state).toBe('dead');
		world.until(() => world.complete, 2_000, 'n1 alive in every view');
		expect(hosts[1]!.machine.self.incarnation).toBe(highest + 1);
	});
});

describe('attack: replayed packets', () => {
	/** What happened in a cluster in which members came, changed, died and left, and all packets of it. */
	function recorded(wire: { keyring?: Keyring }): { world: World; hosts: Host[] } {
		const world = new World({ ...UDP_ONLY, wire });
		world.recording = true;
		const hosts = world.cluster(6);
		world.until(() => world.complete, 5_000);
		world.setTags(hosts[1]!, { role: 'first' });
		world.run(2_000);
		world.setTags(hosts[1]!, { role: 'second' });
		world.leave(hosts[4]!);
		world.kill(hosts[5]!);
		world.run(40_000);
		world.recording = false;
		return { world, hosts };
	}

	it.each([
		['in clear', {}],
		['encrypted', { keyring: new Keyring([KEY]) }],
	])('an old packet changes nothing, %s', (_how, wire) => {
		const { world, hosts } = recorded(wire);
		const before = picture(world);
		const steps = hosts.map(({ events }) => events.filter(({ type }) => type === 'state').length);
		const packets = world.sent.splice(0);
		expect(packets.length).toBeGreaterThan(2_000);
		const running = [...world.hosts.values()];
		for (let i = 0; i < 4_000; i++) {
			// Neighbours in time come far apart, to every node in turn, from where they came.
			const { from, bytes } = packets[(i * 7_919) % packets.length]!;
			world.input(running[i % running.length]!, { type: 'packet', from: from.address, bytes });
			if (i % 50 === 0) world.run(20);
		}
		world.run(10_000);
		expect(picture(world)).toEqual(before);
		expect(hosts.map(({ events }) => events.filter(({ type }) => type === 'state').length)).toEqual(steps);
	});
});

describe('attack: reflection', () => {
	const VICTIM = { host: '10.77.0.1', port: 53 } as const;

	function toVictim(world: World): number {
		return world.sent.filter(({ to }) => to.host === VICTIM.host).reduce((sum, { bytes }) => sum + bytes.length, 0);
	}

	it('an indirect ping reaches known members at their known addresses alone, at a bounded rate', () => {
		const { world, node, stranger } = mesh(3);
		world.recording = true;
		const ask = (name: string, address = NOWHERE): void =>
			stranger.send(node, (packet) => packet.indirectPing(1, stranger.identity({ name, address }), false));
		ask('nobody', VICTIM);
		ask('n1', VICTIM);
		expect(world.sent).toEqual([]);
		expect(node.machine.counters.rejected['unknown-member']).toBe(2);
		for (let i = 0; i < 10_000; i++) ask('n1', world.hosts.get('n1')!.address);
		const { relays, relaysPerSecond } = node.machine.config.limits;
		expect(sentMessages(world.sent, 'ping').length).toBeLessThanOrEqual(Math.min(relays, relaysPerSecond));
	});

	it('whoever is named as the one to answer gets no more bytes than were sent to us', () => {
		const { world, node, stranger, hosts } = mesh(3);
		// News that would ride on every ack.
		for (let i = 0; i < 50; i++) stranger.alive(node, { name: `x${i}`, incarnation: 9, tags: { t: 'x'.repeat(400) } });
		world.recording = true;
		const { bytes: addr } = { bytes: ipBytes(VICTIM.host)! };
		const source = [0xaa, ...utf8('SourceAddr'), 0xa4, ...addr, 0xaa, ...utf8('SourcePort'), VICTIM.port];
		const ping = Uint8Array.of(0, 0x83, 0xa5, ...utf8('SeqNo'), 7, ...source);
		for (let i = 0; i < 100; i++) stranger.deliver(node, ping);
		expect(toVictim(world)).toBeGreaterThan(0);
		expect(toVictim(world)).toBeLessThanOrEqual(100 * ping.length);
		// From where it came it gets the news as well.
		world.input(node, {
			type: 'packet',
			from: hosts[1]!.address,
			bytes: Uint8Array.of(0, 0x81, 0xa5, ...utf8('SeqNo'), 7),
		});
		expect(sentMessages(world.sent, 'alive').length).toBeGreaterThan(0);
	});

	it('UDP amplification by state transfer: nobody gets more than three times what was sent in his name', () => {
		const { world, node, stranger, hosts } = mesh(3);
		for (let i = 0; i < 400; i++) stranger.alive(node, { name: `x${i}`, incarnation: 9, tags: { t: 'x'.repeat(400) } });
		const { digest } = node.machine;
		expect(digest).toBeDefined();
		world.recording = true;
		let sent = 0;
		const spoofed = (bytes: Uint8Array): void => {
			sent += bytes.length;
			world.input(node, { type: 'packet', from: VICTIM, bytes });
		};
		// The buckets of a view that lacks everything.
		const request = (nonce: number): Uint8Array =>
			stranger.packet((packet) => packet.syncRequest(nonce, 0, new Uint32Array(256)));
		for (let nonce = 1; nonce <= 50; nonce++) spoofed(request(nonce));
		expect(toVictim(world)).toBeGreaterThan(sent);
		expect(toVictim(world)).toBeLessThanOrEqual(3 * sent);
		// Records that are older than what is held, in an exchange that the node takes part in: it hands back the newer ones.
		const stale = (nonce: number): Uint8Array =>
			stranger.packet((packet) => {
				packet.syncPage(nonce, new Uint8Array(16));
				for (let i = 0; i < 100; i++) {
					const identity = stranger.identity({ name: `x${i}` });
					if (!packet.record([stranger.codec.alive(identity, 1)])) break;
				}
				packet.endPage({ end: true, push: true });
			});
		for (let nonce = 1; nonce <= 50; nonce++) {
			spoofed(stale(nonce));
			expect(toVictim(world)).toBeLessThanOrEqual(3 * sent);
		}
		expect(hosts[1]!.machine.member('n0')?.state).toBe('alive');
	});

	it('several requests or pages in one packet are answered once', () => {
		const { world, node, stranger } = mesh(1);
		stranger.alive(node, { name: 'x', incarnation: 9 });
		world.recording = true;
		const request = stranger.packet((packet) => packet.syncRequest(7, 0, new Uint32Array(256)));
		const length = [request.length >> 8, request.length & 255];
		stranger.deliver(node, Uint8Array.of(7, 3, ...length, ...length, ...length, ...request, ...request, ...request));
		expect(sentMessages(world.sent, 'syncPage').length).toBeLessThanOrEqual(1);
		expect(node.machine.counters.rejected['bad-sync']).toBe(2);
	});
});
