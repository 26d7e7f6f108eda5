// Every live member's agent asked for its keys: at their status addresses, a few at a time, again until the wait is over.

import { setTimeout } from 'node:timers/promises';
import { callAction, FlightError, type KeysRequest, type KeysResult } from '../../flight/index.ts';
import type { MemberObject } from '../../status/index.ts';
import { STATE_NAMES } from '../../swim/index.ts';
import type { AgentClient } from './client.ts';

export interface FleetOptions {
	/** The agent that names the members; it is asked where it stands, which is mostly loopback. */
	readonly client: AgentClient;
	readonly token: string | undefined;
	/** For one call to one member. */
	readonly callMs: number;
	/** For all calls together: members that do not answer are asked again, and those that have died meanwhile are not missed. */
	readonly waitMs: number;
	readonly progress: (told: number, of: number) => void;
}

/** A live member that gave no answer, and why not. */
export interface Silent {
	readonly member: string;
	readonly reason: string;
}

export interface Round {
	readonly answers: ReadonlyMap<string, KeysResult>;
	readonly silent: readonly Silent[];
	/** All members by name, the dead ones too, without those that have left. */
	readonly members: ReadonlyMap<string, MemberObject>;
}

const AT_ONCE = 16;
const RETRY_MS = 500;
/** Failures that may be over a moment later. */
const PASSING: readonly string[] = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'RESOURCE_EXHAUSTED'];
const NO_ADDRESS = 'no status address';

export class Fleet {
	readonly #options: FleetOptions;
	readonly self: string;

	private constructor(options: FleetOptions, self: string) {
		this.#options = options;
		this.self = self;
	}

	static async of(options: FleetOptions): Promise<Fleet> {
		return new Fleet(options, (await options.client.identity()).ID);
	}

	/** Asks every live member but those in `known`, whose answers are at hand. */
	async ask(request: KeysRequest, known: ReadonlyMap<string, KeysResult> = new Map()): Promise<Round> {
		const { client, waitMs, progress } = this.#options;
		const until = performance.now() + waitMs;
		const answers = new Map(known);
		const refused = new Map<string, string>();
		for (;;) {
			const members = new Map((await client.members()).filter(({ Status }) => Status !== 3).map((m) => [m.ID, m]));
			const live = [...members.values()].filter(isLive);
			const told = (): number => live.filter(({ ID }) => answers.has(ID)).length;
			const missing = live.filter(({ ID }) => !answers.has(ID) && !refused.has(ID));
			const passing = new Map<string, string>();
			progress(told(), live.length);
			await pooled(missing, async (member) => {
				const failure = await this.#askOne(member, request, answers);
				if (failure !== undefined) (failure.passing ? passing : refused).set(member.ID, failure.reason);
				progress(told(), live.length);
			});
			if (passing.size > 0 && performance.now() + RETRY_MS < until) {
				await setTimeout(RETRY_MS);
				continue;
			}
			const silent = live.flatMap(({ ID }) => {
				const reason = refused.get(ID) ?? passing.get(ID);
				return reason === undefined ? [] : [{ member: ID, reason }];
			});
			return { answers, silent, members };
		}
	}

	/** Why there is no answer; undefined = there is one, and it is noted. */
	async #askOne(
		member: MemberObject,
		request: KeysRequest,
		answers: Map<string, KeysResult>,
	): Promise<{ readonly reason: string; readonly passing: boolean } | undefined> {
		const { client, token, callMs } = this.#options;
		const addr = member.ID === this.self ? client.addr : member.MetaAddr;
		if (!addr) return { reason: NO_ADDRESS, passing: false };
		try {
			const options = { timeoutMs: callMs, tls: client.tls, ...(token === undefined ? {} : { token }) };
			const answer = (await callAction(addr, 'MeshKeys', request, options)) as KeysResult;
			// Another one may listen there by now; what it says is not this member's word.
			if (answer.member !== member.ID) return { reason: `${answer.member} answers at ${addr}`, passing: true };
			answers.set(member.ID, answer);
			return undefined;
		} catch (error) {
			if (!(error instanceof FlightError)) throw error;
			const passing = PASSING.includes(error.code);
			return { reason: passing ? 'no answer' : error.message.replace(/^MESH_[A-Z_]+: /, ''), passing };
		}
	}
}

function isLive({ Status }: MemberObject): boolean {
	const state = STATE_NAMES[Status];
	return state === 'alive' || state === 'suspect';
}

async function pooled<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
	const waiting = [...items];
	const worker = async (): Promise<void> => {
		for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
