// The actions of the Flight API: one table for the dispatch, for ListActions and for the list in error messages.

import {
	type DiscoveryObject,
	discoveryObject,
	type InfoObject,
	type MemberObject,
	memberObject,
	memberObjects,
	type RingObject,
	type ViewsObject,
	viewsObject,
	type WhyDocument,
} from '../status/index.ts';
import { doctorRequest, info, join, leave, liveAbout, ring, tag, why } from './answers.ts';
import { type Body, flag, optionalNumber } from './body.ts';
import type { ActionContext, ClusterStatus, JoinResult, LeaveAnswer, RemoveAnswer, TagsAnswer } from './context.ts';
import { FlightError } from './error.ts';
import { eventPages } from './follow.ts';
import { changesKeys, type KeysResult, keysRequest } from './keys.ts';
import { liveDocuments } from './live.ts';

export type Action = AnsweringAction | StreamingAction;

interface AnyAction {
	readonly type: string;
	readonly description: string;
	/** Whether it changes something, and so needs loopback or the admin token; a function where the body tells. */
	readonly mutating: boolean | ((body: Body) => boolean);
	/** Keys that its JSON body may have. */
	readonly keys: readonly string[];
}

interface AnsweringAction extends AnyAction {
	/** The answer, an object or array that becomes the JSON of the one Result. */
	run(context: ActionContext, body: Body): unknown;
}

/** An action with a Result for each of its answers, for as long as somebody reads them. */
interface StreamingAction extends AnyAction {
	stream(context: ActionContext, body: Body, stop: AbortSignal): AsyncIterable<unknown>;
}

export const ACTIONS: readonly Action[] = [
	{
		type: 'MeshStatus',
		description: 'All members as this node sees them, in order of their IDs.',
		mutating: false,
		keys: [],
		run: ({ source }): readonly MemberObject[] => memberObjects(source),
	},
	{
		type: 'MeshIdentity',
		description: 'This node as a member.',
		mutating: false,
		keys: [],
		run: ({ source }): MemberObject => memberObject(source, source.self),
	},
	{
		type: 'cluster-status',
		description: 'This node as a member, all members in order of their IDs, and how many there are, the dead included.',
		mutating: false,
		keys: [],
		run: ({ source }): ClusterStatus => {
			const members = memberObjects(source);
			return { self: memberObject(source, source.self), members, count: members.length };
		},
	},
	{
		type: 'MeshInfo',
		description:
			'This node, or {"member"}, in detail: its part of cluster and ring; of this node also health and traffic.',
		mutating: false,
		keys: ['member'],
		run: (context, body): InfoObject => info(context, body),
	},
	{
		type: 'MeshViews',
		description:
			'What each member told of its view, when, and whether it agrees; how long its answers take, by which way.',
		mutating: false,
		keys: [],
		run: ({ source }): ViewsObject => viewsObject(source),
	},
	{
		type: 'MeshEvents',
		description:
			'Events after number {"since"} (0), oldest first; with {"follow": true} a Result for each page of later ones.',
		mutating: false,
		keys: ['since', 'follow'],
		stream: ({ source }, body, stop) =>
			eventPages(source, { since: optionalNumber(body, 'since') ?? 0, follow: flag(body, 'follow'), stop }),
	},
	{
		type: 'MeshLive',
		description: 'A snapshot of all that a live view shows, then up to four times a second what has changed since.',
		mutating: false,
		keys: [],
		stream: (context, _body, stop) => liveDocuments(context.source, liveAbout(context), stop),
	},
	{
		type: 'MeshRing',
		description:
			'Owners of {"key"}, the first {"count"} (1); or the part of every owner, of {"member"} in detail, or with {"diff": true} whose ring differs.',
		mutating: false,
		keys: ['key', 'count', 'member', 'diff'],
		run: (context, body): Promise<RingObject> => ring(context, body),
	},
	{
		type: 'MeshWhy',
		description:
			'Why {"member"} is what it is, or was {"at"} an RFC 3339 time: the likely cause, and the evidence that this node has.',
		mutating: false,
		keys: ['member', 'at'],
		run: ({ source }, body): WhyDocument => why(source, body),
	},
	{
		type: 'MeshDoctor',
		description:
			'Examines this node and the paths to its {"peer"}, or the checks {"only"}. Takes up to 10 s; changes nothing.',
		mutating: false,
		keys: ['only', 'peer'],
		run: ({ commands }, body): Promise<object> => commands.examine(doctorRequest(body)),
	},
	{
		type: 'DiscoveryStatus',
		description: 'Addresses that discovery found, and per provider when it answered last and what is wrong with it.',
		mutating: false,
		keys: [],
		run: ({ discovery }): DiscoveryObject => discoveryObject(discovery?.() ?? []),
	},
	{
		type: 'MeshJoin',
		description: 'Contacts the peers in {"addresses": ["host:port"]} and joins their mesh. Changes state.',
		mutating: true,
		keys: ['addresses'],
		run: (context, body): Promise<JoinResult> => join(context, body),
	},
	{
		type: 'MeshKeys',
		description:
			'{"op": "list"} tells the keys by their ids; "install", "use" and "remove" with a {"key"} change them.',
		mutating: changesKeys,
		keys: ['op', 'key', 'sealed'],
		run: ({ commands }, body): KeysResult => commands.keys(keysRequest(body)),
	},
	{
		type: 'MeshLeave',
		description:
			'Says goodbye to all members and stops; with {"remove"} takes that dead member out, everywhere. Changes state.',
		mutating: true,
		keys: ['remove'],
		run: (context, body): Promise<LeaveAnswer | RemoveAnswer> => leave(context, body),
	},
	{
		type: 'MeshTags',
		description: 'Sets tags of this node, {"set": {"k": "v"}, "remove": ["k"]}, and tells everybody. Changes state.',
		mutating: true,
		keys: ['set', 'remove'],
		run: (context, body): Promise<TagsAnswer> => tag(context, body),
	},
];

/** @throws {FlightError} `INVALID_ARGUMENT`, with the known actions. */
export function findAction(type: string): Action {
	const action = ACTIONS.find((candidate) => candidate.type === type);
	if (action) return action;
	const known = ACTIONS.map((candidate) => candidate.type).join(', ');
	throw new FlightError('INVALID_ARGUMENT', `no action ${JSON.stringify(type.slice(0, 60))}; known: ${known}`);
}

/** The answers of an action to its body. @throws {FlightError} or whatever the node's command rejects with. */
export async function* runAction(
	action: Action,
	context: ActionContext,
	body: Body,
	stop: AbortSignal,
): AsyncGenerator<unknown> {
	if ('stream' in action) yield* action.stream(context, body, stop);
	else yield await action.run(context, body);
}
