// A suspicion: how long a suspect may take to refute (Lifeguard §IV-B, memberlist suspicion.go).

import type { Config } from './config.ts';
import type { Instant } from './member.ts';

/**
 * How many further accusers make a suspicion certain (X7): 2 where there are enough members to
 * confirm, fewer in small clusters, none below 4, where nobody else could.
 */
export function confirmationsNeeded(liveMembers: number): number {
	return liveMembers < 4 ? 0 : Math.min(2, liveMembers - 2);
}

/** The timeout of a confirmed suspicion; `auto` is memberlist's 4 × max(1, log10 n) × period. */
export function suspicionMinMs(config: Config, liveMembers: number): number {
	if (config.suspicionTimeoutMs !== 'auto') return config.suspicionTimeoutMs;
	const nodeScale = Math.max(1, Math.log10(Math.max(1, liveMembers)));
	return (AUTO_SUSPICION_MULT * Math.floor(nodeScale * 1000) * config.protocolPeriodMs) / 1000;
}

const AUTO_SUSPICION_MULT = 4;

/**
 * The timeout with `confirmations` of the `needed`: from max down to min along a logarithm, so that
 * the first confirmation shortens it most. In whole milliseconds, as memberlist floors it.
 */
export function suspicionTimeoutMs(confirmations: number, needed: number, minMs: number, maxMs: number): number {
	if (needed < 1) return minMs;
	const part = Math.log(confirmations + 1) / Math.log(needed + 1);
	return Math.max(minMs, Math.floor(maxMs - part * (maxMs - minMs)));
}

/** One running suspicion. */
export class Suspicion {
	readonly incarnation: number;
	/** The first accuser, then those who confirmed. */
	readonly accusers: string[];
	startedAt: Instant;
	/** When the accused is told once more: each time after as long as a confirmed suspicion waits. */
	remindAt: Instant;
	/** How often the accused has been asked for its last word. */
	#asked = 0;
	/** An answer to the last word is waited for. */
	#notBefore: Instant = Number.NEGATIVE_INFINITY;
	readonly #askLeadMs: number;
	readonly #needed: number;
	readonly #minMs: number;
	readonly #maxMs: number;

	constructor(incarnation: number, accuser: string, now: Instant, liveMembers: number, config: Config) {
		this.incarnation = incarnation;
		this.accusers = [accuser];
		this.startedAt = now;
		this.#needed = confirmationsNeeded(liveMembers);
		this.#minMs = suspicionMinMs(config, liveMembers);
		this.#maxMs = this.#minMs * config.suspicionMaxTimeoutMult;
		this.#askLeadMs = Math.min(config.ackTimeoutMs, this.#minMs / (2 * LAST_WORDS));
		this.remindAt = now + this.#minMs;
	}

	/** A suspicion that came without an accuser gets its first one: perhaps the very one that it is the echo of. */
	isFirstByName(accuser: string): boolean {
		if (this.accusers[0] !== '') return false;
		this.accusers[0] = accuser;
		return true;
	}

	/** Counts one more accuser. False when it had accused before or no more are needed. */
	confirm(accuser: string): boolean {
		if (this.accusers.length > this.#needed || this.accusers.includes(accuser)) return false;
		this.accusers.push(accuser);
		return true;
	}

	/** It waits anew. */
	renew(now: Instant): void {
		this.startedAt = now;
		this.#asked = 0;
		this.reminded(now);
	}

	/** X16: whether the accused is to be asked now whether it has a last word. */
	isLastWordDue(now: Instant): boolean {
		return this.#asked < LAST_WORDS && now >= this.#askAt;
	}

	askedForLastWord(now: Instant): void {
		this.#asked++;
		this.#notBefore = now + (LAST_WORDS - this.#asked + 1) * this.#askLeadMs;
	}

	reminded(now: Instant): void {
		this.remindAt = now + this.#minMs;
	}

	/** When there is something to do about it next. */
	get nextAt(): Instant {
		return Math.min(this.#asked < LAST_WORDS ? this.#askAt : this.deadAt, this.remindAt);
	}

	/** When the member is declared dead unless it refutes. */
	get deadAt(): Instant {
		return Math.max(this.#notBefore, this.#timeoutAt);
	}

	get #askAt(): Instant {
		return this.deadAt - (LAST_WORDS - this.#asked) * this.#askLeadMs;
	}

	get #timeoutAt(): Instant {
		return this.startedAt + suspicionTimeoutMs(this.accusers.length - 1, this.#needed, this.#minMs, this.#maxMs);
	}
}

/** Two, since one in three exchanges fails where a fifth of the packets get lost. */
const LAST_WORDS = 2;
