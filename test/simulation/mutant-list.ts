// Deliberate bugs, each a few exact replacements in one file of src/swim: what the checkers are checked with.

import { CALM, hostName, type SimulateOptions, WEATHERS } from '../../src/sim/index.ts';
import { DEFAULTS } from '../../src/swim/index.ts';

export interface Mutant {
	/** What is wrong with it. */
	readonly name: string;
	readonly file: string;
	/** The checker that must object. */
	readonly by: string;
	/** Each text to find must be there exactly once. */
	readonly edits: readonly (readonly [find: string, replace: string])[];
	/** Where drawn weather gives it few occasions to do harm. */
	readonly run?: Omit<SimulateOptions, 'seed'>;
	/** Caught within so many seeds, counted from 1. */
	readonly seeds: number;
}

const LOSSY = { ...CALM, loss: 0.05 };

export const MUTANTS: readonly Mutant[] = [
	{
		name: 'a death is believed at any incarnation',
		file: 'membership.ts',
		by: 'incarnations',
		edits: [
			[
				'if (!supersedes(incarnation, state, known, knownState)) {',
				'if (state !== State.dead && !supersedes(incarnation, state, known, knownState)) {',
			],
		],
		seeds: 20,
	},
	{
		name: 'the accused does not refute',
		file: 'membership.ts',
		by: 'convergence',
		edits: [["this.#refute(incarnation, accuser === NO_SLOT ? '' : node.table.identity(accuser).name);", '']],
		seeds: 20,
	},
	{
		name: 'one accuser counts twice',
		file: 'suspicion.ts',
		by: 'suspicion-terms',
		edits: [[' || this.accusers.includes(accuser)', '']],
		seeds: 20,
	},
	{
		name: 'a relay pings under the number of the one who asked',
		file: 'relay.ts',
		by: 'packets',
		edits: [['const seqNo = node.nextSeqNo();', 'const seqNo = message.seqNo;']],
		seeds: 20,
	},
	{
		name: 'a state transfer brings back the dead',
		file: 'membership.ts',
		by: 'incarnations',
		edits: [
			[
				"if (newer === 0) return node.isAlive(slot) ? 'known' : 'stale';",
				"if (newer === 0 && via === 'gossip') return node.isAlive(slot) ? 'known' : 'stale';",
			],
			[
				'if (!node.isAlive(slot) && incarnation <= knownIncarnation) {',
				"if (via === 'gossip' && !node.isAlive(slot) && incarnation <= knownIncarnation) {",
			],
		],
		seeds: 20,
	},
	{
		name: 'a goodbye is taken for a death',
		file: 'membership.ts',
		by: 'goodbyes',
		edits: [['const state = sameBytes(name, from) ? State.left : State.dead;', 'const state = State.dead;']],
		seeds: 20,
	},
	{
		name: 'news is sent once only',
		file: 'broadcast-queue.ts',
		by: 'dissemination',
		edits: [['return mult * Math.ceil(Math.log10(liveMembers + 1));', 'return 1;']],
		run: { durationMs: 15_000, weather: { ...WEATHERS.calm, nodes: 48, tagUpdates: 60 } },
		seeds: 60,
	},
	{
		name: 'nobody looks for the lost',
		file: 'reconnect.ts',
		by: 'convergence',
		edits: [['if (!this.#turns.isOurs(this.#turnMs)) return;', 'return;']],
		run: {
			durationMs: 90_000,
			weather: { ...WEATHERS.calm, nodes: 8 },
			history: [{ type: 'partition', at: 3_000, forMs: 80_000, side: [4, 5, 6, 7].map(hostName), flapMs: 0 }],
		},
		seeds: 60,
	},
	{
		name: 'a suspicion never ends',
		file: 'suspicion.ts',
		by: 'convergence',
		edits: [['return this.startedAt + suspicionTimeoutMs(', 'return Number.POSITIVE_INFINITY + suspicionTimeoutMs(']],
		seeds: 20,
	},
	{
		name: 'a suspicion ends at once',
		file: 'suspicion.ts',
		by: 'false-deaths',
		edits: [['return Math.max(this.#notBefore, this.#timeoutAt);', 'return this.startedAt;']],
		run: {
			durationMs: 15_000,
			weather: { ...WEATHERS.calm, nodes: 12 },
			history: [3, 4, 5].map((n) => ({ type: 'stall', at: 1_000 * n, forMs: 2_000, host: hostName(n) })),
		},
		seeds: 20,
	},
	{
		name: 'a confirmation does not hasten the verdict',
		file: 'suspicion.ts',
		by: 'detection',
		edits: [['suspicionTimeoutMs(this.accusers.length - 1, this.#needed,', 'suspicionTimeoutMs(0, this.#needed,']],
		run: {
			durationMs: 30_000,
			weather: { ...WEATHERS.calm, nodes: 8 },
			history: [{ type: 'crash', at: 3_000, host: 'n5' }],
		},
		seeds: 20,
	},
	{
		name: 'a refutation keeps the incarnation',
		file: 'membership.ts',
		by: 'convergence',
		edits: [
			[
				'const incarnation = Math.max(table.incarnation[node.self]!, above) + 1;',
				'const incarnation = Math.max(table.incarnation[node.self]!, above) + (meta ? 1 : 0);',
			],
		],
		seeds: 20,
	},
	{
		name: 'new tags keep the incarnation',
		file: 'membership.ts',
		by: 'conflicts',
		edits: [
			[
				'const incarnation = Math.max(table.incarnation[node.self]!, above) + 1;',
				'const incarnation = Math.max(table.incarnation[node.self]!, above) + (meta ? 0 : 1);',
			],
		],
		run: { durationMs: 10_000, weather: { ...WEATHERS.calm, nodes: 4, tagUpdates: 60 } },
		seeds: 20,
	},
	{
		name: 'an old alive replaces a newer one',
		file: 'membership.ts',
		by: 'incarnations',
		edits: [
			["if (message.incarnation < table.payloadIncarnation[slot]!) return 'stale';", ''],
			["if (newer < 0) return 'stale';", ''],
			[
				'if (!node.isAlive(slot) && incarnation <= knownIncarnation) {',
				'if (!node.isAlive(slot) && incarnation < knownIncarnation) {',
			],
		],
		seeds: 20,
	},
	{
		name: 'the digest does not follow a change',
		file: 'view.ts',
		by: 'rings',
		edits: [['if (live) sums.add(identity, incarnation);', '']],
		seeds: 20,
	},
	{
		name: 'suspects are not probed',
		file: 'probe.ts',
		by: 'detection',
		edits: [
			[
				'slot !== this.#node.self && this.#node.table.isLive(slot);',
				'slot !== this.#node.self && this.#node.isAlive(slot);',
			],
		],
		run: {
			durationMs: 35_000,
			weather: { ...WEATHERS.calm, nodes: 8 },
			history: [{ type: 'crash', at: 3_000, host: 'n5' }],
		},
		seeds: 60,
	},
	{
		name: 'whoever comes later is never probed',
		file: 'probe-order.ts',
		by: 'detection',
		edits: [['if (this.#length === this.#order.length) this.#grow();', 'if (this.#length === 3) return;']],
		run: {
			durationMs: 30_000,
			weather: { ...WEATHERS.calm, nodes: 8 },
			history: [
				{ type: 'join', at: 2_000, hosts: ['j0'] },
				{ type: 'crash', at: 8_000, host: 'j0' },
			],
		},
		seeds: 20,
	},
	{
		name: 'any ack answers the probe in flight',
		file: 'probe.ts',
		by: 'detection',
		edits: [
			['if (!probe || sentAt === undefined) return this.#overtakenAck(message, from);', 'if (!probe) return false;'],
		],
		// Three who do not hear each other have all others ask, so that acks to other numbers come all the time.
		run: {
			durationMs: 30_000,
			weather: { ...WEATHERS.calm, nodes: 12, link: LOSSY },
			host: { indirectProbes: 10 },
			history: [
				{ type: 'cut', at: 1_000, forMs: 29_000, from: 'n1', to: 'n2' },
				{ type: 'cut', at: 1_000, forMs: 29_000, from: 'n2', to: 'n3' },
				{ type: 'cut', at: 1_000, forMs: 29_000, from: 'n3', to: 'n1' },
				...[5, 6, 7].map((n) => ({ type: 'crash', at: 3_000, host: hostName(n) }) as const),
			],
		},
		seeds: 60,
	},
	{
		name: 'a stall goes unnoticed',
		file: 'memberlist.ts',
		by: 'stalls',
		edits: [['if (lateMs <= node.config.protocolPeriodMs) return;', 'return;']],
		run: {
			durationMs: 20_000,
			weather: { ...WEATHERS.calm, nodes: 6 },
			history: [
				{ type: 'stall', at: 5_050, forMs: 4_000, host: 'n4' },
				{ type: 'cut', at: 5_000, forMs: 4_000, to: 'n4' },
			],
		},
		seeds: 60,
	},
	{
		name: 'the accused and the dead may accuse',
		file: 'membership.ts',
		by: 'admission',
		edits: [['(accuser === NO_SLOT || !node.isAlive(accuser))', 'accuser < NO_SLOT']],
		run: {
			durationMs: 60_000,
			weather: { ...WEATHERS.calm, nodes: 12, link: LOSSY },
			history: [{ type: 'cut', at: 3_000, forMs: 55_000, to: 'n5' }],
		},
		seeds: 60,
	},
	{
		name: 'each page of a transfer lacks its first record',
		file: 'view-sync.ts',
		by: 'convergence',
		edits: [['for (let at = from; at < slots.length; at++) {', 'for (let at = from + 1; at < slots.length; at++) {']],
		seeds: 60,
	},
	{
		name: 'two who agree on a suspect answer each other without end',
		file: 'view-sync.ts',
		by: 'load',
		edits: [['open.outdated.delete(slot);', '']],
		run: {
			durationMs: 15_000,
			weather: {
				...WEATHERS.calm,
				nodes: 37,
				link: { ...CALM, delayMs: 6, reorder: 0.2, reorderMs: 24, duplication: 0.14 },
			},
			history: [
				{ type: 'stall', at: 8_830, forMs: 6_170, host: 'n20' },
				{ type: 'join', at: 12_300, hosts: Array.from({ length: 18 }, (_, i) => `j${i}`) },
			],
		},
		seeds: 60,
	},
	{
		name: 'local health never recovers',
		file: 'probe.ts',
		by: 'convergence',
		edits: [['node.adjustHealth(-1);', '']],
		seeds: 20,
	},
	{
		name: 'a packet carries as many updates as fit',
		file: 'node.ts',
		by: 'packets',
		edits: [['this.config.updatesPerPacket', '126']],
		seeds: 20,
	},
	{
		name: 'a refutation changes the word and not the state',
		file: 'membership.ts',
		by: 'verdicts',
		edits: [
			[
				'if (!node.isAlive(slot) && incarnation <= knownIncarnation) {',
				'if (!node.isAlive(slot) && (incarnation <= knownIncarnation || table.state(slot) === State.suspect)) {',
			],
		],
		seeds: 20,
	},
	{
		name: 'the address book has no end',
		file: 'address-book.ts',
		by: 'caps',
		edits: [['if (this.#entries.size >= this.#most) this.#evict();', '']],
		run: {
			durationMs: 10_000,
			weather: { ...WEATHERS.calm, nodes: 12 },
			host: { limits: { ...DEFAULTS.limits, bookAddresses: 6 } },
		},
		seeds: 20,
	},
	{
		name: 'a new term of a suspicion is told as a step',
		file: 'view.ts',
		by: 'events',
		edits: [['if (STATE_NAMES[to] === from) return;', '']],
		seeds: 60,
	},
	{
		name: 'an accuser whom nobody named is looked up',
		file: 'membership.ts',
		by: 'throws',
		edits: [
			[
				"const accuserName = accuser === NO_SLOT ? '' : table.identity(accuser).name;",
				'const accuserName = table.identity(accuser).name;',
			],
		],
		seeds: 60,
	},
	{
		name: 'whoever is forgotten vanishes without a word',
		file: 'view.ts',
		by: 'events',
		edits: [["node.emit({ type: 'state', member, from: member.state, to: 'none', why: { code: 'forgotten' } });", '']],
		run: {
			durationMs: 20_000,
			weather: { ...WEATHERS.calm, nodes: 6 },
			history: [{ type: 'crash', at: 3_000, host: 'n5' }],
			host: { tombstoneMs: 3_000 },
		},
		seeds: 20,
	},
];
