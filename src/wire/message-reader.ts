// Decodes each packet message into a holder that is filled again for the next one (wire spec §4).

import { Accusation, Ack, Alive, ByteRange, IndirectPing, Nack, Ping } from '../swim/index.ts';
import { ACCUSATION, ACK, ALIVE, INDIRECT_PING, NACK, PING } from './fields.ts';
import { EXTENSION_BYTES } from './message-writer.ts';
import { MsgpackReader } from './msgpack-reader.ts';
import { PackedNames } from './packed-names.ts';

const packedPing = new PackedNames(PING);
const packedIndirectPing = new PackedNames(INDIRECT_PING);
const packedAck = new PackedNames(ACK);
const packedAccusation = new PackedNames(ACCUSATION);
const packedAlive = new PackedNames(ALIVE);

/**
 * The reader of message bodies, from behind the type byte. Keys may come in any order, missing ones
 * leave the zero value, unknown ones are passed over, and bytes after the map are ignored: all as
 * memberlist does. Lengths of names, addresses, Meta and Vsn are the machine's to judge.
 *
 * Each method fills the holder of its message, with ranges in the given bytes.
 * @throws {WireError} `truncated`, `bad-field` or `bad-msgpack`; the holder is then half filled.
 */
export class MessageReader {
	readonly ping: Ping = new Ping();
	readonly indirectPing: IndirectPing = new IndirectPing();
	readonly ack: Ack = new Ack();
	readonly nack: Nack = new Nack();
	/** Suspect and dead have the same fields. */
	readonly accusation: Accusation = new Accusation();
	readonly alive: Alive = new Alive();
	readonly #extension: ByteRange = new ByteRange();
	readonly #reader: MsgpackReader = new MsgpackReader();

	readPing(bytes: Uint8Array, start: number, end: number): void {
		const r = this.#reader;
		const message = this.ping;
		message.seqNo = 0;
		empty(message.node);
		empty(message.sourceAddr);
		message.sourcePort = 0;
		empty(message.sourceNode);
		message.extension = message.digestA = message.digestB = 0;
		r.reset(bytes, start, end);
		let field = -1;
		for (let entries = r.mapHeader(); entries > 0; entries--) {
			field = r.field(packedPing, field + 1);
			if (field === 0) r.range(message.node);
			else if (field === 1) message.seqNo = r.uint32();
			else if (field === 2) r.range(message.sourceAddr);
			else if (field === 3) r.range(message.sourceNode);
			else if (field === 4) message.sourcePort = r.uint16();
			else if (field === 5) this.#readExtension(message);
			else r.skip();
		}
	}

	readIndirectPing(bytes: Uint8Array, start: number, end: number): void {
		const r = this.#reader;
		const message = this.indirectPing;
		message.seqNo = 0;
		empty(message.target);
		message.port = 0;
		empty(message.node);
		message.nack = false;
		empty(message.sourceAddr);
		message.sourcePort = 0;
		empty(message.sourceNode);
		r.reset(bytes, start, end);
		let field = -1;
		for (let entries = r.mapHeader(); entries > 0; entries--) {
			field = r.field(packedIndirectPing, field + 1);
			if (field === 0) message.nack = r.bool();
			else if (field === 1) r.range(message.node);
			else if (field === 2) message.port = r.uint16();
			else if (field === 3) message.seqNo = r.uint32();
			else if (field === 4) r.range(message.sourceAddr);
			else if (field === 5) r.range(message.sourceNode);
			else if (field === 6) message.sourcePort = r.uint16();
			else if (field === 7) r.range(message.target);
			else r.skip();
		}
	}

	readAck(bytes: Uint8Array, start: number, end: number): void {
		const r = this.#reader;
		const message = this.ack;
		message.seqNo = 0;
		empty(message.payload);
		message.extension = message.digestA = message.digestB = 0;
		r.reset(bytes, start, end);
		let field = -1;
		for (let entries = r.mapHeader(); entries > 0; entries--) {
			field = r.field(packedAck, field + 1);
			if (field === 0) r.range(message.payload);
			else if (field === 1) message.seqNo = r.uint32();
			else if (field === 2) this.#readExtension(message);
			else r.skip();
		}
	}

	readNack(bytes: Uint8Array, start: number, end: number): void {
		const r = this.#reader;
		const message = this.nack;
		message.seqNo = 0;
		r.reset(bytes, start, end);
		for (let entries = r.mapHeader(); entries > 0; entries--) {
			if (r.key(NACK, 0) === 0) message.seqNo = r.uint32();
			else r.skip();
		}
	}

	readAccusation(bytes: Uint8Array, start: number, end: number): void {
		const r = this.#reader;
		const message = this.accusation;
		message.incarnation = 0;
		empty(message.node);
		empty(message.from);
		r.reset(bytes, start, end);
		let field = -1;
		for (let entries = r.mapHeader(); entries > 0; entries--) {
			field = r.field(packedAccusation, field + 1);
			if (field === 0) r.range(message.from);
			else if (field === 1) message.incarnation = r.uint32();
			else if (field === 2) r.range(message.node);
			else r.skip();
		}
	}

	readAlive(bytes: Uint8Array, start: number, end: number): void {
		const r = this.#reader;
		const message = this.alive;
		message.incarnation = 0;
		empty(message.node);
		empty(message.addr);
		message.port = 0;
		empty(message.meta);
		empty(message.vsn);
		r.reset(bytes, start, end);
		let field = -1;
		for (let entries = r.mapHeader(); entries > 0; entries--) {
			field = r.field(packedAlive, field + 1);
			if (field === 0) r.range(message.addr);
			else if (field === 1) message.incarnation = r.uint32();
			else if (field === 2) r.range(message.meta);
			else if (field === 3) r.range(message.node);
			else if (field === 4) message.port = r.uint16();
			else if (field === 5) r.range(message.vsn);
			else r.skip();
		}
	}

	/**
	 * The value of `lb`: a version byte, then the view digest. A value that is empty or of version 0
	 * says nothing; one of another length is of a later version, whose digest we do not know.
	 */
	#readExtension(message: Ping | Ack): void {
		const value = this.#extension;
		const r = this.#reader;
		r.range(value);
		const end = r.at;
		message.extension = value.length === 0 ? 0 : (value.bytes[value.start] as number);
		message.digestA = message.digestB = 0;
		if (message.extension === 0 || value.length !== EXTENSION_BYTES) return;
		r.at = value.start + 1;
		message.digestA = r.bigEndian(4);
		message.digestB = r.bigEndian(4);
		r.at = end;
	}
}

// Without the write barrier of storing another buffer in a holder, as `clear` does: the old one stays until the next message.
function empty(range: ByteRange): void {
	range.start = range.end = 0;
}
