// The gossip tick: pending news is offered to a few random members (SWIM §4.1, memberlist state.go: gossip).

import { type Instant, State } from './member.ts';
import type { Slot } from './member-table.ts';
import type { Node } from './node.ts';
import { Timer } from './timers.ts';

/** From this protocol maximum on a peer understands the CRC wrapper, and expects it on gossip (wire spec §5.4). */
const PMAX_CRC = 5;
/** Fresh news waits so long for company before it goes out (X10). */
const BATCH_MS = 5;
/** A little fresh news goes on at this part of the gossip interval (X10). */
const FRESH_PACE = 1 / 8;

export class Gossip {
	readonly #node: Node;
	#lastAt: Instant = Number.NEGATIVE_INFINITY;

	constructor(node: Node) {
		this.#node = node;
	}

	/** Sets the timer when there is news and none is set: no news, no wake-up. */
	schedule(): void {
		const { timers, queue, beacon, now, config, phase } = this.#node;
		if (phase === 'stopped' || timers.at(Timer.gossip) !== Number.POSITIVE_INFINITY) return;
		if (queue.size === 0 && beacon.sent === Number.POSITIVE_INFINITY) return;
		timers.set(Timer.gossip, Math.max(now + BATCH_MS, this.#lastAt + config.gossipIntervalMs * this.#pace()));
	}

	/**
	 * Copies that are due anyhow go out early while one packet holds all news: the first half of them. The rest
	 * keep the interval, for whoever missed those in a burst of loss; and so does all news of a storm, and of the
	 * fewer than ten whom the first copies reach anyhow.
	 */
	#pace(): number {
		const { queue, beacon, config, retransmitLimit } = this.#node;
		const isLittle = queue.size <= config.updatesPerPacket && retransmitLimit > config.retransmitMult;
		const leastSent = Math.min(queue.leastSent, beacon.sent);
		return isLittle && leastSent * 2 < retransmitLimit ? FRESH_PACE : 1;
	}

	/** Serves the gossip timer: a fresh batch for each of a few members. */
	tick(): void {
		const node = this.#node;
		this.#lastAt = node.now;
		const targets = node.randomMembers(node.config.gossipNodes, (slot) => this.#mayHear(slot));
		for (const slot of targets) {
			const packet = node.codec.packet();
			const identity = node.table.identity(slot);
			node.addNews(packet, identity.extension > 0);
			if (packet.parts === 0) continue;
			const crc = identity.extension === 0 && identity.vsn[1]! >= PMAX_CRC;
			node.packet(identity.address, packet.finish({ crc }), 'gossip');
		}
	}

	// The lately dead hear news too: of their own death, so that they can refute it.
	#mayHear(slot: Slot): boolean {
		const { table, now, config, crowd } = this.#node;
		if (table.isLive(slot)) return crowd.trusts(slot);
		return table.state(slot) === State.dead && now - table.changedAt[slot]! < config.gossipToTheDeadMs;
	}
}
