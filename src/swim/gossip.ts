// The gossip tick: pending news is offered to a few random members (SWIM §4.1, memberlist state.go: gossip).

import { type Instant, State } from './member.ts';
import type { Slot } from './member-table.ts';
import type { Node } from './node.ts';

/** From this protocol maximum on a peer understands the CRC wrapper, and expects it on gossip (wire spec §5.4). */
const PMAX_CRC = 5;
/** Fresh news waits so long for company before it goes out (X10). */
const BATCH_MS = 5;

export class Gossip {
	readonly #node: Node;
	#lastAt: Instant = Number.NEGATIVE_INFINITY;

	constructor(node: Node) {
		this.#node = node;
	}

	/** Sets the timer when there is news and none is set: no news, no wake-up. */
	schedule(): void {
		const { timers, queue, now, config, phase } = this.#node;
		if (phase === 'stopped' || queue.size === 0 || timers.at('gossip') !== Number.POSITIVE_INFINITY) return;
		timers.set('gossip', Math.max(now + BATCH_MS, this.#lastAt + config.gossipIntervalMs));
	}

	/** Serves the gossip timer: a fresh batch for each of a few members. */
	tick(): void {
		const node = this.#node;
		this.#lastAt = node.now;
		const targets = node.randomMembers(node.config.gossipNodes, (slot) => this.#mayHear(slot));
		for (const slot of targets) {
			const packet = node.codec.packet();
			node.addNews(packet);
			if (packet.parts === 0) return;
			const identity = node.table.identity(slot);
			const crc = identity.extension === 0 && identity.vsn[1]! >= PMAX_CRC;
			node.packet(identity.address, packet.finish({ crc }), 'gossip');
		}
	}

	// The lately dead hear news too: of their own death, so that they can refute it.
	#mayHear(slot: Slot): boolean {
		const { table, now, config } = this.#node;
		if (table.isLive(slot)) return true;
		return table.state(slot) === State.dead && now - table.changedAt[slot]! < config.gossipToTheDeadMs;
	}
}
