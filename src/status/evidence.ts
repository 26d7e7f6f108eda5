// What this node has seen happen to each member: a bounded fold over its events, from which `why` explains.

import type { Instant, MeshEvent } from '../swim/index.ts';
import { Rejections, type RejectionsView } from './rejections.ts';

export type TransferEvent = Extract<MeshEvent, { type: 'transfer' }>;

/** One accusation as this node heard or made it. */
export interface Accused {
	readonly at: Instant;
	readonly by: string;
	readonly member: string;
}

/** What `why` concludes from. */
export interface EvidenceView {
	/** Events about a member, oldest first: probes that did not go well, states, confirmations, changes, conflicts. */
	about(name: string): readonly MeshEvent[];
	/** Since when nothing about the member is missing: older events gave way, or the node had not started. */
	since(name: string): Instant;
	/** Events about this node's own condition, oldest first: health, stalls, refutations. */
	readonly own: readonly MeshEvent[];
	/** The latest accusations by anybody, this node included, oldest first. */
	readonly accusations: readonly Accused[];
	/** The latest state transfers that nobody answered, oldest first. */
	readonly transfers: readonly TransferEvent[];
	/** Senders whose packets were refused. */
	readonly rejections: RejectionsView;
}

/** The latest events kept: of one member, of all of them, of this node itself, accusations, failed transfers. */
export const EVIDENCE_LIMITS = { member: 64, total: 20_000, own: 64, accusations: 256, transfers: 64 } as const;

/** Costs nothing while all goes well: a member of whom there is nothing to tell has no entry. */
export class Evidence implements EvidenceView {
	readonly #members = new Map<string, MeshEvent[]>();
	readonly #own: MeshEvent[] = [];
	readonly #accusations: Accused[] = [];
	readonly #transfers: TransferEvent[] = [];
	readonly rejections: Rejections = new Rejections();
	#total = 0;
	#self = '';
	/** Start of the node, or the latest event of the members of whom all was forgotten. */
	#wholeSince: Instant = 0;

	/** Takes the next event of the node. */
	note(event: MeshEvent): void {
		switch (event.type) {
			case 'state':
				if (event.why.code === 'started') this.#began(event);
				else if (event.from !== 'none' || event.to !== 'alive') this.#keep(event.member.name, event);
				this.#noteAccuser(event);
				break;
			case 'confirmed':
				this.#accused(event.at, event.by, event.member.name);
				this.#keep(event.member.name, event);
				break;
			case 'update':
				this.#keep(event.member.name, event);
				break;
			case 'probe':
				this.#keep(event.member, event);
				break;
			case 'conflict':
				this.#keep(event.name, event);
				break;
			case 'health':
			case 'stall':
			case 'refuted':
				push(this.#own, event, EVIDENCE_LIMITS.own);
				break;
			case 'transfer':
				push(this.#transfers, event, EVIDENCE_LIMITS.transfers);
				break;
			case 'rejected':
				this.rejections.note(event);
				break;
			case 'joined':
			case 'leaving':
				break;
			default:
				event satisfies never;
		}
	}

	about(name: string): readonly MeshEvent[] {
		return this.#members.get(name) ?? [];
	}

	since(name: string): Instant {
		const events = name === this.#self ? this.#own : this.about(name);
		return events.length < EVIDENCE_LIMITS.member ? this.#wholeSince : events[0]!.at;
	}

	get own(): readonly MeshEvent[] {
		return this.#own;
	}

	get accusations(): readonly Accused[] {
		return this.#accusations;
	}

	get transfers(): readonly TransferEvent[] {
		return this.#transfers;
	}

	#began({ at, member }: Extract<MeshEvent, { type: 'state' }>): void {
		this.#self = member.name;
		this.#wholeSince = at;
	}

	#noteAccuser({ at, member, to, why }: Extract<MeshEvent, { type: 'state' }>): void {
		if (to !== 'suspect') return;
		if (why.code === 'probe-failed') this.#accused(at, this.#self, member.name);
		else if (why.code === 'heard' && why.by !== undefined) this.#accused(at, why.by, member.name);
	}

	#accused(at: Instant, by: string, member: string): void {
		push(this.#accusations, { at, by, member }, EVIDENCE_LIMITS.accusations);
	}

	#keep(name: string, event: MeshEvent): void {
		const events = this.#members.get(name) ?? [];
		const before = events.length;
		push(events, event, EVIDENCE_LIMITS.member);
		// Behind all others: when there is too much of all, whoever has been quiet for longest is forgotten.
		this.#members.delete(name);
		this.#members.set(name, events);
		this.#total += events.length - before;
		while (this.#total > EVIDENCE_LIMITS.total) this.#forgetQuietest();
	}

	#forgetQuietest(): void {
		for (const [name, events] of this.#members) {
			this.#members.delete(name);
			this.#total -= events.length;
			this.#wholeSince = events.at(-1)!.at;
			return;
		}
	}
}

function push<T>(list: T[], item: T, most: number): void {
	list.push(item);
	if (list.length > most) list.shift();
}
