// Provider `static`: a list of peers, whose names are resolved, and resolved again, for ever.

import { lookup } from 'node:dns/promises';
import type { Address, Random } from '../swim/index.ts';
import { changes, distinct } from './changes.ts';
import type { Discovery, DiscoveryHealth, DiscoveryProblem } from './discovery.ts';
import { nameProblem, noRecord } from './dns-problem.ts';
import { type Peer, parsePeer } from './parse-peer.ts';
import { pause, pauseMs, systemRandom } from './retry.ts';

/** All IPv4 and IPv6 addresses of a host name. Rejects, or resolves to none, when there are none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** A list of peers, by address or by name. */
export interface StaticDiscoveryOptions {
	/** `host:port`, `host`, `10.0.0.1:7946`, `[fd00::1]:7946` or `fd00::1`. */
	readonly peers: readonly string[];
	/** Port of the peers that name none. */
	readonly defaultPort: number;
	/** Default: the resolver of the operating system. */
	readonly resolve?: Resolve;
	/** Between two resolutions of one name, 20 % more or less. Default 30,000. */
	readonly refreshMs?: number;
	readonly random?: Random;
}

/**
 * IP literals are told at once and names as they resolve. A failed or empty answer changes nothing:
 * the last good addresses of that name stand, and the next attempt comes after 0.5 s to 30 s.
 * @throws {RangeError} naming the entry that is no peer.
 */
export function createStaticDiscovery(options: StaticDiscoveryOptions): Discovery {
	return new StaticDiscovery(options);
}

interface Entry {
	readonly peer: Peer;
	addresses: readonly Address[];
	failures: number;
	problem: DiscoveryProblem | undefined;
}

class StaticDiscovery implements Discovery {
	readonly name = 'static';
	readonly #entries: readonly Entry[];
	readonly #resolve: Resolve;
	readonly #refreshMs: number;
	readonly #random: Random;
	#answeredAtMs: number | undefined;
	#errors = 0;

	constructor(options: StaticDiscoveryOptions) {
		this.#entries = options.peers.map((text) => entryOf(parsePeer(text, options.defaultPort)));
		this.#resolve = options.resolve ?? resolveAll;
		this.#refreshMs = options.refreshMs ?? 30_000;
		this.#random = options.random ?? systemRandom;
		if (this.#entries.some((entry) => entry.peer.literal)) this.#answeredAtMs = Date.now();
	}

	get health(): DiscoveryHealth {
		return {
			provider: this.name,
			addresses: this.#addresses(),
			answeredAtMs: this.#answeredAtMs,
			errors: this.#errors,
			problem: this.#entries.find((entry) => entry.problem !== undefined)?.problem,
		};
	}

	watch(signal: AbortSignal): AsyncIterable<readonly Address[]> {
		return changes(
			signal,
			() => this.#addresses(),
			(ends, look) => {
				for (const entry of this.#entries) if (!entry.peer.literal) void this.#follow(entry, ends, look);
			},
		);
	}

	/** Never rejects. */
	async #follow(entry: Entry, signal: AbortSignal, changed: () => void): Promise<void> {
		while (!signal.aborted) {
			await this.#ask(entry, signal);
			if (!signal.aborted) changed();
			await pause(pauseMs(entry.failures, this.#refreshMs, this.#random), signal);
		}
	}

	async #ask(entry: Entry, signal: AbortSignal): Promise<void> {
		const { host, port } = entry.peer;
		try {
			const hosts = await this.#resolve(host);
			if (signal.aborted) return;
			if (hosts.length === 0) throw noRecord();
			// Resolvers rotate their answers; sorting keeps a rotation from looking like a change.
			entry.addresses = [...new Set(hosts)].sort().map((each) => ({ host: each, port }));
			entry.failures = 0;
			entry.problem = undefined;
			this.#answeredAtMs = Date.now();
		} catch (error) {
			if (signal.aborted) return;
			entry.failures++;
			entry.problem = nameProblem(host, error);
			this.#errors++;
		}
	}

	#addresses(): readonly Address[] {
		return distinct(this.#entries.flatMap((entry) => entry.addresses));
	}
}

function entryOf(peer: Peer): Entry {
	const addresses = peer.literal ? [{ host: peer.host, port: peer.port }] : [];
	return { peer, addresses, failures: 0, problem: undefined };
}

async function resolveAll(host: string): Promise<readonly string[]> {
	const found = await lookup(host, { all: true });
	return found.map((each) => each.address);
}
