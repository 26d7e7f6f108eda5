// Reads the plain messages of a stream, entry by entry as they arrive (wire spec §6.2, §6.3).

import { EMPTY, MessageType, type PushPullNode, type StreamHandler, utf8Text, WireError } from '../swim/index.ts';
import type { ByteSource, Reading } from './byte-source.ts';
import { ACK, ERROR, PING, PUSH_PULL_HEADER, PUSH_PULL_NODE, USER_HEADER } from './fields.ts';
import type { WireLimits } from './limits.ts';
import { MsgpackReader } from './msgpack-reader.ts';

const SLAB_BYTES = 8 * 1024;
/** What an entry of a push/pull takes beside its bytes: the object, and the views that are its fields. */
const ENTRY_BYTES = 512;

/** The memory that the entries of an incomplete message take, in bytes. */
export interface Kept {
	bytes: number;
}

/** Shared by all streams: nothing below keeps it across a wait. */
const reader = new MsgpackReader();

/**
 * Reads the rest of a message after its type byte and hands it over.
 * @throws {WireError} `unknown-type` for a type that has no business on a stream.
 */
export function* readBody(
	type: number,
	source: ByteSource,
	limits: WireLimits,
	handler: StreamHandler,
	kept: Kept,
): Reading<void> {
	switch (type) {
		case MessageType.ping: {
			const { seqNo, node } = parsePing(yield* source.takeValue(limits.mapBytes));
			return handler.streamPing(seqNo, node);
		}
		case MessageType.ack:
			return handler.streamAck(parseAck(yield* source.takeValue(limits.mapBytes)));
		case MessageType.pushPull:
			return yield* readPushPull(source, limits, handler, kept);
		case MessageType.user:
			return yield* readUser(source, limits, handler);
		case MessageType.error:
			return handler.streamError(parseError(yield* source.takeValue(limits.mapBytes)));
		default:
			throw new WireError('unknown-type', `message type ${type} on a stream`);
	}
}

function* readPushPull(source: ByteSource, limits: WireLimits, handler: StreamHandler, kept: Kept): Reading<void> {
	const header = parsePushPullHeader(yield* source.takeValue(limits.mapBytes));
	atMost(header.nodes, limits.nodes, 'entries in a push/pull');
	atMost(header.userStateBytes, limits.userStateBytes, 'bytes of user state');
	const nodes: PushPullNode[] = [];
	const slab = new Slab();
	let bytes = 0;
	while (nodes.length < header.nodes) {
		const entry = yield* source.takeValue(limits.mapBytes);
		bytes += entry.length;
		atMost(bytes, limits.messageBytes, 'bytes of push/pull');
		nodes.push(parseNode(slab.copy(entry)));
		kept.bytes += entry.length + ENTRY_BYTES;
	}
	const userState = new Uint8Array(yield* source.take(header.userStateBytes));
	kept.bytes = 0;
	handler.pushPull({ join: header.join, nodes, userState });
}

function* readUser(source: ByteSource, limits: WireLimits, handler: StreamHandler): Reading<void> {
	const length = parseUserHeader(yield* source.takeValue(limits.mapBytes));
	atMost(length, limits.userMessageBytes, 'bytes of user message');
	const body = new Uint8Array(yield* source.take(length));
	// memberlist does not tell the application of an empty one either.
	if (length > 0) handler.streamUser(body);
}

/** Copies side by side in larger blocks: a block of its own for each short entry costs more than to parse it. */
class Slab {
	#block: Uint8Array = EMPTY;
	#used = 0;

	copy(bytes: Uint8Array): Uint8Array {
		if (this.#used + bytes.length > this.#block.length) {
			this.#block = new Uint8Array(Math.max(SLAB_BYTES, bytes.length));
			this.#used = 0;
		}
		const start = this.#used;
		this.#used += bytes.length;
		this.#block.set(bytes, start);
		return this.#block.subarray(start, this.#used);
	}
}

function atMost(value: number, limit: number, what: string): void {
	if (value > limit) throw new WireError('too-large', `${value} ${what}; at most ${limit} are read`);
}

/** Calls `read` with the index in `names` for each field that is known, with `reader` before its value. */
function eachField(map: Uint8Array, names: readonly Uint8Array[], read: (field: number) => void): void {
	reader.reset(map);
	let field = -1;
	for (let left = reader.mapHeader(); left > 0; left--) {
		field = reader.key(names, field + 1);
		read(field);
	}
}

function parsePing(map: Uint8Array): { seqNo: number; node: Uint8Array } {
	const ping = { seqNo: 0, node: EMPTY };
	eachField(map, PING, (field) => {
		if (field === 0) ping.node = new Uint8Array(reader.view());
		else if (field === 1) ping.seqNo = reader.uint32();
		else reader.skip();
	});
	return ping;
}

function parseAck(map: Uint8Array): number {
	let seqNo = 0;
	eachField(map, ACK, (field) => {
		if (field === 1) seqNo = reader.uint32();
		else reader.skip();
	});
	return seqNo;
}

function parseError(map: Uint8Array): string {
	let text = '';
	eachField(map, ERROR, (field) => {
		if (field === 0) text = utf8Text(reader.view());
		else reader.skip();
	});
	return text;
}

function parseUserHeader(map: Uint8Array): number {
	let length = 0;
	eachField(map, USER_HEADER, (field) => {
		if (field === 0) length = reader.uint();
		else reader.skip();
	});
	return length;
}

function parsePushPullHeader(map: Uint8Array): { join: boolean; nodes: number; userStateBytes: number } {
	const header = { join: false, nodes: 0, userStateBytes: 0 };
	eachField(map, PUSH_PULL_HEADER, (field) => {
		if (field === 0) header.join = reader.bool();
		else if (field === 1) header.nodes = reader.uint();
		else if (field === 2) header.userStateBytes = reader.uint();
		else reader.skip();
	});
	return header;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The fields are views on `entry`. */
function parseNode(entry: Uint8Array): PushPullNode {
	const node: Writable<PushPullNode> = {
		name: EMPTY,
		addr: EMPTY,
		port: 0,
		meta: EMPTY,
		vsn: EMPTY,
		incarnation: 0,
		state: 0,
	};
	eachField(entry, PUSH_PULL_NODE, (field) => {
		switch (field) {
			case 0:
				node.addr = reader.view();
				break;
			case 1:
				node.incarnation = reader.uint32();
				break;
			case 2:
				node.meta = reader.view();
				break;
			case 3:
				node.name = reader.view();
				break;
			case 4:
				node.port = reader.uint16();
				break;
			case 5:
				node.state = reader.uint();
				break;
			case 6:
				node.vsn = reader.view();
				break;
			default:
				reader.skip();
		}
	});
	return node;
}
