// The JSON documents under /api/v1: fields are only ever added within a schema number.

import type { DiscoveryHealth } from '../discovery/index.ts';
import {
	type DiscoveryObject,
	discoveryObject,
	type EventPage,
	eventPage,
	type MemberObject,
	type MemberView,
	memberObject,
	memberView,
	type NodeHealth,
	nodeHealth,
	type StatusSource,
	type ViewsSummary,
} from '../status/index.ts';

const SCHEMA = 1;

/** All members, in the order of their IDs. */
export interface MembersDocument {
	readonly schema: number;
	/** Whose view this is. */
	readonly self: string;
	readonly views: Pick<ViewsSummary, 'digest' | 'of' | 'agree'>;
	readonly count: number;
	readonly members: readonly MeasuredMember[];
}

/** The object of Flight, and how this node reaches the member. */
type MeasuredMember = MemberObject & Pick<MemberView, 'rttMs' | 'path'>;

export function membersDocument(source: StatusSource): MembersDocument {
	const { digest, of, agree } = source.views;
	const members = source.members.map((member): MeasuredMember => {
		const { rttMs, path } = memberView(source, member);
		return { ...memberObject(source, member), rttMs, path };
	});
	return { schema: SCHEMA, self: source.self.name, views: { digest, of, agree }, count: members.length, members };
}

export interface IdentityDocument {
	readonly schema: number;
	readonly member: MemberObject;
}

/** This node as a member. */
export function identityDocument(source: StatusSource): IdentityDocument {
	return { schema: SCHEMA, member: memberObject(source, source.self) };
}

export interface EventsDocument extends EventPage {
	readonly schema: number;
	readonly self: string;
}

/** Events with a number above `since`. */
export function eventsDocument(source: StatusSource, since: number): EventsDocument {
	return { schema: SCHEMA, self: source.self.name, ...eventPage(source, since) };
}

export interface HealthDocument extends NodeHealth {
	readonly schema: number;
	readonly self: string;
}

/** How the node itself is doing; its rates are averages since its start. */
export function healthDocument(source: StatusSource): HealthDocument {
	return { schema: SCHEMA, self: source.self.name, ...nodeHealth(source) };
}

export interface DiscoveryDocument extends DiscoveryObject {
	readonly schema: number;
}

export function discoveryDocument(health: readonly DiscoveryHealth[]): DiscoveryDocument {
	return { schema: SCHEMA, ...discoveryObject(health) };
}
