// A packet handler that writes down what it is called with, in memberlist's words.

import type {
	Accusation,
	Ack,
	Alive,
	BeaconMessage,
	ByteRange,
	IndirectPing,
	Nack,
	PacketHandler,
	Ping,
	RejectCode,
	SyncPage,
	SyncRequest,
} from '../../src/swim/index.ts';

export interface PacketMessage {
	readonly type: string;
	/** Names are text, all other byte strings hex. */
	readonly fields: Readonly<Record<string, unknown>>;
}

export class RecordedPacket implements PacketHandler {
	readonly messages: PacketMessage[] = [];
	readonly rejects: { readonly code: RejectCode; readonly detail: string }[] = [];

	ping(message: Ping): void {
		this.#add('ping', {
			Node: message.node.text(),
			SeqNo: message.seqNo,
			SourceAddr: hex(message.sourceAddr),
			SourceNode: message.sourceNode.text(),
			SourcePort: message.sourcePort,
			...extension(message),
		});
	}

	indirectPing(message: IndirectPing): void {
		this.#add('indirectPing', {
			Nack: message.nack,
			Node: message.node.text(),
			Port: message.port,
			SeqNo: message.seqNo,
			SourceAddr: hex(message.sourceAddr),
			SourceNode: message.sourceNode.text(),
			SourcePort: message.sourcePort,
			Target: hex(message.target),
		});
	}

	ack(message: Ack): void {
		this.#add('ackResp', { Payload: hex(message.payload), SeqNo: message.seqNo, ...extension(message) });
	}

	nack(message: Nack): void {
		this.#add('nackResp', { SeqNo: message.seqNo });
	}

	alive(message: Alive): void {
		this.#add('alive', {
			Addr: hex(message.addr),
			Incarnation: message.incarnation,
			Meta: hex(message.meta),
			Node: message.node.text(),
			Port: message.port,
			Vsn: hex(message.vsn),
		});
	}

	suspect(message: Accusation): void {
		this.#add('suspect', accusation(message));
	}

	dead(message: Accusation): void {
		this.#add('dead', accusation(message));
	}

	user(body: ByteRange): void {
		this.#add('user', { body: hex(body) });
	}

	syncRequest(message: SyncRequest): void {
		const { nonce, cursor, sums, packetBytes } = message;
		this.#add('syncRequest', { nonce, cursor, sums: [...sums], packetBytes });
	}

	syncPage(message: SyncPage): void {
		this.#add('syncPage', page(message));
	}

	syncPageEnd(message: SyncPage): void {
		this.#add('syncPageEnd', page(message));
	}

	beacon({ number, ageMs }: BeaconMessage): void {
		this.#add('beacon', { number, ageMs });
	}

	rejected(code: RejectCode, detail: string): void {
		this.rejects.push({ code, detail });
	}

	get codes(): RejectCode[] {
		return this.rejects.map((reject) => reject.code);
	}

	#add(type: string, fields: PacketMessage['fields']): void {
		this.messages.push({ type, fields });
	}
}

function hex(range: ByteRange): string {
	return Buffer.from(range.view()).toString('hex');
}

function accusation(message: Accusation): PacketMessage['fields'] {
	return { From: message.from.text(), Incarnation: message.incarnation, Node: message.node.text() };
}

function extension(message: Ping | Ack): PacketMessage['fields'] {
	if (message.extension === 0) return {};
	return { lb: { version: message.extension, a: message.digestA, b: message.digestB } };
}

function page(message: SyncPage): PacketMessage['fields'] {
	return { nonce: message.nonce, differs: hex(message.differs), end: message.end, push: message.push };
}
