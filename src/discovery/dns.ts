// Provider `dns`: an SRV record or the addresses of a name, asked for again as their TTL says.

import { type Address, formatAddress, type Random } from '../swim/index.ts';
import { changes, distinct } from './changes.ts';
import type { Discovery, DiscoveryHealth, DiscoveryProblem } from './discovery.ts';
import { nameProblem } from './dns-problem.ts';
import { DnsQuestions, type Target } from './dns-questions.ts';
import { parsePeer } from './parse-peer.ts';
import { pause, pauseMs, systemRandom } from './retry.ts';

/** What is asked for, and whom. */
export interface DnsDiscoveryOptions {
	/**
	 * A name whose first character is `_` (`_gossip._udp.longbow.example`) is asked for SRV, and its targets and ports are
	 * the peers; any other name is asked for A and AAAA. Fully qualified: search domains are not tried.
	 */
	readonly record: string;
	/** Port of the peers where there is no SRV record to name it. */
	readonly defaultPort: number;
	/** `ip`, `ip:port` or `[v6]:port`. Default: the servers of the system. */
	readonly servers?: readonly string[];
	/** Longest time between two questions, 20 % more or less. Default 30,000. */
	readonly refreshMs?: number;
	readonly random?: Random;
}

const REFRESH_MS = 30_000;
/** A TTL of 0 is common in clusters, and is no reason to ask without a pause. */
const REFRESH_LEAST_MS = 1_000;
/** An SRV answer fits in 64 KiB, so it has some 1,500 targets at most; so many of them are resolved at once. */
const HOSTS_AT_ONCE = 16;
const DNS_PORT = 53;

/**
 * Asks again after the smallest TTL of the addresses, between 1 s and `refreshMs`. An answer that fails, is empty or
 * does not exist changes nothing: the last good one stands, and the next question comes after 0.5 s to 30 s. The same
 * holds for each target of an SRV record alone.
 * @throws {RangeError} naming the record or the server that cannot be asked.
 */
export function createDnsDiscovery(options: DnsDiscoveryOptions): Discovery {
	return new DnsDiscovery(options);
}

class DnsDiscovery implements Discovery {
	readonly name = 'dns';
	readonly #record: string;
	readonly #isService: boolean;
	/** The one target of a plain name. */
	readonly #itself: Target;
	readonly #servers: readonly string[];
	readonly #refreshMs: number;
	readonly #random: Random;
	/** Of the last good answer. */
	#targets: readonly Target[] = [];
	#hosts: ReadonlyMap<string, readonly string[]> = new Map();
	#answeredAtMs: number | undefined;
	#errors = 0;
	#problem: DiscoveryProblem | undefined;
	/** Questions in a row that brought no address. */
	#failures = 0;
	#ttlMs = REFRESH_MS;

	constructor(options: DnsDiscoveryOptions) {
		const { record, defaultPort, servers = [], refreshMs = REFRESH_MS, random = systemRandom } = options;
		if (!isName(record)) throw new RangeError(`record: ${JSON.stringify(record)} is no name that DNS could know`);
		this.#record = record;
		this.#isService = record.startsWith('_');
		this.#itself = { host: record, port: defaultPort };
		this.#servers = servers.map(serverText);
		this.#refreshMs = refreshMs;
		this.#random = random;
	}

	get health(): DiscoveryHealth {
		return {
			provider: this.name,
			addresses: this.#addresses(),
			answeredAtMs: this.#answeredAtMs,
			errors: this.#errors,
			problem: this.#problem,
		};
	}

	watch(signal: AbortSignal): AsyncIterable<readonly Address[]> {
		return changes(
			signal,
			() => this.#addresses(),
			(ends, look) => void this.#follow(ends, look),
		);
	}

	/** Never rejects. */
	async #follow(signal: AbortSignal, look: () => void): Promise<void> {
		while (!signal.aborted) {
			const questions = new DnsQuestions(this.#servers);
			const cancel = (): void => questions.cancel();
			signal.addEventListener('abort', cancel);
			await this.#ask(questions, signal);
			signal.removeEventListener('abort', cancel);
			look();
			const refreshMs = Math.min(this.#refreshMs, Math.max(REFRESH_LEAST_MS, this.#ttlMs));
			await pause(pauseMs(this.#failures, refreshMs, this.#random), signal);
		}
	}

	/** One round: the record, then all hosts that it names. Never rejects. */
	async #ask(questions: DnsQuestions, signal: AbortSignal): Promise<void> {
		try {
			const targets = this.#isService ? await questions.targets(this.#record) : [this.#itself];
			const round = await this.#resolve(questions, new Set(targets.map(({ host }) => host)));
			if (!signal.aborted) this.#take(targets, round);
		} catch (error) {
			if (!signal.aborted) this.#fail(this.#problemOf(this.#record, 'SRV', error));
		}
	}

	/** Never rejects: a host that fails keeps the addresses that were known. */
	async #resolve(questions: DnsQuestions, hosts: ReadonlySet<string>): Promise<Round> {
		const round: Round = { hosts: new Map(), ttlMs: Number.POSITIVE_INFINITY, problem: undefined };
		const one = async (host: string): Promise<void> => {
			const known = this.#hosts.get(host) ?? [];
			round.hosts.set(host, known);
			try {
				const { hosts: found, ttlMs, failure } = await questions.addresses(host, known);
				round.hosts.set(host, found);
				round.ttlMs = Math.min(round.ttlMs, ttlMs);
				if (failure !== undefined) round.problem ??= this.#problemOf(host, 'A', failure);
			} catch (error) {
				round.problem ??= this.#problemOf(host, 'A', error);
			}
		};
		// The workers share one iterator, so each host is taken once.
		const waiting = hosts.values();
		const work = async (): Promise<void> => {
			for (const host of waiting) await one(host);
		};
		await Promise.all(Array.from({ length: HOSTS_AT_ONCE }, work));
		return round;
	}

	#take(targets: readonly Target[], { hosts, ttlMs, problem }: Round): void {
		// Targets of whom none has an address are as good as no answer.
		if (ttlMs === Number.POSITIVE_INFINITY) {
			this.#fail(problem);
			return;
		}
		this.#targets = targets;
		this.#hosts = hosts;
		this.#answeredAtMs = Date.now();
		this.#ttlMs = ttlMs;
		this.#failures = 0;
		this.#problem = problem;
		if (problem) this.#errors++;
	}

	#fail(problem: DiscoveryProblem | undefined): void {
		this.#failures++;
		this.#errors++;
		this.#problem = problem;
	}

	#problemOf(name: string, type: 'A' | 'SRV', error: unknown): DiscoveryProblem {
		const [server] = this.#servers;
		const at = server === undefined ? '' : ` @${server.replace(/^\[?(.*?)\]?:(\d+)$/, '$1 -p $2')}`;
		return nameProblem(name, error, `dig${at} ${type} ${name}`);
	}

	#addresses(): readonly Address[] {
		const addresses = this.#targets.flatMap(({ host, port }) =>
			(this.#hosts.get(host) ?? []).map((each) => ({ host: each, port })),
		);
		return distinct(addresses.sort(byText));
	}
}

/** What one round of questions brought. */
interface Round {
	readonly hosts: Map<string, readonly string[]>;
	/** The smallest of what was answered; Infinity: nothing was. */
	ttlMs: number;
	/** Of the first host that failed. */
	problem: DiscoveryProblem | undefined;
}

function isName(record: string): boolean {
	try {
		const { host, literal } = parsePeer(record, DNS_PORT);
		return host === record && !literal;
	} catch (error) {
		if (error instanceof RangeError) return false;
		throw error;
	}
}

function serverText(text: string): string {
	const { host, port, literal } = parsePeer(text, DNS_PORT);
	if (!literal) throw new RangeError(`server ${JSON.stringify(text)}: must be an IP address, with or without a port`);
	return formatAddress({ host, port });
}

// Servers rotate their answers; sorting keeps a rotation from looking like a change.
function byText(a: Address, b: Address): number {
	return formatAddress(a) < formatAddress(b) ? -1 : 1;
}
