// The JSON documents under /api/v1: fields are only ever added within a schema number.

import {
	type MemberObject,
	type MeshSummary,
	memberObject,
	memberObjects,
	meshSummary,
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
	};
}

export function membersDocument(source: StatusSource): MembersDocument {
	const members = memberObjects(source);
	return { schema: SCHEMA, self: source.self.name, count: members.length, members };
}
