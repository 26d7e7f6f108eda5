// Writes the messages of streams: plain, compressed, encrypted, labelled, from the inside out (wire spec §6).

import { MessageType, type PushPull, type PushPullNode, utf8 } from '../swim/index.ts';
import { wrapCompressed } from './compression.ts';
import { ACK, ERROR, PING, PUSH_PULL_HEADER, PUSH_PULL_NODE, USER_HEADER } from './fields.ts';
import { sealFrame } from './frame.ts';
import { labelBytes, labelHeader } from './label.ts';
import { MsgpackWriter } from './msgpack-writer.ts';
import type { StreamOptions, StreamRole } from './stream-options.ts';

/** A ping; over a stream the answer needs no source, it goes back where the ping came from. */
export function streamPing(options: StreamOptions, role: StreamRole, seqNo: number, node: Uint8Array): Uint8Array {
	const writer = message(MessageType.ping);
	writer.mapHeader(2);
	writer.raw(PING[0]!);
	writer.str(node);
	writer.raw(PING[1]!);
	writer.uint(seqNo);
	return layered(options, role, writer);
}

/** The answer to a ping. Its payload is always nil on a stream. */
export function streamAck(options: StreamOptions, role: StreamRole, seqNo: number): Uint8Array {
	const writer = message(MessageType.ack);
	writer.mapHeader(2);
	writer.raw(ACK[0]!);
	writer.nil();
	writer.raw(ACK[1]!);
	writer.uint(seqNo);
	return layered(options, role, writer);
}

/** The whole state of one side: header, entries, then the application's state as it is. */
export function streamPushPull(options: StreamOptions, role: StreamRole, state: PushPull): Uint8Array {
	const writer = message(MessageType.pushPull, 64 + state.nodes.length * 128 + state.userState.length);
	writer.mapHeader(3);
	writer.raw(PUSH_PULL_HEADER[0]!);
	writer.bool(state.join);
	writer.raw(PUSH_PULL_HEADER[1]!);
	writer.uint(state.nodes.length);
	writer.raw(PUSH_PULL_HEADER[2]!);
	writer.uint(state.userState.length);
	for (const node of state.nodes) writeNode(writer, node);
	writer.raw(state.userState);
	return layered(options, role, writer);
}

/** An application message. memberlist ignores an empty one. */
export function streamUser(options: StreamOptions, role: StreamRole, body: Uint8Array): Uint8Array {
	const writer = message(MessageType.user, 32 + body.length);
	writer.mapHeader(1);
	writer.raw(USER_HEADER[0]!);
	writer.uint(body.length);
	writer.raw(body);
	return layered(options, role, writer);
}

/** Why the peer's stream was refused. */
export function streamError(options: StreamOptions, role: StreamRole, text: string): Uint8Array {
	const writer = message(MessageType.error);
	writer.mapHeader(1);
	writer.raw(ERROR[0]!);
	writer.str(utf8(text));
	return layered(options, role, writer);
}

function message(type: number, bytes = 128): MsgpackWriter {
	const writer = new MsgpackWriter(bytes);
	writer.byte(type);
	return writer;
}

function writeNode(writer: MsgpackWriter, node: PushPullNode): void {
	writer.mapHeader(7);
	writer.raw(PUSH_PULL_NODE[0]!);
	writer.str(node.addr);
	writer.raw(PUSH_PULL_NODE[1]!);
	writer.uint(node.incarnation);
	writer.raw(PUSH_PULL_NODE[2]!);
	// Go tells nil from empty; to a reader both are no Meta, and nil is what memberlist itself sends.
	if (node.meta.length === 0) writer.nil();
	else writer.str(node.meta);
	writer.raw(PUSH_PULL_NODE[3]!);
	writer.str(node.name);
	writer.raw(PUSH_PULL_NODE[4]!);
	writer.uint(node.port);
	writer.raw(PUSH_PULL_NODE[5]!);
	writer.uint(node.state);
	writer.raw(PUSH_PULL_NODE[6]!);
	writer.str(node.vsn);
}

function layered(options: StreamOptions, role: StreamRole, writer: MsgpackWriter): Uint8Array {
	const label = labelBytes(options.label);
	const plain = writer.bytes.subarray(0, writer.at);
	// memberlist compresses every stream message when compression is on, even one that grows.
	const packed = options.compress ? wrapCompressed(plain) : plain;
	const keyring = options.verifyOutgoing ? options.keyring : undefined;
	const framed = keyring === undefined ? packed : sealFrame(packed, keyring, label);
	if (role === 'listener' || label.length === 0) return framed;
	const header = labelHeader(label);
	const labelled = new Uint8Array(header.length + framed.length);
	labelled.set(header);
	labelled.set(framed, header.length);
	return labelled;
}
