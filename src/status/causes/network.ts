// Causes that lie between members: what does not pass, for whom, and how slowly.

import { type Instant, type Member, sameAddress } from '../../swim/index.ts';
import { durationText } from '../duration.ts';
import type { Episode, StateEvent } from '../episode.ts';
import type { StatusSource } from '../source.ts';
import { zoneOf } from '../zone.ts';
import {
	ackTimes,
	conclusion,
	heardSince,
	inspect,
	list,
	type Rule,
	recentSince,
	SLOW_PART,
	shortMs,
} from './likely.ts';

export const udpBlocked: Rule = ({ probes, member }) => {
	const last = probes.at(-1);
	if (last?.answer !== 'stream') return undefined;
	const text = `UDP to it is blocked: it answers on TCP ${member.address.port} and not on UDP.`;
	return conclusion('udp-blocked', text, [
		{ command: 'kubectl get networkpolicy -A', about: `allow UDP ${member.address.port} between all members` },
	]);
};

/** Short packets pass and long ones do not. */
export const mtu: Rule = ({ state, member, probes }, source) => {
	const since = recentSince(source);
	const failed = source.evidence.transfers.findLast(({ peer, at }) => at >= since && sameAddress(peer, member.address));
	if (state !== 'alive' || !failed || member.seenAt <= failed.at) return undefined;
	// Where pings are lost too, the transfer tells nothing of sizes.
	if (probes.some(({ answer }) => answer === 'none')) return undefined;
	const text = `Likely long packets vanish on the way: it answers pings, but none of ${failed.requests} requests of ${failed.requestBytes} bytes for its state.`;
	return conclusion('mtu', text, [
		{ command: 'longbow-mesh doctor --only mtu', about: 'the largest size that passes' },
		{ command: 'LONGBOW_GOSSIP_PACKET_BYTES', about: 'that size, on every member' },
	]);
};

export const zone: Rule = (episode, source) => {
	const there = zoneOf(episode.member);
	const here = there === undefined ? undefined : blindZone(episode, there, source);
	if (here === undefined || here === there) return undefined;
	return conclusion('zone', `Likely the network between ${here} and ${there}: others reach it.`, [inspect(episode)]);
};

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
	const since = recentSince(source);
	const { evidence } = source;
	return evidence.about(name).some((event) => event.type === 'probe' && event.answer === 'helper' && event.at >= since);
}

/** So many members that stop answering within so many periods have one cause. */
const TOGETHER = 3;
const TOGETHER_PERIODS = 20;
/** Who is back sooner has lost packets: a refutation takes some periods. */
const AWAY_PERIODS = 10;

export const partition: Rule = (episode, source) => {
	const { state, member, suspected, recovered } = episode;
	if (!suspected || (state === 'alive' && !recovered) || wasReached(episode, suspected)) return undefined;
	const span = TOGETHER_PERIODS * source.config.protocolPeriodMs;
	const cut: Cut = {
		from: suspected.at - span,
		to: suspected.at + span,
		back: state === 'alive' ? recovered : undefined,
	};
	const names = source.members.filter((each) => isBehind(each, cut, source)).map(({ name }) => name);
	// One accuser that hears badly accuses many as well; and whoever hears nobody is cut off itself.
	if (names.length < TOGETHER || !names.includes(member.name) || !isWitnessed(names, cut, source)) return undefined;
	const apart = [source.config.name, ...names];
	const others = source.members.filter((each) => isAlive(each) && !apart.includes(each.name));
	const troubled = others.filter(({ name }) => isTroubled(name, cut, source));
	const answering = others.filter((each) => each.seenAt > suspected.at && !troubled.includes(each));
	// Where packets are lost everywhere, those who are not accused need help as well. In a large mesh most have not been asked yet.
	if (answering.length === 0 || (others.length > 2 && answering.length <= troubled.length)) return undefined;
	const group = `it stopped answering, ${list(names.filter((name) => name !== member.name))} within ${durationText(span)} of it`;
	const rest = `${answering.length} other${answering.length === 1 ? '' : 's'}`;
	if (cut.back) {
		const took = durationText(cut.back.at - suspected.at);
		const text = `Likely the network was cut: ${group}, and it was back after ${took}; ${rest} answered all the time.`;
		return conclusion('partition', text);
	}
	const text = `Likely the network is cut, or they went down together: ${group}; ${rest} ${answering.length === 1 ? 'has' : 'have'} answered since.`;
	return conclusion('partition', text, [
		{ command: 'longbow-mesh doctor --only views,udp-out', about: 'who is reached, and what the others see' },
		{ command: 'longbow-mesh members -w', about: 'both sides meet again by themselves when packets pass' },
	]);
};

/** When members stopped answering, and how it ended for the one that is asked about. */
interface Cut {
	readonly from: Instant;
	readonly to: Instant;
	readonly back: StateEvent | undefined;
}

/** A helper got an ack while it was away. The last probe before it was back may have been under way when the cut ended. */
function wasReached({ state, probes, recovered }: Episode, suspected: StateEvent): boolean {
	const away = probes.filter(({ at }) => at >= suspected.at && (!recovered || at <= recovered.at));
	const cut = state === 'suspect' ? away : away.slice(0, -1);
	return cut.some(({ helpers }) => helpers.some(({ answer }) => answer === 'ack'));
}

/** Accused at that time, and not heard since; or, after the cut, back when the others were. */
function isBehind({ name, state, seenAt }: Member, cut: Cut, { evidence, config }: StatusSource): boolean {
	const states = evidence.about(name).filter((event): event is StateEvent => event.type === 'state');
	const accused = states.findLast(({ to, at }) => to === 'suspect' && at >= cut.from && at <= cut.to);
	if (!accused) return false;
	const { back } = cut;
	if (!back) return (state === 'suspect' || state === 'dead') && seenAt <= accused.at;
	const [away, span] = [AWAY_PERIODS * config.protocolPeriodMs, TOGETHER_PERIODS * config.protocolPeriodMs];
	const died = states.find(({ to, at }) => to === 'dead' && at >= accused.at);
	// Accusations fall as the turns of probes do, so the last one accused may be back soon.
	const goneAt = Math.min(accused.at + away, died?.at ?? Number.POSITIVE_INFINITY);
	return states.some(({ to, at }) => to === 'alive' && at >= goneAt && Math.abs(at - back.at) <= span);
}

function isAlive({ state }: Member): boolean {
	return state === 'alive';
}

function isTroubled(name: string, { from, back }: Cut, { evidence }: StatusSource): boolean {
	const until = back?.at ?? Number.POSITIVE_INFINITY;
	return evidence
		.about(name)
		.some((event) => event.type === 'probe' && event.at >= from && event.at <= until && event.answer !== 'late');
}

function isWitnessed(names: readonly string[], cut: Cut, { evidence }: StatusSource): boolean {
	const near = evidence.accusations.filter(
		({ at, by, member }) => at >= cut.from && at <= cut.to && names.includes(member) && !names.includes(by),
	);
	return new Set(near.map(({ by }) => by)).size > 1;
}

export const path: Rule = (episode, source) => {
	const { state, ackers, accusers, nackers, member, recovered } = episode;
	const self = source.config.name;
	if (ackers.length > 0 && nackers.length === 0 && accusers.every((name) => name === self)) {
		const stays = state === 'alive' && !recovered ? ' It stays alive.' : '';
		const text = `Likely the path from this node to it: ${list(ackers)} reached it.${stays}`;
		return conclusion('path', text, [inspect(episode)]);
	}
	const [accuser] = accusers;
	if (state !== 'suspect' || accuser === undefined || accusers.length > 1 || accuser === self) return undefined;
	if (!heardSince(member, episode.suspected, source)) return undefined;
	return conclusion('path', `Likely the path from ${accuser} to it: this node reaches it.`, [inspect(episode)]);
};

export const slowAcks: Rule = ({ state, probes, recorded, member, ackers, recovered }, source) => {
	const acks = ackTimes(recorded, source.rttMs(member.name));
	if (state !== 'alive' || recovered || probes.length === 0 || !acks) return undefined;
	const timeoutMs = source.config.ackTimeoutMs;
	if (acks.slowest < SLOW_PART * timeoutMs) return undefined;
	const times = `acks take up to ${shortMs(acks.slowest)}, ackTimeout is ${durationText(timeoutMs)}`;
	const next = [{ command: 'longbow-mesh doctor --only timing', about: 'round trips to all, and the timeouts to set' }];
	if (ackers.length > 0) {
		return conclusion(
			'slow-acks',
			`The link from this node to it is slow: ${times}; ${list(ackers)} reached it sooner.`,
			next,
		);
	}
	return conclusion('slow-acks', `It answers late: ${times}.`, next);
};
