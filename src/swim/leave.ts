// The goodbye: told to the members directly, acknowledged by them, then the node stops (memberlist §9.9; left is not dead).

import type { Address } from './address.ts';
import type { Instant } from './member.ts';
import type { Slot } from './member-table.ts';
import type { Membership } from './membership.ts';
import type { Ack } from './message.ts';
import type { Node } from './node.ts';
import { shuffle } from './random.ts';
import { Timer } from './timers.ts';

/** The delegate's farewell (serf's leave intent) is given so long to spread before the goodbye itself. */
const FAREWELL_MS = 500;
const FAREWELL_CHECK_MS = 20;
/** Members that are told directly; in a larger cluster gossip tells the rest. */
const TOLD_DIRECTLY = 128;

interface Goodbye {
	readonly startedAt: Instant;
	readonly deadline: Instant;
	readonly of: number;
	/** By the sequence number of the ping that carries the goodbye. */
	readonly untold: Map<number, { readonly name: Uint8Array; readonly address: Address }>;
}

export class Leaver {
	readonly #node: Node;
	readonly #membership: Membership;
	readonly #commands: number[] = [];
	#startedAt: Instant | undefined;
	#goodbye: Goodbye | undefined;

	constructor(node: Node, membership: Membership) {
		this.#node = node;
		this.#membership = membership;
	}

	leave(id: number): void {
		const node = this.#node;
		this.#commands.push(id);
		if (this.#startedAt !== undefined) return;
		this.#startedAt = node.now;
		node.emit({ type: 'leaving' });
		node.delegate.leaving?.();
		node.timers.set(Timer.leave, node.now);
	}

	/** Serves the leave timer. */
	tick(): void {
		const node = this.#node;
		if (this.#startedAt === undefined) return;
		if (!this.#goodbye) {
			const farewellDone =
				node.queue.userMessages === 0 || node.now - this.#startedAt >= FAREWELL_MS || node.table.live <= 1;
			if (!farewellDone) {
				node.timers.set(Timer.leave, node.now + FAREWELL_CHECK_MS);
				return;
			}
			this.#goodbye = this.#begin(this.#startedAt);
		}
		if (this.#goodbye.untold.size === 0 || node.now >= this.#goodbye.deadline) this.#finish(this.#goodbye);
		else this.#tell(this.#goodbye);
	}

	/** True when the ack belongs to a goodbye. */
	ack(message: Ack): boolean {
		if (!this.#goodbye?.untold.delete(message.seqNo)) return false;
		if (this.#goodbye.untold.size === 0) this.#node.timers.set(Timer.leave, this.#node.now);
		return true;
	}

	#begin(startedAt: Instant): Goodbye {
		const node = this.#node;
		const { table } = node;
		const slots = this.#whomToTell();
		const untold = new Map(
			slots.map((slot) => {
				const { nameBytes: name, address } = table.identity(slot);
				return [node.nextSeqNo(), { name, address }];
			}),
		);
		// In a lost name conflict the name is not ours to take out of the cluster.
		if (node.phase === 'conflicted') untold.clear();
		else this.#membership.leaveSelf();
		node.phase = 'leaving';
		return { startedAt, deadline: node.now + node.config.leaveTimeoutMs, of: untold.size, untold };
	}

	#whomToTell(): Slot[] {
		const { table, self, random } = this.#node;
		const slots: Slot[] = [];
		for (let slot = 0; slot < table.slots; slot++) {
			if (slot !== self && table.isKnown(slot) && table.isLive(slot)) slots.push(slot);
		}
		shuffle(random, slots, slots.length);
		return slots.slice(0, TOLD_DIRECTLY);
	}

	#tell(goodbye: Goodbye): void {
		const node = this.#node;
		const message = node.codec.dead(node.nameBytes, node.incarnation, node.nameBytes);
		for (const [seqNo, { name, address }] of goodbye.untold) {
			const packet = node.codec.packet();
			packet.ping(seqNo, name, undefined);
			packet.message(message);
			node.counters.pingsSent++;
			node.packet(address, packet.finish({ crc: false }), 'gossip');
		}
		node.timers.set(Timer.leave, Math.min(goodbye.deadline, node.now + node.config.protocolPeriodMs));
	}

	#finish(goodbye: Goodbye): void {
		const node = this.#node;
		node.phase = 'stopped';
		node.timers.clearAll();
		const result = {
			type: 'leave',
			told: goodbye.of - goodbye.untold.size,
			of: goodbye.of,
			tookMs: node.now - goodbye.startedAt,
		} as const;
		for (const id of this.#commands) node.settle(id, result);
	}
}
