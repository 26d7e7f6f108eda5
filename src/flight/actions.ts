// The actions of the Flight API: one table for the dispatch, for ListActions and for the list in error messages.

import type { DiscoveryHealth } from '../discovery/index.ts';
import {
	type DiscoveryObject,
	discoveryObject,
	type InfoObject,
	infoObject,
	type LiveAbout,
	type MemberObject,
	memberObject,
	memberObjects,
	type ProcessFacts,
	type StatusSource,
	type ViewsObject,
	viewsObject,
	type WhyDocument,
	whyDocument,
} from '../status/index.ts';
import type { JoinAnswer } from '../swim/index.ts';
import { type Body, flag, optionalCount, optionalNumber, optionalText, requiredText, textList } from './body.ts';
import { FlightError } from './error.ts';
import { eventPages } from './follow.ts';
import { changesKeys, type KeysRequest, type KeysResult, keysRequest } from './keys.ts';
import { liveDocuments } from './live.ts';

/** What the actions need of the node beside its status. */
export interface FlightCommands {
	/** Contacts peers given as `host:port`; an answer each, also when none answered. */
	join(peers: string[]): Promise<readonly JoinAnswer[]>;
	/** Says goodbye and stops the mesh. */
	leave(): Promise<LeaveAnswer>;
	/** Looks at the keys, or changes them. @throws {FlightError} when it cannot be done. */
	keys(request: KeysRequest): KeysResult;
	/** Examines the node, or what is asked for: the checks of `only`, and `peer` alone. @throws {RangeError} for unknown names. */
	examine(request: { readonly only?: readonly string[]; readonly peer?: string }): Promise<object>;
}

export interface ActionContext {
	readonly source: StatusSource;
	readonly commands: FlightCommands;
	/** Health of each discovery provider. Default: there is none. */
	readonly discovery?: () => readonly DiscoveryHealth[];
	/** What the process knows of itself, now. */
	readonly facts: () => Omit<ProcessFacts, 'discovery'>;
}

export interface ClusterStatus {
	readonly self: MemberObject;
	readonly members: readonly MemberObject[];
	readonly count: number;
}

/** `told` of `of` members acknowledged the goodbye. */
export interface LeaveAnswer {
	readonly told: number;
	readonly of: number;
	readonly tookMs: number;
}

export interface JoinResult {
	readonly answers: readonly JoinAnswer[];
}

/** `owners` when a key was asked for, the owner first; else `shares` of all, in name order, adding up to 1. */
export interface RingResult {
	readonly fingerprint: string;
	readonly size: number;
	readonly key?: string;
	readonly owners?: readonly string[];
	readonly shares?: readonly { readonly member: string; readonly weight: number; readonly share: number }[];
}

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

const MAX_KEY_BYTES = 4_096;
const MAX_NAME_BYTES = 255;
const MAX_OWNERS = 256;
const MAX_JOIN_ADDRESSES = 64;
const MAX_ADDRESS_BYTES = 300;
const MAX_CHECKS = 64;
const MAX_CHECK_BYTES = 40;

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
		description: 'Owners of {"key"}, the first {"count"} (1); without a key, the share of every owner.',
		mutating: false,
		keys: ['key', 'count'],
		run: ({ source }, body): RingResult => ring(source, body),
	},
	{
		type: 'MeshWhy',
		description: 'Why {"member"} is what it is: the likely cause, and the evidence that this node has.',
		mutating: false,
		keys: ['member'],
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
		run: async ({ commands }, body): Promise<JoinResult> => ({
			answers: await commands.join(textList(body, 'addresses', MAX_JOIN_ADDRESSES, MAX_ADDRESS_BYTES)),
		}),
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
		description: 'Says goodbye to all members and stops. Changes state.',
		mutating: true,
		keys: [],
		run: ({ commands }): Promise<LeaveAnswer> => commands.leave(),
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

function info({ source, discovery, facts }: ActionContext, body: Body): InfoObject {
	const name = optionalText(body, 'member', MAX_NAME_BYTES) ?? source.self.name;
	const found = infoObject(source, name, { ...facts(), discovery: discoveryObject(discovery?.() ?? []) });
	if (found) return found;
	throw noMember(name);
}

function liveAbout({ discovery, facts }: ActionContext): LiveAbout {
	return { origin: 'live', facts, discovery: () => discovery?.() ?? [] };
}

function ring({ ring }: StatusSource, body: Body): RingResult {
	const { fingerprint, size } = ring;
	const key = optionalText(body, 'key', MAX_KEY_BYTES);
	const count = optionalCount(body, 'count', MAX_OWNERS) ?? 1;
	if (key === undefined) return { fingerprint, size, shares: ring.shares() };
	return { fingerprint, size, key, owners: ring.owners(key, count) };
}

function doctorRequest(body: Body): Parameters<FlightCommands['examine']>[0] {
	const only = body.only === undefined ? undefined : textList(body, 'only', MAX_CHECKS, MAX_CHECK_BYTES);
	const peer = optionalText(body, 'peer', MAX_NAME_BYTES);
	return { ...(only && { only }), ...(peer !== undefined && { peer }) };
}

function why(source: StatusSource, body: Body): WhyDocument {
	const name = requiredText(body, 'member', MAX_NAME_BYTES);
	const document = whyDocument(source, name);
	if (document) return document;
	throw noMember(name);
}

function noMember(name: string): FlightError {
	return new FlightError('NOT_FOUND', `no member ${JSON.stringify(name)}`);
}
