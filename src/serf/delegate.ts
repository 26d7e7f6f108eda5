// Serf on top of the mesh: intents and their clock, user events passed on, queries acknowledged.

import {
	type Address,
	type Delegate,
	type DelegateHost,
	ipText,
	utf8,
	utf8Text,
	WireError,
	xxHash32,
} from '../swim/index.ts';
import type { Keyring } from '../wire/index.ts';
import { judgeFilters } from './filters.ts';
import { answerKeyQuery } from './keys.ts';
import { LamportClock } from './lamport.ts';
import {
	decodeEventTime,
	decodeIntent,
	decodeQuery,
	decodeState,
	encodeConflictResponse,
	encodeJoin,
	encodeLeave,
	encodeQueryResponse,
	encodeState,
	type Query,
	QueryFlag,
	SerfType,
} from './messages.ts';
import { RecentMessages } from './recent.ts';

/** Counters since the start. */
export interface SerfCounters {
	intentsReceived: number;
	userEventsReceived: number;
	queriesReceived: number;
	/** Messages of others that were spread again, each one once. */
	rebroadcasts: number;
	acksSent: number;
	/** Answers to `_serf_conflict`. */
	votesSent: number;
	/** Answers to queries about keys, refusals among them. */
	keyAnswersSent: number;
	/** Somebody said that we leave, and we do not. */
	leavesRefuted: number;
	/** Messages that were not understood, or that mean nothing to us, by reason. */
	ignored: Record<SerfIgnored, number>;
}

/** Why a message of serf was passed over. */
export type SerfIgnored =
	| 'malformed'
	| 'unknown-type'
	/** We never ask for one, so none of ours goes through a relay. */
	| 'relay'
	/** We send no queries. */
	| 'query-response'
	/** Seen before, or too old to know. */
	| 'repeated'
	/** A filter that cannot be judged, a pattern out of bounds among them. */
	| 'unreadable-filter'
	/** A query whose sender cannot be answered. */
	| 'bad-address';

/** The delegate of `compat: serf`. One for each node. */
export interface SerfDelegate
	extends Required<Pick<Delegate, 'attach' | 'userMessage' | 'localState' | 'remoteState' | 'leaving'>> {
	readonly counters: Readonly<SerfCounters>;
}

/** Own intents replace each other in the queue: only the newest one counts. */
const INTENT_KEY = 'serf-intent';

/**
 * There is no `ackPayload`, on purpose. It would carry a network coordinate, which we do not compute, and
 * serf moves its own coordinate towards those it hears: a constant one would spoil `serf rtt` for others,
 * while without any only `serf rtt` to this node has no answer.
 */
class NodeSerfDelegate implements SerfDelegate {
	readonly counters: SerfCounters = {
		intentsReceived: 0,
		userEventsReceived: 0,
		queriesReceived: 0,
		rebroadcasts: 0,
		acksSent: 0,
		votesSent: 0,
		keyAnswersSent: 0,
		leavesRefuted: 0,
		ignored: {
			malformed: 0,
			'unknown-type': 0,
			relay: 0,
			'query-response': 0,
			repeated: 0,
			'unreadable-filter': 0,
			'bad-address': 0,
		},
	};
	readonly #keyring: Keyring | undefined;
	#host: DelegateHost | undefined;
	readonly #members = { clock: new LamportClock(), recent: new RecentMessages() };
	readonly #events = { clock: new LamportClock(), recent: new RecentMessages() };
	readonly #queries = { clock: new LamportClock(), recent: new RecentMessages() };
	/** Time of our own last intent; 0 = none yet. Whatever is said of us at this time or before is old. */
	#statusTime = 0;
	#leaving = false;

	constructor(keyring: Keyring | undefined) {
		this.#keyring = keyring;
	}

	attach(host: DelegateHost): void {
		this.#host = host;
	}

	userMessage(body: Uint8Array, _from?: Address): void {
		this.#guard(() => {
			switch (body[0]) {
				case SerfType.leave:
				case SerfType.join:
					this.#intent(body);
					break;
				case SerfType.userEvent:
					this.#userEvent(body);
					break;
				case SerfType.query:
					this.#query(body);
					break;
				case SerfType.queryResponse:
					this.#ignore('query-response');
					break;
				case SerfType.relay:
					this.#ignore('relay');
					break;
				default:
					this.#ignore('unknown-type');
			}
		});
	}

	localState(_join?: boolean): Uint8Array {
		return encodeState(
			{
				memberTime: this.#members.clock.time,
				eventTime: this.#events.clock.time,
				queryTime: this.#queries.clock.time,
				statusTime: this.#statusTime,
			},
			this.#self.name,
		);
	}

	remoteState(body: Uint8Array, join: boolean): void {
		// Nothing at all is a plain memberlist peer.
		if (body.length === 0) return;
		this.#guard(() => {
			if (body[0] !== SerfType.pushPull) {
				this.#ignore('unknown-type');
				return;
			}
			const state = decodeState(body, utf8(this.#self.name));
			// A peer's clock shows the next time to be used: the last one used is 1 less (serf delegate.go: MergeRemoteState).
			this.#members.clock.witness(state.memberTime - 1);
			this.#events.clock.witness(state.eventTime - 1);
			this.#queries.clock.witness(state.queryTime - 1);
			// Readers of `left` take it for a leave one tick later than the time it is listed with.
			const statusTime = state.statusTime + (state.left ? 1 : 0);
			this.#members.clock.witness(statusTime);
			if (join && this.#statusTime === 0) this.#announce();
			// A later intent than our last one is no word of ours: a leave that did not reach us.
			else if (state.left || statusTime > this.#statusTime) this.#refuteLeave(statusTime);
		});
	}

	leaving(): void {
		this.#leaving = true;
		this.#statusTime = this.#members.clock.take();
		this.#attached.broadcast(encodeLeave({ time: this.#statusTime, node: this.#self.name }), INTENT_KEY);
	}

	#intent(body: Uint8Array): void {
		this.counters.intentsReceived++;
		const { time, node } = decodeIntent(body);
		const isNew = this.#isNew(this.#members, time, body);
		if (node !== this.#self.name) {
			if (isNew) this.#spread(body);
		} else if (body[0] === SerfType.leave) {
			this.#refuteLeave(time);
		}
	}

	#userEvent(body: Uint8Array): void {
		this.counters.userEventsReceived++;
		if (this.#isNew(this.#events, decodeEventTime(body), body)) this.#spread(body);
	}

	/**
	 * "We leave" said by somebody else, such as an operator's `serf force-leave`; a leave that is not refuted sticks.
	 * One at the very time of our own intent is refuted too: who heard it first does not believe ours.
	 */
	#refuteLeave(time: number): void {
		if (this.#leaving || time < this.#statusTime) return;
		this.counters.leavesRefuted++;
		this.#announce();
	}

	/** A join intent later than everything that is said of us. */
	#announce(): void {
		if (this.#leaving) return;
		this.#statusTime = this.#members.clock.take();
		this.#attached.broadcast(encodeJoin({ time: this.#statusTime, node: this.#self.name }), INTENT_KEY);
	}

	#query(body: Uint8Array): void {
		this.counters.queriesReceived++;
		const query = decodeQuery(body);
		if (!this.#isNew(this.#queries, query.time, body)) return;
		if ((query.flags & QueryFlag.noBroadcast) === 0) this.#spread(body);
		const verdict = judgeFilters(query.filters, this.#self);
		if (verdict === 'unreadable') this.#ignore('unreadable-filter');
		if (verdict !== 'match') return;
		const host = ipText(query.addr);
		if (host === undefined || query.port === 0) this.#ignore('bad-address');
		else this.#answer(query, { host, port: query.port });
	}

	#answer(query: Query, to: Address): void {
		const { time, id } = query;
		const from = this.#self.name;
		if ((query.flags & QueryFlag.ack) !== 0) {
			this.counters.acksSent++;
			this.#attached.send(to, encodeQueryResponse({ time, id, from, flags: QueryFlag.ack, payload: undefined }));
		}
		const payload = this.#reply(query);
		if (payload === undefined) return;
		this.#attached.send(to, encodeQueryResponse({ time, id, from, flags: 0, payload }));
	}

	/** The answer to one of serf's own queries. */
	#reply({ name, payload }: Query): Uint8Array | undefined {
		if (name === '_serf_conflict') {
			const vote = this.#conflictVote(utf8Text(payload));
			if (vote !== undefined) this.counters.votesSent++;
			return vote;
		}
		const answer = answerKeyQuery(name, payload, this.#keyring);
		if (answer !== undefined) this.counters.keyAnswersSent++;
		return answer;
	}

	/** Whom we hold to be the bearer of a name. An agent that gets no vote shuts itself down (trap 8). */
	#conflictVote(name: string): Uint8Array | undefined {
		if (name === this.#self.name) return undefined;
		const member = this.#attached.member(name);
		return member && encodeConflictResponse(member);
	}

	/** Witnesses the time of a message and says whether it is to be handled. */
	#isNew(
		kind: { readonly clock: LamportClock; readonly recent: RecentMessages },
		time: number,
		body: Uint8Array,
	): boolean {
		kind.clock.witness(time);
		const isNew = kind.recent.note(time, xxHash32(body), kind.clock.time);
		if (!isNew) this.#ignore('repeated');
		return isNew;
	}

	/** memberlist sends a broadcast to a few nodes only; it reaches all because each one passes it on. */
	#spread(body: Uint8Array): void {
		this.counters.rebroadcasts++;
		this.#attached.broadcast(new Uint8Array(body));
	}

	#ignore(reason: SerfIgnored): void {
		this.counters.ignored[reason]++;
	}

	#guard(handle: () => void): void {
		try {
			handle();
		} catch (error) {
			if (!(error instanceof WireError)) throw error;
			this.#ignore('malformed');
		}
	}

	get #attached(): DelegateHost {
		if (this.#host === undefined) throw new Error('the delegate is used before it is attached');
		return this.#host;
	}

	get #self(): DelegateHost['self'] {
		return this.#attached.self;
	}
}

/**
 * Makes the delegate of one node. Name, tags and members come from the machine that it is attached to. Without a keyring it
 * says to `serf keys` that it does not encrypt.
 */
export function createSerfDelegate(options: { readonly keyring?: Keyring | undefined } = {}): SerfDelegate {
	return new NodeSerfDelegate(options.keyring);
}
