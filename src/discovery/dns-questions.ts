// Questions to name servers: SRV records, and all addresses of a host with the time that they may be kept.

import { Resolver } from 'node:dns/promises';
import { errorCode, noRecord } from './dns-problem.ts';

/** A server that says nothing is asked twice, the second time with twice the patience. */
const SERVER_TIMEOUT_MS = 1_000;
const SERVER_TRIES = 2;

export interface Target {
	readonly host: string;
	readonly port: number;
}

/** Addresses of a host. `failure` says why one of the two address families is only what was known before. */
export interface HostAnswer {
	readonly hosts: readonly string[];
	/** The smallest TTL of what was answered now. */
	readonly ttlMs: number;
	readonly failure: unknown;
}

/** The questions of one round. A new resolver for each round reads the system's configuration again, which may change. */
export class DnsQuestions {
	readonly #resolver = new Resolver({ timeout: SERVER_TIMEOUT_MS, tries: SERVER_TRIES });

	/** `servers` in the syntax of Node's `setServers`; empty: those of the system. */
	constructor(servers: readonly string[]) {
		if (servers.length > 0) this.#resolver.setServers(servers);
	}

	/** Whatever is still asked rejects with `ECANCELLED`. */
	cancel(): void {
		this.#resolver.cancel();
	}

	/** Targets of an SRV record, whatever their priority and weight: gossip needs no preference. */
	async targets(record: string): Promise<readonly Target[]> {
		const rows = await this.#resolver.resolveSrv(record);
		// The target "." says that there is decidedly no such service (RFC 2782).
		const there = rows.filter(({ name, port }) => name !== '' && name !== '.' && port > 0);
		const targets = there.map(({ name: host, port }) => ({ host, port }));
		if (targets.length === 0) throw noRecord();
		return targets;
	}

	/**
	 * All IPv4 and IPv6 addresses. A family that fails while the other one answers keeps what is in `known`.
	 * Rejects when neither family has an address to give.
	 */
	async addresses(host: string, known: readonly string[]): Promise<HostAnswer> {
		const [v4, v6] = await Promise.allSettled([
			this.#resolver.resolve4(host, { ttl: true }),
			this.#resolver.resolve6(host, { ttl: true }),
		]);
		const records = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
		const [failure4, failure6] = [failureOf(v4), failureOf(v6)];
		if (records.length === 0) throw failure4 ?? failure6 ?? rejection(v4) ?? noRecord();
		const hosts = records.map(({ address }) => address);
		if (failure4 !== undefined) hosts.push(...known.filter((each) => !each.includes(':')));
		if (failure6 !== undefined) hosts.push(...known.filter((each) => each.includes(':')));
		const ttlMs = 1_000 * Math.min(...records.map(({ ttl }) => ttl));
		return { hosts: [...new Set(hosts)], ttlMs, failure: failure4 ?? failure6 };
	}
}

/** Why a family is unknown. That a host has no address of a family is an answer. */
function failureOf(answer: PromiseSettledResult<unknown>): unknown {
	const error = rejection(answer);
	const code = errorCode(error);
	return code === 'ENODATA' || code === 'ENOTFOUND' ? undefined : error;
}

function rejection(answer: PromiseSettledResult<unknown>): unknown {
	return answer.status === 'rejected' ? answer.reason : undefined;
}
