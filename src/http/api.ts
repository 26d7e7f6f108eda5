// The JSON documents under /api/v1: fields are only ever added within a schema number.

import type { DiscoveryHealth } from '../discovery/index.ts';
import type { RingShare } from '../ring/index.ts';
import {
	type DiscoveryObject,
	discoveryObject,
	type EventPage,
	eventPage,
	type MemberObject,
	type MeshSummary,
	memberObject,
	memberObjects,
	meshSummary,
	type NodeHealth,
	nodeHealth,
	type OtherView,
	rfc3339,
	type StatusSource,
} from '../status/index.ts';

const SCHEMA = 1;

/** The mesh in a few numbers, as the node `self` sees it. */
export interface StatusDocument extends Omit<MeshSummary, 'self'> {
	readonly schema: number;
	/** When this was written, RFC 3339 in UTC. */
	readonly at: string;
	readonly self: MemberObject;
	/** Live members whose view this node has heard of, itself included; those that differ, with their times. */
	readonly views: { readonly of: number; readonly agree: number; readonly others: readonly OtherViewDocument[] };
}

interface OtherViewDocument extends Omit<OtherView, 'heardAt' | 'differsSince'> {
	readonly heardAt: string;
	readonly differsSince: string;
}

/** All members, in the order of their IDs. */
export interface MembersDocument {
	readonly schema: number;
	/** Whose view this is. */
	readonly self: string;
	readonly count: number;
	readonly members: readonly MemberObject[];
}

export function statusDocument(source: StatusSource): StatusDocument {
	return {
		schema: SCHEMA,
		at: rfc3339(source.wallMs(source.now())),
		...meshSummary(source),
		self: memberObject(source, source.self),
		views: viewsOf(source),
	};
}

export function membersDocument(source: StatusSource): MembersDocument {
	const members = memberObjects(source);
	return { schema: SCHEMA, self: source.self.name, count: members.length, members };
}

export interface IdentityDocument {
	readonly schema: number;
	readonly member: MemberObject;
}

/** This node as a member. */
export function identityDocument(source: StatusSource): IdentityDocument {
	return { schema: SCHEMA, member: memberObject(source, source.self) };
}

export interface RingDocument {
	readonly schema: number;
	readonly fingerprint: string;
	readonly size: number;
	/** Of every owner, in name order, adding up to 1. */
	readonly shares: readonly RingShare[];
	/** The key that was asked for, and its owners, the first one first. */
	readonly key?: string;
	readonly owners?: readonly string[];
}

export function ringDocument({ ring }: StatusSource, key: string | undefined, count: number): RingDocument {
	const { fingerprint, size } = ring;
	const asked = key === undefined ? {} : { key, owners: ring.owners(key, count) };
	return { schema: SCHEMA, fingerprint, size, shares: ring.shares(), ...asked };
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

function viewsOf(source: StatusSource): StatusDocument['views'] {
	const { of, agree, others } = source.views;
	const time = (instant: number): string => rfc3339(source.wallMs(instant));
	const told = others.map(({ heardAt, differsSince, ...other }) => ({
		...other,
		heardAt: time(heardAt),
		differsSince: time(differsSince),
	}));
	return { of, agree, others: told };
}
