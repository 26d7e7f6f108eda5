// Reads packets for the checkers with the real codec: what they tell about members, and what is wrong with them.

import { type Address, type Alive, type Codec, ipText, type PacketHandler, utf8Text } from '../../swim/index.ts';
import { createCodec } from '../../wire/index.ts';

/** An alive message outside a state transfer. */
export interface AliveNews {
	readonly name: string;
	readonly incarnation: number;
	readonly address: Address;
}

export interface PacketContents {
	/** Alive, suspect and dead messages outside pages of a state transfer. */
	updates: number;
	readonly alives: AliveNews[];
	/** Sequence numbers of pings. */
	readonly pings: number[];
	readonly rejected: string[];
}

/** One reader for all hosts: simulated packets are neither labelled nor encrypted. */
export class PacketWatch {
	readonly #codec: Codec = createCodec({ packetBytes: 1_400 });
	#contents: PacketContents = { updates: 0, alives: [], pings: [], rejected: [] };
	#inPage = false;
	readonly #handler: PacketHandler = this.#makeHandler();

	read(bytes: Uint8Array): PacketContents {
		this.#contents = { updates: 0, alives: [], pings: [], rejected: [] };
		this.#inPage = false;
		this.#codec.readPacket(bytes, this.#handler);
		return this.#contents;
	}

	#makeHandler(): PacketHandler {
		const nothing = (): void => undefined;
		const update = (): void => {
			if (!this.#inPage) this.#contents.updates++;
		};
		return {
			ping: ({ seqNo }) => this.#contents.pings.push(seqNo),
			indirectPing: nothing,
			ack: nothing,
			nack: nothing,
			user: nothing,
			syncRequest: nothing,
			suspect: update,
			dead: update,
			alive: (message) => {
				update();
				if (!this.#inPage) this.#alive(message);
			},
			syncPage: () => {
				this.#inPage = true;
			},
			syncPageEnd: () => {
				this.#inPage = false;
			},
			beacon: nothing,
			rejected: (code, detail) => this.#contents.rejected.push(`${code}: ${detail}`),
		};
	}

	#alive(message: Alive): void {
		this.#contents.alives.push({
			name: utf8Text(message.node.view()),
			incarnation: message.incarnation,
			address: { host: ipText(message.addr.view()) ?? '', port: message.port },
		});
	}
}
