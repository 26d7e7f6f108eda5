// Causes that lie in a process: the member's own, or that of whoever accuses it.

import type { Instant } from '../../swim/index.ts';
import { durationText } from '../duration.ts';
import type { StateEvent } from '../episode.ts';
import type { StatusSource } from '../source.ts';
import { ackTimes, conclusion, inspect, list, type Rule, recentSince, SLOW_PART, shortMs } from './likely.ts';

const FLAPS = 3;
/** A new timeout leaves so much room above the slowest ack, in round steps. */
const ROOM = 1.4;
const STEP_MS = 50;

export const flapping: Rule = ({ state, recorded, probes }, source) => {
	const since = recentSince(source);
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
	// One slow ack ends a stall; a slow path makes many.
	if (!acks || acks.typical < SLOW_PART * timeoutMs) {
		const cause = probes.length > 0 ? 'Likely packets are lost on the way, or it stalls.' : 'Others accuse it.';
		return conclusion('flapping', `${text} ${cause}`);
	}
	const wanted = Math.ceil((acks.slowest * ROOM) / STEP_MS) * STEP_MS;
	const advice = `Acks take ${range}, ackTimeout is ${durationText(timeoutMs)}. Raise it to ${durationText(wanted)}.`;
	const setting = { command: `LONGBOW_GOSSIP_ACK_TIMEOUT=${wanted}ms`, about: 'on every member; below the period' };
	return conclusion('flapping', `${text} ${advice}`, [setting]);
};

/** Whoever accuses so many in a minute has the trouble itself. */
const MANY_ACCUSED = 3;
const ACCUSING_MS = 60_000;

export const accuserItself: Rule = ({ suspected, accusers, nackers, ackers }, source) => {
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
};

/** Members that it alone accused around that time: what others accuse as well speaks against those. */
function accusedBy(accuser: string, at: Instant, source: StatusSource): number {
	const near = source.evidence.accusations.filter((each) => Math.abs(each.at - at) <= ACCUSING_MS);
	const [own, others] = [new Set<string>(), new Set<string>()];
	for (const { by, member } of near) (by === accuser ? own : others).add(member);
	return [...own].filter((member) => !others.has(member)).length;
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

/** A member that runs hears of its accusation and answers within so many periods. */
const PROMPT_PERIODS = 4;

export const refuted: Rule = ({ state, suspected, recovered, probes }, source) => {
	if (state !== 'alive' || !recovered || !suspected) return undefined;
	const since = probes.find(({ lastAckAt }) => lastAckAt > 0)?.lastAckAt ?? suspected.at;
	const away = durationText(recovered.at - since);
	if (recovered.from === 'dead') {
		const text = `It was out of reach for about ${away}, and lives: it refuted its death.`;
		return conclusion('unreachable-for-a-while', text);
	}
	if (recovered.at - suspected.at <= PROMPT_PERIODS * source.config.protocolPeriodMs) {
		const took = durationText(recovered.at - suspected.at);
		return conclusion('packets-lost', `Likely packets were lost: it refuted after ${took}.`);
	}
	const text = `Likely it was stalled for about ${away}, not gone. Look at CPU limits and long synchronous work.`;
	return conclusion('stalled', text);
};

export const process: Rule = (episode, source) => {
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
	const text = `Likely its process or host: ${count} could not reach it, and nobody says otherwise; ${whoElse}.`;
	const pod = { command: `kubectl get pod ${member.name} -o wide`, about: 'is the pod there?' };
	return conclusion('process', text, [inspect(episode), pod]);
};

function accusesOthers(accuser: string, victim: string, source: StatusSource): boolean {
	return source.evidence.accusations.some(({ by, member }) => by === accuser && member !== victim);
}

export const nothing: Rule = ({ state, probes, member }, source) => {
	if (state !== 'alive') return undefined;
	if (probes.length > 0) {
		const text = `Likely packets were lost: ${probes.length} of the recent pings to it needed help, and it was never accused.`;
		return conclusion('packets-lost', text);
	}
	const rtt = source.rttMs(member.name);
	const last = rtt === undefined ? '' : `, the last one in ${shortMs(rtt)}`;
	return conclusion('healthy', `Nothing to explain: it answers every probe${last}.`);
};
