// What the evidence about a member most likely means: one rule for each kind of cause, the most telling one first.

import { formatAddress, type Instant, type Member, sameAddress } from '../swim/index.ts';
import { durationText } from './duration.ts';
import { type Episode, RECENT_MS, type StateEvent } from './episode.ts';
import { rfc3339 } from './member-object.ts';
import type { StatusSource } from './source.ts';

export type LikelyCode =
	| 'left'
	| 'address-taken'
	| 'restarted'
	| 'flapping'
	| 'stalled'
	| 'packets-lost'
	| 'unreachable-for-a-while'
	| 'udp-blocked'
	| 'accuser'
	| 'zone'
	| 'path'
	| 'slow-acks'
	| 'process'
	| 'healthy'
	| 'unknown';

/** A conclusion. Its text is one or two sentences; a guess says `likely`; times in it are RFC 3339. */
export interface Likely {
	readonly code: LikelyCode;
	readonly text: string;
	/** What to try, a command or a setting each. */
	readonly next: readonly NextStep[];
}

export interface NextStep {
	readonly command: string;
	readonly about: string;
}

type Rule = (episode: Episode, source: StatusSource) => Likely | undefined;

const RULES: readonly Rule[] = [
	left,
	addressTaken,
	restarted,
	udpBlocked,
	zone,
	flapping,
	accuserItself,
	path,
	refuted,
	slowAcks,
	process,
	nothing,
];

export function conclude(episode: Episode, source: StatusSource): Likely {
	for (const rule of RULES) {
		const likely = rule(episode, source);
		if (likely) return likely;
	}
	return conclusion('unknown', 'This node has recorded nothing that tells why.', [inspect(episode)]);
}

function left({ state, member }: Episode, source: StatusSource): Likely | undefined {
	if (state !== 'left') return undefined;
	const at = rfc3339(source.wallMs(member.changedAt));
	return conclusion('left', `It said goodbye at ${at}. This is not a failure.`);
}

function addressTaken({ state, member }: Episode, source: StatusSource): Likely | undefined {
	if (state === 'alive') return undefined;
	const other = source.members.find((each) => isLive(each) && sameAddress(each.address, member.address));
	if (!other || other.name === member.name) return undefined;
	const text = `Another process has its address ${formatAddress(member.address)} now: ${other.name}.`;
	return conclusion('address-taken', text, [{ command: `longbow-mesh why ${other.name}`, about: 'who is there now' }]);
}

/** A start takes the seconds of the wall clock as its incarnation (X6); a refutation only adds one. */
const INCARNATION_ZERO_MS = Date.UTC(2020, 0, 1);
const CLOCKS_APART_MS = 60_000;

function restarted({ state, recovered, events, member }: Episode, source: StatusSource): Likely | undefined {
	if (state !== 'alive' || !recovered) return undefined;
	const before = events.slice(0, events.indexOf(recovered)).findLast((event) => event.type === 'state');
	if (!before || recovered.member.incarnation <= before.member.incarnation + 1) return undefined;
	const startedMs = INCARNATION_ZERO_MS + member.incarnation * 1_000;
	const heardMs = source.wallMs(recovered.at);
	const isStart = Math.abs(startedMs - heardMs) < CLOCKS_APART_MS;
	return conclusion('restarted', `It restarted at ${rfc3339(isStart ? startedMs : heardMs)}.`);
}

const FLAPS = 3;

function flapping({ state, recorded, probes }: Episode, source: StatusSource): Likely | undefined {
	const since = source.now() - RECENT_MS;
	const states = recorded.filter((event): event is StateEvent => event.type === 'state' && event.at >= since);
	const suspicions = states.filter(({ to }) => to === 'suspect');
	const [first] = suspicions;
	const last = suspicions.at(-1);
	if (state !== 'alive' || !first || !last || suspicions.length < FLAPS) return undefined;
	if (states.some(({ to }) => to === 'dead' || to === 'left')) return undefined;
	const every = durationText((last.at - first.at) / (suspicions.length - 1));
	const timeoutMs = source.config.ackTimeoutMs;
	const acks = ackTimes(recorded, source.rttMs(last.member.name));
	const range = acks && `${shortMs(acks.fastest)} to ${shortMs(acks.slowest)}`;
	const text = `It flaps: suspected ${suspicions.length} times, every ${every} on average, and refuted each time.`;
	if (!acks || acks.slowest < SLOW_PART * timeoutMs) {
		const cause = probes.length > 0 ? 'Likely packets are lost on the way, or it stalls.' : 'Others accuse it.';
		return conclusion('flapping', `${text} ${cause}`);
	}
	const wanted = Math.ceil((acks.slowest * ROOM) / STEP_MS) * STEP_MS;
	const advice = `Acks take ${range}, ackTimeout is ${durationText(timeoutMs)}. Raise it to ${durationText(wanted)}.`;
	const setting = { command: `LONGBOW_GOSSIP_ACK_TIMEOUT=${wanted}ms`, about: 'on every member; below the period' };
	return conclusion('flapping', `${text} ${advice}`, [setting]);
}

/** Acks this near to the timeout are slow; a new timeout leaves so much room above the slowest, in round steps. */
const SLOW_PART = 0.7;
const ROOM = 1.4;
const STEP_MS = 50;

function ackTimes(
	recorded: Episode['recorded'],
	last: number | undefined,
): { fastest: number; slowest: number } | undefined {
	const times = recorded.flatMap((event) => {
		if (event.type !== 'probe') return [];
		const late = event.answer === 'late' ? [event.at - event.sentAt] : [];
		return event.lastRttMs === undefined ? late : [...late, event.lastRttMs];
	});
	if (last !== undefined) times.push(last);
	return times.length === 0 ? undefined : { fastest: Math.min(...times), slowest: Math.max(...times) };
}

function udpBlocked({ probes, member }: Episode): Likely | undefined {
	const last = probes.at(-1);
	if (last?.answer !== 'stream') return undefined;
	const text = `UDP to it is blocked: it answers on TCP ${member.address.port} and not on UDP.`;
	return conclusion('udp-blocked', text, [
		{ command: 'kubectl get networkpolicy -A', about: `allow UDP ${member.address.port} between all members` },
	]);
}

/** Whoever accuses so many in a minute has the trouble itself. */
const MANY_ACCUSED = 3;
const ACCUSING_MS = 60_000;

function accuserItself({ suspected, accusers, nackers, ackers }: Episode, source: StatusSource): Likely | undefined {
	const [accuser] = accusers;
	// A second witness, or a helper that could not reach it either, clears the accuser.
	if (!suspected || accuser === undefined || accusers.length > 1 || nackers.length > 0) return undefined;
	const accused = accusedBy(accuser, suspected.at, source);
	const own = accuser === source.config.name;
	const signs = own ? ownWeakness(suspected.at, source) : [];
	if (accused >= MANY_ACCUSED) signs.push(`it accused ${accused} members within a minute`);
	if (signs.length === 0 || (own && ackers.length > 0 && accused < MANY_ACCUSED)) return undefined;
	const who = own ? `this node, ${accuser}` : accuser;
	const next = own ? [] : [{ command: `longbow-mesh why ${accuser}`, about: 'what this node knows of the accuser' }];
	return conclusion('accuser', `Likely the accuser, ${who}: slow or cut off itself (${signs.join('; ')}).`, next);
}

function accusedBy(accuser: string, at: Instant, source: StatusSource): number {
	const near = source.evidence.accusations.filter(
		(each) => each.by === accuser && Math.abs(each.at - at) <= ACCUSING_MS,
	);
	return new Set(near.map(({ member }) => member)).size;
}

/** What this node knew against itself before it accused; the failed probe itself is no sign. */
function ownWeakness(at: Instant, source: StatusSource): string[] {
	const { own } = source.evidence;
	const signs: string[] = [];
	const stall = own.findLast((event) => event.type === 'stall' && Math.abs(event.at - at) <= ACCUSING_MS);
	if (stall?.type === 'stall') signs.push(`it was not run for ${durationText(stall.lateMs)}`);
	const health = own.findLast((event) => event.type === 'health' && event.at < at - source.config.protocolPeriodMs);
	if (health?.type === 'health' && health.to > 0) signs.push(`its local health was ${health.to}`);
	return signs;
}

function zone(episode: Episode, source: StatusSource): Likely | undefined {
	const there = zoneOf(episode.member);
	const here = there === undefined ? undefined : blindZone(episode, there, source);
	if (here === undefined || here === there) return undefined;
	return conclusion('zone', `Likely the network between ${here} and ${there}: others reach it.`, [inspect(episode)]);
}

/** The one zone whose members cannot reach the member's zone, as far as one node can tell. */
function blindZone({ member, accusers, suspected }: Episode, there: string, source: StatusSource): string | undefined {
	const self = source.config.name;
	const troubled = source.members.filter(({ name }) => neededHelp(name, source)).map(zoneOf);
	if (troubled.length > 1 && troubled.every((each) => each === there)) return zoneOf(source.self);
	const accusing = new Set(accusers.map((name) => zoneOf(source.member(name))));
	const several = accusers.length > 1 && accusing.size === 1 && !accusers.includes(self);
	return several && heardSince(member, suspected, source) ? [...accusing][0] : undefined;
}

/** Pings from this node did not arrive lately, though those of others did. */
function neededHelp(name: string, source: StatusSource): boolean {
	const since = source.now() - RECENT_MS;
	const { evidence } = source;
	return evidence.about(name).some((event) => event.type === 'probe' && event.answer === 'helper' && event.at >= since);
}

/** This node itself has had an ack since the accusation. */
function heardSince(member: Member, suspected: StateEvent | undefined, source: StatusSource): boolean {
	const self = source.config.name;
	return member.name !== self && suspected !== undefined && member.seenAt > suspected.at;
}

function zoneOf(member: Member | undefined): string | undefined {
	return member?.tags.zone ?? member?.tags['topology.kubernetes.io/zone'];
}

function path(episode: Episode, source: StatusSource): Likely | undefined {
	const { state, ackers, accusers, nackers, member, recovered } = episode;
	const self = source.config.name;
	if (ackers.length > 0 && nackers.length === 0 && accusers.every((name) => name === self)) {
		const stays = state === 'alive' && !recovered ? ' It stays alive.' : '';
		return conclusion('path', `Likely the path from this node to it: ${list(ackers)} reached it.${stays}`, [
			inspect(episode),
		]);
	}
	const [accuser] = accusers;
	if (state !== 'suspect' || accuser === undefined || accusers.length > 1 || accuser === self) return undefined;
	if (!heardSince(member, episode.suspected, source)) return undefined;
	return conclusion('path', `Likely the path from ${accuser} to it: this node reaches it.`, [inspect(episode)]);
}

/** A member that runs hears of its accusation and answers within so many periods. */
const PROMPT_PERIODS = 4;

function refuted({ state, suspected, recovered, probes }: Episode, source: StatusSource): Likely | undefined {
	if (state !== 'alive' || !recovered || !suspected) return undefined;
	const since = probes.find(({ lastAckAt }) => lastAckAt > 0)?.lastAckAt ?? suspected.at;
	const away = durationText(recovered.at - since);
	if (recovered.from === 'dead') {
		return conclusion(
			'unreachable-for-a-while',
			`It was out of reach for about ${away}, and lives: it refuted its death.`,
		);
	}
	if (recovered.at - suspected.at <= PROMPT_PERIODS * source.config.protocolPeriodMs) {
		const took = durationText(recovered.at - suspected.at);
		return conclusion('packets-lost', `Likely packets were lost: it refuted after ${took}.`);
	}
	const text = `Likely it was stalled for about ${away}, not gone. Look at CPU limits and long synchronous work.`;
	return conclusion('stalled', text);
}

function slowAcks({ state, probes, recorded, member }: Episode, source: StatusSource): Likely | undefined {
	const late = probes.filter(({ answer }) => answer === 'late');
	if (state !== 'alive' || late.length === 0) return undefined;
	const acks = ackTimes(recorded, source.rttMs(member.name));
	const timeout = durationText(source.config.ackTimeoutMs);
	return conclusion(
		'slow-acks',
		`It answers late: acks take up to ${shortMs(acks?.slowest ?? 0)}, ackTimeout is ${timeout}.`,
	);
}

function process(episode: Episode, source: StatusSource): Likely | undefined {
	const { state, accusers, nackers, ackers, member } = episode;
	const witnesses = [...new Set([...accusers, ...nackers])];
	const [only] = witnesses;
	if (state === 'alive' || only === undefined || ackers.length > 0) return undefined;
	const others = witnesses.filter((name) => accusesOthers(name, member.name, source));
	const who = only === source.config.name ? 'this node' : only;
	const count = witnesses.length === 1 ? who : `${witnesses.length} members`;
	const nobodyElse = witnesses.length === 1 ? 'it accused nobody else' : 'none of them accused anybody else';
	const also = `${list(others)} accused other members as well`;
	const whoElse = others.length === 0 ? nobodyElse : also;
	return conclusion(
		'process',
		`Likely its process or host: ${count} could not reach it, and nobody says otherwise; ${whoElse}.`,
		[inspect(episode), { command: `kubectl get pod ${member.name} -o wide`, about: 'is the pod there?' }],
	);
}

function accusesOthers(accuser: string, victim: string, source: StatusSource): boolean {
	return source.evidence.accusations.some(({ by, member }) => by === accuser && member !== victim);
}

function nothing({ state, probes, member }: Episode, source: StatusSource): Likely | undefined {
	if (state !== 'alive') return undefined;
	if (probes.length > 0) {
		const text = `Likely packets were lost: ${probes.length} of the recent pings to it needed help, and it was never accused.`;
		return conclusion('packets-lost', text);
	}
	const rtt = source.rttMs(member.name);
	const last = rtt === undefined ? '' : `, the last one in ${shortMs(rtt)}`;
	return conclusion('healthy', `Nothing to explain: it answers every probe${last}.`);
}

function inspect({ member }: Episode): NextStep {
	return { command: `longbow-mesh info ${member.name}`, about: 'its addresses and tags' };
}

function conclusion(code: LikelyCode, text: string, next: readonly NextStep[] = []): Likely {
	return { code, text, next };
}

function isLive({ state }: Member): boolean {
	return state === 'alive' || state === 'suspect';
}

function list(names: readonly string[]): string {
	if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
	return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `0.9ms`, `140ms`: round trips need the decimal that other durations do without. */
export function shortMs(ms: number): string {
	return ms < 10 ? `${ms.toFixed(1)}ms` : durationText(ms);
}
