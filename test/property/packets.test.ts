// What our nodes put into packets, whatever happens around them (X10).
import { describe, expect, it } from 'vitest';
import { messagesOf } from '../support/stranger.ts';
import { type Host, type Sent, World } from '../support/world.ts';

const UPDATES = new Set(['alive', 'suspect', 'dead']);

/** 40 nodes among whom some crash, leave, return and change their tags, over a network that loses packets. */
function churn(seed: number, packetBytes: number): readonly Sent[] {
	const world = new World({ streams: false, seed, packetBytes });
	world.recording = true;
	const hosts = world.cluster(40, { tags: { zone: 'a'.repeat(40) } });
	world.run(3_000);
	world.loss = 0.05;
	for (let i = 1; i <= 12; i++) {
		const [victim, leaver, tagged] = [hosts[i]!, hosts[i + 13]!, hosts[i + 26]!] as [Host, Host, Host];
		world.kill(victim);
		world.leave(leaver);
		world.setTags(tagged, { zone: 'b'.repeat(60), turn: String(i) });
		world.run(700);
		const late = world.add(`late${i}`);
		world.discover(late, [hosts[0]!]);
		if (i % 3 === 0) world.discover(world.add(victim.name, { address: victim.address }), [hosts[0]!]);
	}
	world.run(8_000);
	return world.sent;
}

describe('X10: packets', () => {
	it.each([
		[1, 1_400],
		[2, 1_400],
		[3, 1_100],
	])(
		'seed 09: at most five member updates in every packet that carries news, 1400 bytes at most in every packet (world %i, %i bytes)',
		(seed, packetBytes) => {
			const seen = { packets: 0, pages: 0, most: 0, longest: 0 };
			const carriers = new Set<string>();
			for (const { bytes } of churn(seed, packetBytes)) {
				const messages = messagesOf(bytes);
				seen.packets++;
				seen.longest = Math.max(seen.longest, bytes.length);
				if (bytes.length > packetBytes) throw new Error(`${bytes.length} bytes: ${Buffer.from(bytes).toString('hex')}`);
				if (messages.length === 0) throw new Error(`unreadable: ${Buffer.from(bytes).toString('hex')}`);
				if (messages.some(({ type }) => type === 'syncPage')) {
					seen.pages++;
					continue;
				}
				const updates = messages.filter(({ type }) => UPDATES.has(type)).length;
				seen.most = Math.max(seen.most, updates);
				if (updates > 5) throw new Error(`${updates} updates: ${messages.map(({ type }) => type).join(' ')}`);
				if (updates > 0) carriers.add(messages.find(({ type }) => !UPDATES.has(type))?.type ?? 'gossip');
			}
			expect(seen.packets).toBeGreaterThan(10_000);
			expect(seen.pages).toBeGreaterThan(0);
			expect(seen.most).toBe(5);
			expect([...carriers].sort()).toEqual(['ackResp', 'gossip', 'indirectPing', 'nackResp', 'ping']);
		},
		30_000,
	);
});
