// From the body of an action to its answer: what is asked is checked here, and found out or done.

import {
	discoveryObject,
	type InfoObject,
	infoObject,
	type LiveAbout,
	type RingObject,
	ringObject,
	type StatusSource,
	userTags,
	type WhyDocument,
	whyDocument,
} from '../status/index.ts';
import { type Body, flag, optionalCount, optionalText, optionalTime, requiredText, textList, textMap } from './body.ts';
import type { ActionContext, FlightCommands, JoinResult, LeaveAnswer, RemoveAnswer, TagsAnswer } from './context.ts';
import { FlightError } from './error.ts';

const MAX_KEY_BYTES = 4_096;
const MAX_NAME_BYTES = 255;
const MAX_OWNERS = 256;
const MAX_JOIN_ADDRESSES = 64;
const MAX_ADDRESS_BYTES = 300;
const MAX_TAGS = 64;
/** All tags together have 512 bytes. */
const MAX_TAG_BYTES = 512;
const MAX_CHECKS = 64;
const MAX_CHECK_BYTES = 40;

export function info({ source, discovery, facts }: ActionContext, body: Body): InfoObject {
	const name = optionalText(body, 'member', MAX_NAME_BYTES) ?? source.self.name;
	const found = infoObject(source, name, { ...facts(), discovery: discoveryObject(discovery?.() ?? []) });
	if (found) return found;
	throw noMember(name);
}

export function liveAbout({ discovery, facts }: ActionContext): LiveAbout {
	return { origin: 'live', facts, discovery: () => discovery?.() ?? [] };
}

export async function ring({ source, commands }: ActionContext, body: Body): Promise<RingObject> {
	const key = optionalText(body, 'key', MAX_KEY_BYTES);
	const count = optionalCount(body, 'count', MAX_OWNERS);
	const member = optionalText(body, 'member', MAX_NAME_BYTES);
	if (member !== undefined && !source.member(member)) throw noMember(member);
	const differing = flag(body, 'diff') ? await commands.compareRings() : undefined;
	return { ...ringObject(source, { key, count, member }), ...(differing && { differing }) };
}

export async function join({ commands }: ActionContext, body: Body): Promise<JoinResult> {
	return { answers: await commands.join(textList(body, 'addresses', MAX_JOIN_ADDRESSES, MAX_ADDRESS_BYTES)) };
}

export async function leave({ commands }: ActionContext, body: Body): Promise<LeaveAnswer | RemoveAnswer> {
	const removed = optionalText(body, 'remove', MAX_NAME_BYTES);
	if (removed === undefined) return commands.leave();
	await commands.remove(removed);
	return { removed };
}

/** Read and replaced without a wait between, so that two calls at one time do not undo each other. */
export async function tag({ source, commands }: ActionContext, body: Body): Promise<TagsAnswer> {
	const set = textMap(body, 'set', MAX_TAG_BYTES);
	const remove = body.remove === undefined ? [] : textList(body, 'remove', MAX_TAGS, MAX_TAG_BYTES);
	if (Object.keys(set).length + remove.length === 0) {
		throw new FlightError('INVALID_ARGUMENT', 'body: neither set nor remove names a tag');
	}
	const both = remove.find((name) => Object.hasOwn(set, name));
	if (both !== undefined) throw new FlightError('INVALID_ARGUMENT', `body.remove: ${both} is in body.set as well`);
	const kept = Object.entries(userTags(source.self)).filter(([name]) => !remove.includes(name));
	await commands.setTags({ ...Object.fromEntries(kept), ...set });
	return { tags: userTags(source.self) };
}

export function doctorRequest(body: Body): Parameters<FlightCommands['examine']>[0] {
	const only = body.only === undefined ? undefined : textList(body, 'only', MAX_CHECKS, MAX_CHECK_BYTES);
	const peer = optionalText(body, 'peer', MAX_NAME_BYTES);
	return { ...(only && { only }), ...(peer !== undefined && { peer }) };
}

export function why(source: StatusSource, body: Body): WhyDocument {
	const name = requiredText(body, 'member', MAX_NAME_BYTES);
	const document = explained(source, name, optionalTime(body, 'at'));
	if (document) return document;
	throw noMember(name);
}

function explained(source: StatusSource, name: string, atMs: number | undefined): WhyDocument | undefined {
	try {
		return whyDocument(source, name, atMs);
	} catch (error) {
		throw error instanceof RangeError ? notRecorded(error) : error;
	}
}

function notRecorded(cause: RangeError): FlightError {
	return new FlightError('OUT_OF_RANGE', cause.message, { cause });
}

function noMember(name: string): FlightError {
	return new FlightError('NOT_FOUND', `no member ${JSON.stringify(name)}`);
}
