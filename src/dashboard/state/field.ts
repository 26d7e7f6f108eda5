// What the members field draws, out of the snapshot and the places.

import { type LiveMember, type LiveSnapshot, markRttMs } from '../../status/index.ts';
import { STATE_NAMES } from '../../swim/index.ts';
import {
	agoText,
	type ColourBy,
	commonPrefix,
	type FieldData,
	type FieldMember,
	leftText,
	msText,
	type Slots,
	wholeSecond,
} from '../draw/index.ts';
import { viewShares } from './playback.ts';

export interface FieldView {
	readonly now: number;
	readonly stale: boolean;
	readonly selected: string | undefined;
	readonly colourBy: ColourBy;
	/** Whether the tiles are large enough for a line of probes. */
	readonly probes: boolean;
}

export function fieldData(snapshot: LiveSnapshot, slots: Slots, view: FieldView): FieldData {
	const members = new Map(snapshot.members.map((member) => [member.ID, member]));
	const views = viewShares(snapshot.playback);
	const groups = slots.groups.map(({ name, places }) => ({
		name,
		members: places.map((slot) => {
			const member = slot && members.get(slot.name);
			if (!member) return null;
			const held = views.get(member.ID);
			const drawn = fieldMember(member, snapshot.node.name, view);
			return held ? { ...drawn, views: held } : drawn;
		}),
	}));
	return {
		groups,
		colourBy: view.colourBy,
		selected: view.selected ?? null,
		prefix: prefixOf(snapshot.members),
		stale: view.stale,
	};
}

const prefixes = new WeakMap<readonly LiveMember[], string>();

/** What all names begin with. */
export function prefixOf(members: readonly LiveMember[]): string {
	const known = prefixes.get(members);
	if (known !== undefined) return known;
	const prefix = commonPrefix(members.map(({ ID }) => ID));
	prefixes.set(members, prefix);
	return prefix;
}

function fieldMember(member: LiveMember, self: string, { now, probes }: FieldView): FieldMember {
	const { ID, Status, since, deadAt, share } = member;
	return {
		name: ID,
		state: STATE_NAMES[Status]!,
		self: ID === self,
		rttMs: member.rttMs,
		share: share > 0 ? share : null,
		leftMs: deadAt === null ? null : Math.max(0, deadAt - now),
		fuseMs: deadAt === null ? null : deadAt - since,
		agoMs: wholeSecond(now) - since,
		address: member.Addr,
		incarnation: member.Incarnation,
		probes: probes ? probesOf(member) : NO_PROBES,
	};
}

const NO_PROBES: readonly (number | null)[] = [];
const histories = new WeakMap<LiveMember, readonly (number | null)[]>();

/** Members that did not change are the same objects: their history is read once. */
function probesOf(member: LiveMember): readonly (number | null)[] {
	const known = histories.get(member);
	if (known) return known;
	const probes = Array.from(member.probes, markRttMs);
	histories.set(member, probes);
	return probes;
}

/** *longbow-17, suspect, 3.1 s left*: a cell of the field to a screen reader, and the first line of its tooltip. */
export function memberText(member: LiveMember, self: string, { now, stale }: Pick<FieldView, 'now' | 'stale'>): string {
	const state = STATE_NAMES[member.Status]!;
	return [member.ID, state, ...factOf(member, self, now, stale)].join(', ');
}

function factOf({ ID, Status, since, deadAt, rttMs }: LiveMember, self: string, now: number, stale: boolean): string[] {
	if (ID === self) return ['this node'];
	if (Status === 1) return stale || deadAt === null ? ['time left not known'] : [`${leftText(deadAt - now)} left`];
	if (Status > 1) return stale ? [] : [agoText(wholeSecond(now) - since)];
	return [rttMs === null ? 'no answer yet' : msText(rttMs)];
}

/** The last round trip of who answers; what a member took before it fell silent says nothing of now. */
export function tripText({ Status, rttMs }: LiveMember): string {
	return Status !== 0 || rttMs === null ? '–' : msText(rttMs);
}
