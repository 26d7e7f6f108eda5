// Somebody on the network of a test world who is no member: hand-made packets out, decoded packets in.

import {
	type Address,
	type Codec,
	EXTENSION_TAG,
	type Identity,
	IdentityPool,
	ipBytes,
	type PacketWriter,
	utf8,
} from '../../src/swim/index.ts';
import { type CodecOptions, createCodec } from '../../src/wire/index.ts';
import { type PacketMessage, RecordedPacket } from './recorded-packet.ts';
import type { Host, Sent, World } from './world.ts';

export interface Claim {
	readonly name: string;
	readonly incarnation: number;
	readonly address?: Address;
	readonly tags?: Readonly<Record<string, string>>;
	/** Default: what our own nodes say. */
	readonly vsn?: readonly number[];
}

export const STRANGER: Address = { host: '10.66.6.6', port: 6_666 };
/** Where nobody listens. */
export const NOWHERE: Address = { host: '10.99.0.1', port: 7_946 };

export class Stranger {
	readonly codec: Codec;
	readonly #world: World;
	readonly #identities: IdentityPool;

	constructor(world: World, wire: Partial<CodecOptions> = {}) {
		this.#world = world;
		this.codec = createCodec({ packetBytes: 1_400, ...wire });
		this.#identities = new IdentityPool((meta) => this.codec.decodeTags(meta));
	}

	/** The packet arrives at once. */
	send(to: Host, write: (packet: PacketWriter) => void, from: Address = STRANGER, crc = false): void {
		this.deliver(to, this.packet(write, crc), from);
	}

	deliver(to: Host, bytes: Uint8Array, from: Address = STRANGER): void {
		this.#world.input(to, { type: 'packet', from, bytes });
	}

	packet(write: (packet: PacketWriter) => void, crc = false): Uint8Array {
		const packet = this.codec.packet();
		write(packet);
		return packet.finish({ crc });
	}

	identity(claim: Omit<Claim, 'incarnation'>): Identity {
		const { host, port } = claim.address ?? NOWHERE;
		return this.#identities.identity({
			name: utf8(claim.name),
			addr: ipBytes(host)!,
			port,
			meta: this.codec.encodeTags({ [EXTENSION_TAG]: '1', ...claim.tags }),
			vsn: Uint8Array.from(claim.vsn ?? [1, 5, 2, 0, 0, 0]),
		});
	}

	/** "This member is alive." */
	alive(to: Host, claim: Claim): void {
		this.send(to, (packet) => packet.message(this.codec.alive(this.identity(claim), claim.incarnation)));
	}

	suspect(to: Host, name: string, incarnation: number, by: string): void {
		this.send(to, (packet) => packet.message(this.codec.suspect(utf8(name), incarnation, utf8(by))));
	}

	/** `by` = `name` is a goodbye. */
	dead(to: Host, name: string, incarnation: number, by: string): void {
		this.send(to, (packet) => packet.message(this.codec.dead(utf8(name), incarnation, utf8(by))));
	}
}

const plain = createCodec({ packetBytes: 1_400 });

/** The messages of an unlabelled, unencrypted packet. */
export function messagesOf(bytes: Uint8Array): readonly PacketMessage[] {
	const recorded = new RecordedPacket();
	plain.readPacket(bytes, recorded);
	return recorded.messages;
}

/** Messages of one type among recorded packets, each with its packet. */
export function sentMessages(sent: readonly Sent[], type: string): (Sent & Pick<PacketMessage, 'fields'>)[] {
	return sent.flatMap((each) =>
		messagesOf(each.bytes).flatMap((message) => (message.type === type ? [{ ...each, fields: message.fields }] : [])),
	);
}
