// Serf's messages, the part of them that concerns us: bytes to fields and back (wire spec §11).

import {
	compareBytes,
	ipBytes,
	type Member,
	type MemberState,
	sameBytes,
	utf8,
	utf8Text,
	WireError,
} from '../swim/index.ts';
import { fieldNames, MsgpackReader, MsgpackWriter } from '../wire/index.ts';
import { MAX_LAMPORT_TIME } from './lamport.ts';

/** First byte of every serf message. */
export const SerfType = {
	leave: 0,
	join: 1,
	pushPull: 2,
	userEvent: 3,
	query: 4,
	queryResponse: 5,
	conflictResponse: 6,
	keyRequest: 7,
	keyResponse: 8,
	relay: 9,
} as const;

/** Bits of a query's Flags; in a response, `ack` says that it is nothing more than that. */
export const QueryFlag = { ack: 1, noBroadcast: 2 } as const;

/** "Node joins" or "node leaves", at a time of the member clock. */
export interface Intent {
	readonly time: number;
	readonly node: string;
}

export interface Query {
	readonly time: number;
	readonly id: number;
	readonly name: string;
	/** Where answers go: 4 or 16 bytes, and a port. */
	readonly addr: Uint8Array;
	readonly port: number;
	readonly flags: number;
	/** Each one encoded, see filters.ts. */
	readonly filters: readonly Uint8Array[];
	readonly payload: Uint8Array;
}

export interface QueryResponse {
	readonly time: number;
	readonly id: number;
	readonly from: string;
	readonly flags: number;
	readonly payload: Uint8Array | undefined;
}

/** What a push/pull says about the clocks and about one member. */
export interface SerfState {
	readonly memberTime: number;
	readonly eventTime: number;
	readonly queryTime: number;
	/** Time of the last intent that is known of the member; 0 = none. */
	readonly statusTime: number;
	/** Whether the member is held to have left. */
	readonly left: boolean;
}

const INTENT = fieldNames('LTime', 'Node');
const LEAVE = fieldNames('LTime', 'Node', 'Prune');
const EVENT = fieldNames('LTime');
const QUERY = fieldNames('Addr', 'Filters', 'Flags', 'ID', 'LTime', 'Name', 'Payload', 'Port');
const RESPONSE = fieldNames('Flags', 'From', 'ID', 'LTime', 'Payload');
const STATE = fieldNames('EventLTime', 'Events', 'LTime', 'LeftMembers', 'QueryLTime', 'StatusLTimes');
const MEMBER = fieldNames(
	'Addr',
	'DelegateCur',
	'DelegateMax',
	'DelegateMin',
	'Name',
	'Port',
	'ProtocolCur',
	'ProtocolMax',
	'ProtocolMin',
	'Status',
	'Tags',
);

const KEY_REQUEST = fieldNames('Key');
const KEY_RESPONSE = fieldNames('Keys', 'Message', 'PrimaryKey', 'Result');

/** Filters of a query that are looked at: more of them, and the query is not for us. */
export const MAX_FILTERS = 16;

// All decoders take the message with its type byte and throw WireError on nonsense.

export function decodeIntent(message: Uint8Array): Intent {
	let time = 0;
	let node = '';
	readFields(message, INTENT, (field, reader) => {
		if (field === 0) time = readTime(reader);
		else node = utf8Text(reader.view());
	});
	return { time, node };
}

/** The time of a user event; the rest of it is passed on as it came. */
export function decodeEventTime(message: Uint8Array): number {
	let time = 0;
	readFields(message, EVENT, (_, reader) => {
		time = readTime(reader);
	});
	return time;
}

export function decodeQuery(message: Uint8Array): Query {
	const query = {
		time: 0,
		id: 0,
		name: '',
		addr: new Uint8Array(0),
		port: 0,
		flags: 0,
		filters: [] as readonly Uint8Array[],
		payload: new Uint8Array(0),
	} satisfies Query;
	readFields(message, QUERY, (field, reader) => {
		switch (field) {
			case 0:
				query.addr = new Uint8Array(reader.view());
				break;
			case 1:
				query.filters = readList(reader);
				break;
			case 2:
				query.flags = reader.uint32();
				break;
			case 3:
				query.id = reader.uint32();
				break;
			case 4:
				query.time = readTime(reader);
				break;
			case 5:
				query.name = utf8Text(reader.view());
				break;
			case 6:
				query.payload = new Uint8Array(reader.view());
				break;
			case 7:
				query.port = reader.uint16();
		}
	});
	return query;
}

/** What the state says of the member `name`. Replayed user events are passed over: nobody here consumes them. */
export function decodeState(message: Uint8Array, name: Uint8Array): SerfState {
	const state = { memberTime: 0, eventTime: 0, queryTime: 0, statusTime: 0, left: false };
	readFields(message, STATE, (field, reader) => {
		switch (field) {
			case 0:
				state.eventTime = readTime(reader);
				break;
			case 2:
				state.memberTime = readTime(reader);
				break;
			case 3:
				for (let left = reader.arrayHeader(); left > 0; left--) if (sameBytes(reader.view(), name)) state.left = true;
				break;
			case 4:
				state.queryTime = readTime(reader);
				break;
			case 5:
				for (let left = reader.mapHeader(); left > 0; left--) {
					if (sameBytes(reader.view(), name)) state.statusTime = readTime(reader);
					else reader.skip();
				}
				break;
			default:
				reader.skip();
		}
	});
	return state;
}

export function encodeJoin({ time, node }: Intent): Uint8Array {
	return encode(SerfType.join, INTENT, [(w) => w.uint(time), (w) => w.str(utf8(node))]);
}

export function encodeLeave({ time, node }: Intent): Uint8Array {
	return encode(SerfType.leave, LEAVE, [(w) => w.uint(time), (w) => w.str(utf8(node)), (w) => w.bool(false)]);
}

export function encodeQueryResponse(response: QueryResponse): Uint8Array {
	return encode(SerfType.queryResponse, RESPONSE, [
		(w) => w.uint(response.flags),
		(w) => w.str(utf8(response.from)),
		(w) => w.uint(response.id),
		(w) => w.uint(response.time),
		(w) => (response.payload === undefined ? w.nil() : w.str(response.payload)),
	]);
}

/** The smallest useful state: our clocks and the time of our own last intent (wire spec §11.3). */
export function encodeState(state: Omit<SerfState, 'left'>, name: string): Uint8Array {
	return encode(SerfType.pushPull, STATE, [
		(w) => w.uint(state.eventTime),
		(w) => w.arrayHeader(0),
		(w) => w.uint(state.memberTime),
		(w) => w.arrayHeader(0),
		(w) => w.uint(state.queryTime),
		(w) => {
			w.mapHeader(1);
			w.str(utf8(name));
			w.uint(state.statusTime);
		},
	]);
}

/** Serf's MemberStatus numbers. Suspicion is below serf's horizon. */
const MEMBER_STATUS = { alive: 1, suspect: 1, left: 3, dead: 4 } as const satisfies Record<MemberState, number>;

/** A member as the answer to `_serf_conflict` describes it. */
export function encodeConflictResponse(member: Member): Uint8Array {
	const [pmin = 0, pmax = 0, pcur = 0, dmin = 0, dmax = 0, dcur = 0] = member.protocol;
	return encode(SerfType.conflictResponse, MEMBER, [
		(w) => w.str(ipBytes(member.address.host) ?? new Uint8Array(0)),
		(w) => w.uint(dcur),
		(w) => w.uint(dmax),
		(w) => w.uint(dmin),
		(w) => w.str(utf8(member.name)),
		(w) => w.uint(member.address.port),
		(w) => w.uint(pcur),
		(w) => w.uint(pmax),
		(w) => w.uint(pmin),
		(w) => w.uint(MEMBER_STATUS[member.state]),
		(w) => writeStrings(w, member.tags),
	]);
}

/** The key in a request about it. */
export function decodeKeyRequest(payload: Uint8Array): Uint8Array {
	let key = new Uint8Array(0);
	if (payload[0] !== SerfType.keyRequest) throw new WireError('unknown-type', `a key request of type ${payload[0]}`);
	readFields(payload, KEY_REQUEST, (_, reader) => {
		key = new Uint8Array(reader.view());
	});
	return key;
}

export interface KeyResponse {
	readonly keys: readonly Uint8Array[];
	/** Why it was not done. */
	readonly message: string;
	/** Of a list; empty otherwise. */
	readonly primary: Uint8Array;
	readonly done: boolean;
}

/** Keys travel as texts in base64, unlike the one in a request. */
export function encodeKeyResponse({ keys, message, primary, done }: KeyResponse): Uint8Array {
	return encode(SerfType.keyResponse, KEY_RESPONSE, [
		(w) => {
			if (keys.length === 0) w.nil();
			else w.arrayHeader(keys.length);
			for (const key of keys) w.str(utf8(base64(key)));
		},
		(w) => w.str(utf8(message)),
		(w) => w.str(utf8(base64(primary))),
		(w) => w.bool(done),
	]);
}

function base64(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('base64');
}

// Calls `read` for each field of the map that is in `names`; it must read exactly one value.
function readFields(
	message: Uint8Array,
	names: readonly Uint8Array[],
	read: (field: number, reader: MsgpackReader) => void,
): void {
	const reader = new MsgpackReader();
	reader.reset(message, 1);
	let field = -1;
	for (let left = reader.mapHeader(); left > 0; left--) {
		field = reader.key(names, field + 1);
		if (field < 0) reader.skip();
		else read(field, reader);
	}
}

// A time that no clock can count on is nonsense, wherever it stands.
function readTime(reader: MsgpackReader): number {
	const time = reader.uint();
	if (time > MAX_LAMPORT_TIME) throw new WireError('bad-field', `Lamport time ${time}`);
	return time;
}

// One element more than the limit is kept, which says that there were too many.
function readList(reader: MsgpackReader): readonly Uint8Array[] {
	const list: Uint8Array[] = [];
	for (let left = reader.arrayHeader(); left > 0; left--) {
		const element = reader.view();
		if (list.length <= MAX_FILTERS) list.push(new Uint8Array(element));
	}
	return list;
}

function encode(
	type: number,
	names: readonly Uint8Array[],
	values: readonly ((writer: MsgpackWriter) => void)[],
): Uint8Array {
	const writer = new MsgpackWriter();
	writer.byte(type);
	writer.mapHeader(names.length);
	for (const [index, name] of names.entries()) {
		writer.raw(name);
		values[index]?.(writer);
	}
	return writer.copy();
}

function writeStrings(writer: MsgpackWriter, strings: Readonly<Record<string, string>>): void {
	const entries = Object.entries(strings).map(([key, value]) => [utf8(key), utf8(value)] as const);
	entries.sort(([a], [b]) => compareBytes(a, b));
	writer.mapHeader(entries.length);
	for (const [key, value] of entries) {
		writer.str(key);
		writer.str(value);
	}
}
