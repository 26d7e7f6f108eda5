// Causes that lie in who a member is: it left, started again, moved, shares its name or its address, or is refused.

import { formatAddress, type MeshEvent, type RejectCode, sameAddress } from '../../swim/index.ts';
import { durationText } from '../duration.ts';
import { RECENT_MS, type StateEvent } from '../episode.ts';
import { explainWhy } from '../explain.ts';
import { startedAtMs } from '../started-at.ts';
import {
	conclusion,
	isLive,
	type Likely,
	type LikelyCode,
	type NextStep,
	type Rule,
	recentSince,
	timeText,
} from './likely.ts';

export const left: Rule = ({ state, member, events }, source) => {
	if (state !== 'left') return undefined;
	const at = timeText(member.changedAt, source);
	const last = events.findLast((event) => event.type === 'state');
	const removed = last?.why.code === 'removed';
	const how = removed
		? `It was dead and was removed at ${at}, by hand or by a goodbye that came late.`
		: `It said goodbye at ${at}. This is not a failure.`;
	return conclusion('left', how);
};

/** What happened before it was forgotten; `before` concludes from the same evidence as if it still were what it was then. */
export function forgotten(before: Rule): Rule {
	return (episode, source) => {
		const { state, recorded } = episode;
		if (state !== 'forgotten') return undefined;
		const end = recorded.findLast((event): event is StateEvent => event.type === 'state' && event.to === 'none');
		const gone = recorded.findLast(
			(event): event is StateEvent => event.type === 'state' && (event.to === 'dead' || event.to === 'left'),
		);
		if (!end || !gone) return undefined;
		const shown = durationText(end.at - gone.at);
		const at = timeText(end.at, source);
		if (gone.to === 'left') {
			const text = `It said goodbye at ${timeText(gone.at, source)} and was forgotten ${shown} later, at ${at}. This is not a failure.`;
			return conclusion('forgotten', text);
		}
		const how = explainWhy(gone.why, { at: gone.at, ackTimeoutMs: source.config.ackTimeoutMs });
		const death = `It was declared dead at ${timeText(gone.at, source)} (${how}) and forgotten ${shown} later, at ${at}.`;
		const cause = before({ ...episode, state: 'dead' }, source);
		return conclusion('forgotten', cause ? `${death} ${cause.text}` : death);
	};
}

type ConflictEvent = Extract<MeshEvent, { type: 'conflict' }>;

export const nameConflict: Rule = ({ recorded, member }, source) => {
	const since = recentSince(source);
	const last = recorded.findLast((event): event is ConflictEvent => event.type === 'conflict' && event.at >= since);
	if (!last) return undefined;
	const other = sameAddress(last.claimed, member.address) ? last.held : last.claimed;
	const here = formatAddress(member.address);
	return conclusion(
		'name-conflict',
		`Two processes claim its name: ${here}, which this node believes, and ${formatAddress(other)}.`,
		[ownName],
	);
};

const ownName: NextStep = { command: 'LONGBOW_NODE_ID', about: 'a name of its own for each process' };

export const addressTaken: Rule = ({ state, member }, source) => {
	if (state === 'alive') return undefined;
	const other = source.members.find((each) => isLive(each) && sameAddress(each.address, member.address));
	if (!other || other.name === member.name) return undefined;
	const text = `Another process has its address ${formatAddress(member.address)} now: ${other.name}.`;
	return conclusion('address-taken', text, [{ command: `longbow-mesh why ${other.name}`, about: 'who is there now' }]);
};

interface Refusal {
	readonly code: LikelyCode;
	readonly because: string;
	readonly next: readonly NextStep[];
}

const CHECK: NextStep = { command: 'longbow-mesh doctor --only label', about: 'who is refused, and for what' };
const OTHER_KEY: Refusal = {
	code: 'key',
	because: 'likely it has other keys than this node, or one of the two has none',
	next: [{ command: 'LONGBOW_GOSSIP_KEYS', about: 'the same on every member; the first encrypts, all decrypt' }, CHECK],
};
const REFUSALS: Partial<Record<RejectCode, Refusal>> = {
	'bad-label': {
		code: 'label',
		because: 'its label is not that of this node',
		next: [{ command: 'LONGBOW_GOSSIP_LABEL', about: 'the same on every member of one cluster' }, CHECK],
	},
	'cannot-decrypt': OTHER_KEY,
	// What is encrypted reads as nonsense to who has no key.
	'bad-msgpack': OTHER_KEY,
	'unknown-type': OTHER_KEY,
	'bad-version': {
		code: 'version',
		because: 'it speaks no version of the protocol that all members understand',
		next: [{ command: 'LONGBOW_GOSSIP_COMPAT', about: 'the same on every member' }, CHECK],
	},
};

/** It is not silent: its packets arrive, and are thrown away. */
export const refusedPackets: Rule = ({ state, member }, source) => {
	if (state === 'alive' || state === 'left') return undefined;
	const { host } = member.address;
	// Packets are known by their sender's host; they tell nothing of one of several members there.
	if (source.members.some((other) => other.name !== member.name && isLive(other) && other.address.host === host)) {
		return undefined;
	}
	const refused = source.evidence.rejections.recent(source.now()).filter((each) => each.host === host);
	for (const { code, count } of refused) {
		const refusal = REFUSALS[code];
		if (!refusal) continue;
		const packets = `${count} packet${count === 1 ? '' : 's'}`;
		const text = `It is not silent: ${packets} from ${host} were refused in the last ${durationText(RECENT_MS)} (${code}); ${refusal.because}.`;
		return conclusion(refusal.code, text, refusal.next);
	}
	return undefined;
};

const CLOCKS_APART_MS = 60_000;
/** Where packets are lost some refutations go unheard, so the incarnation may rise by a few at once without a start. */
const UNHEARD_REFUTATIONS = 3;
/** And by this many where the wall clock of a start does not fit ours. */
const MANY_REFUTATIONS = 60;

export const restarted: Rule = ({ state, recovered, events, member }, source) => {
	if (state !== 'alive' || !recovered) return undefined;
	const before = events.slice(0, events.indexOf(recovered)).findLast((event) => event.type === 'state');
	const rise = before ? recovered.member.incarnation - before.member.incarnation : 0;
	const startedMs = startedAtMs(member.incarnation);
	const heardMs = source.wallMs(recovered.at);
	const isStart = Math.abs(startedMs - heardMs) < CLOCKS_APART_MS;
	if (rise <= (isStart ? UNHEARD_REFUTATIONS : MANY_REFUTATIONS)) return undefined;
	const at = isStart ? new Date(startedMs).toISOString() : timeText(recovered.at, source);
	return conclusion('restarted', `It restarted at ${at}.`);
};

type UpdateEvent = Extract<MeshEvent, { type: 'update' }>;

/** A later start of its name came from elsewhere while nobody missed it: only the process that gave way knows more. */
export const moved: Rule = ({ state, recorded }, source): Likely | undefined => {
	const since = recentSince(source);
	const last = recorded.findLast(
		(event): event is UpdateEvent =>
			event.type === 'update' && event.at >= since && !sameAddress(event.member.address, event.previous.address),
	);
	if (state !== 'alive' || !last || last.member.incarnation <= last.previous.incarnation + 1) return undefined;
	const [now, before] = [formatAddress(last.member.address), formatAddress(last.previous.address)];
	const text = `A later start of its name came from ${now} at ${timeText(last.at, source)}: likely it restarted there, or two processes have its name and the one at ${before} gave way.`;
	return conclusion('moved', text, [
		{ command: `longbow-mesh info --addr ${last.previous.address.host}:3001`, about: 'does the former one still run?' },
		ownName,
	]);
};
