// Who sends what we refuse: counted by host, in a bounded table. A stranger that floods is not even read for a second.

import type { Address } from './address.ts';
import type { Instant } from './member.ts';
import type { MemberTable } from './member-table.ts';

/** What was refused of one host. */
export interface RefusedSource {
	readonly host: string;
	/** Packets, messages and streams, those that were not read included. */
	readonly refused: number;
}

interface Source {
	refused: number;
	/** Nonsense since `second`. */
	nonsense: number;
	second: Instant;
	mutedUntil: Instant;
	/** Ports of members on that host, as of that version of the view. */
	members: ReadonlySet<number>;
	membersAsOf: number;
}

const MUTED_MS = 1_000;

export class Sources {
	readonly #table: MemberTable;
	/** Rises with every change of the view. */
	readonly #version: () => number;
	readonly #most: number;
	readonly #nonsensePerSecond: number;
	/** By host, the one that was refused longest ago first. */
	readonly #byHost = new Map<string, Source>();
	/** Nothing was refused yet: all that a packet asks of most nodes in their whole life. */
	#isEmpty = true;

	constructor(table: MemberTable, version: () => number, most: number, nonsensePerSecond: number) {
		this.#table = table;
		this.#version = version;
		this.#most = most;
		this.#nonsensePerSecond = nonsensePerSecond;
	}

	get size(): number {
		return this.#byHost.size;
	}

	/** Those of whom most was refused, the worst first. */
	worst(most: number): RefusedSource[] {
		const all = [...this.#byHost].map(([host, { refused }]) => ({ host, refused }));
		return all.sort((a, b) => b.refused - a.refused).slice(0, most);
	}

	/** Something of it was refused; `nonsense`: because nobody could have read it. */
	count({ host }: Address, nonsense: boolean, now: Instant): void {
		const source = this.#touch(host);
		source.refused++;
		if (!nonsense) return;
		if (now - source.second >= 1_000) {
			source.second = now;
			source.nonsense = 0;
		}
		source.nonsense++;
		if (source.nonsense > this.#nonsensePerSecond) source.mutedUntil = now + MUTED_MS;
	}

	/** Whether to leave a packet unread, which counts as refused. Never true of a known member's address, however much was said in its name. */
	mutes({ host, port }: Address, now: Instant): boolean {
		const source = this.#isEmpty ? undefined : this.#byHost.get(host);
		if (!source || source.mutedUntil <= now || this.#membersOf(host, source).has(port)) return false;
		source.refused++;
		return true;
	}

	#touch(host: string): Source {
		this.#isEmpty = false;
		const known = this.#byHost.get(host);
		const never = Number.NEGATIVE_INFINITY;
		const source = known ?? {
			refused: 0,
			nonsense: 0,
			second: never,
			mutedUntil: never,
			members: new Set<number>(),
			membersAsOf: -1,
		};
		// Moved behind all others, so that the first is the one to forget.
		if (known) this.#byHost.delete(host);
		this.#byHost.set(host, source);
		if (this.#byHost.size > this.#most) {
			for (const [oldest] of this.#byHost) {
				this.#byHost.delete(oldest);
				break;
			}
		}
		return source;
	}

	#membersOf(host: string, source: Source): ReadonlySet<number> {
		const version = this.#version();
		if (source.membersAsOf === version) return source.members;
		source.membersAsOf = version;
		source.members = memberPorts(this.#table, host);
		return source.members;
	}
}

/** Ports of all members on a host, the dead too: they may come back. */
export function memberPorts(table: MemberTable, host: string): Set<number> {
	const ports = new Set<number>();
	for (let slot = 0; slot < table.slots; slot++) {
		if (!table.isKnown(slot)) continue;
		const { address } = table.identity(slot);
		if (address.host === host) ports.add(address.port);
	}
	return ports;
}
