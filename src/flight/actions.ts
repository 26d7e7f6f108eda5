// The actions of the Flight API: one table for the dispatch, for ListActions and for the list in error messages.

import type { DiscoveryHealth } from '../discovery/index.ts';
import {
	type DiscoveryObject,
	discoveryObject,
	type MemberObject,
	memberObject,
	memberObjects,
	type StatusSource,
	type WhyDocument,
	whyDocument,
} from '../status/index.ts';
import type { JoinAnswer } from '../swim/index.ts';
import { type Body, optionalCount, optionalText, parseBody, requiredText, textList } from './body.ts';
import { FlightError } from './error.ts';

/** What the actions need of the node beside its status. */
export interface FlightCommands {
	/** Contacts peers given as `host:port`; an answer each, also when none answered. */
	join(peers: string[]): Promise<readonly JoinAnswer[]>;
	/** Says goodbye and stops the mesh. */
	leave(): Promise<LeaveAnswer>;
	/** Examines the node, or what is asked for: the checks of `only`, and `peer` alone. @throws {RangeError} for unknown names. */
	examine(request: { readonly only?: readonly string[]; readonly peer?: string }): Promise<object>;
}

export interface ActionContext {
	readonly source: StatusSource;
	readonly commands: FlightCommands;
	/** Health of each discovery provider. Default: there is none. */
	readonly discovery?: () => readonly DiscoveryHealth[];
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

export interface Action {
	readonly type: string;
	readonly description: string;
	/** Whether it changes something, and so needs loopback or the admin token. */
	readonly mutating: boolean;
	/** Keys that its JSON body may have. */
	readonly keys: readonly string[];
	/** The answer, an object or array that becomes the JSON of the one Result. */
	run(context: ActionContext, body: Body): unknown;
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

/** Runs an action on the bytes of its body. @throws {FlightError} or whatever the node's command rejects with. */
export async function runAction(action: Action, context: ActionContext, body: Uint8Array): Promise<unknown> {
	return action.run(context, parseBody(body, action.keys));
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
	throw new FlightError('NOT_FOUND', `no member ${JSON.stringify(name)}`);
}
