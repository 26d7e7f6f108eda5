// One anti-entropy round between two machines, byte by byte: views that agree, and views that differ in so many members (X2, X3).

import {
	type Address,
	type Codec,
	EXTENSION_TAG,
	EXTENSION_VERSION,
	type Identity,
	IdentityPool,
	ipBytes,
	KnownMembers,
	Memberlist,
	type Output,
	type PacketHandler,
	resolveConfig,
	seededRandom,
	utf8,
} from '../../src/swim/index.ts';
import { createCodec } from '../../src/wire/index.ts';

/** Who knows better: the one who asks for the exchange or the one who is asked; and in what. */
export interface Difference {
	readonly newer: 'asker' | 'asked';
	/** The tags of members have changed, or members have come that the other side does not know. */
	readonly what: 'changed' | 'unknown';
	readonly members: number;
}

/** UDP payload of all packets of a round, in both directions. */
export interface RoundBytes {
	/** Pings and acks, which carry the digests. */
	readonly digests: number;
	/** Requests, which carry the sums of all buckets and a cursor. */
	readonly buckets: number;
	/** What the asked side answers out of the buckets that differ. */
	readonly pages: number;
	/** What the asker hands back. */
	readonly handedBack: number;
	readonly total: number;
	/** Exchanges until the views were equal. */
	readonly exchanges: number;
}

type Plane = Exclude<keyof RoundBytes, 'total' | 'exchanges'>;

const EXCHANGES_MOST = 32;
/** A node says of itself what it has to say in so many of its first packets, at most. */
const NEWS_PACKETS = 64;
const INCARNATION = 200_000_000;

/** Bytes of the ping and the ack by which two of `members` members see that their views agree. */
export function agreeingRound(members: number): number {
	const pair = new Pair(members, { newer: 'asked', what: 'changed', members: 0 });
	return pair.probe();
}

/** Bytes of all that two of `members` members say to each other until their views are equal. */
export function differingRound(members: number, difference: Difference): RoundBytes {
	return new Pair(members, difference).reconcile();
}

class Pair {
	readonly #codec: Codec = createCodec({ packetBytes: 1_400 });
	readonly #pool = new IdentityPool((meta) => this.#codec.decodeTags(meta));
	#now = 0;
	readonly #asker: Memberlist;
	readonly #asked: Memberlist;
	readonly #bytes: Record<Plane, number> = { digests: 0, buckets: 0, pages: 0, handedBack: 0 };

	constructor(members: number, difference: Difference) {
		const older = { ...difference, members: 0 };
		this.#asker = this.#start(0, members, difference.newer === 'asker' ? difference : older, difference);
		this.#asked = this.#start(1, members, difference.newer === 'asked' ? difference : older, difference);
	}

	/** A probe at rest: nobody has news any more. */
	probe(): number {
		const { a, b } = this.#asker.digest;
		const other = this.#asked.digest;
		if (a !== other.a || b !== other.b) throw new Error('the views do not agree');
		let acked = 0;
		let pinged = 0;
		for (let seqNo = 1; seqNo <= NEWS_PACKETS; seqNo++) {
			const packet = this.#codec.packet();
			packet.ping(seqNo, utf8(nameOf(1)), { a, b });
			const bytes = packet.finish({ crc: false });
			pinged = bytes.length;
			const answers = this.#asked.step(0, { type: 'packet', from: addressOf(0), bytes });
			acked = sum(answers.map((output) => (output.type === 'packet' ? output.bytes.length : 0)));
		}
		return pinged + acked;
	}

	reconcile(): RoundBytes {
		let exchanges = 0;
		do {
			if (++exchanges > EXCHANGES_MOST) throw new Error(`the views differ after ${EXCHANGES_MOST} exchanges`);
			this.#exchange(exchanges);
		} while (!this.#isEqual());
		return { ...this.#bytes, total: sum(Object.values(this.#bytes)), exchanges };
	}

	#isEqual(): boolean {
		const [one, other] = [this.#asker.digest, this.#asked.digest];
		return one.a === other.a && one.b === other.b;
	}

	/** Every packet arrives at once; the clock goes on only where the asker waits for its timer. */
	#exchange(id: number): void {
		let outputs = this.#asker.step(this.#now, { type: 'join', id, addresses: [addressOf(1)] });
		for (;;) {
			const isOver = outputs.some((output) => output.type === 'settled') || this.#converse(packetsOf(outputs, 1));
			if (isOver) return;
			this.#now = this.#asker.deadline;
			outputs = this.#asker.step(this.#now, { type: 'timeout' });
		}
	}

	/** Delivers what one says and the other answers, until nobody has anything to say; true when the asker is content. */
	#converse(first: readonly Uint8Array[]): boolean {
		let isOver = false;
		let to: 0 | 1 = 1;
		for (let pending = first; pending.length > 0; ) {
			const machine = to === 0 ? this.#asker : this.#asked;
			const from = addressOf(1 - to);
			const answers: Uint8Array[] = [];
			for (const bytes of pending) {
				const plane = this.#planeOf(bytes);
				if (plane) this.#bytes[plane] += bytes.length;
				const said = machine.step(this.#now, { type: 'packet', from, bytes });
				answers.push(...packetsOf(said, to === 0 ? 1 : 0));
				isOver ||= said.some((output) => output.type === 'settled');
			}
			pending = answers;
			to = to === 0 ? 1 : 0;
		}
		return isOver;
	}

	/** Undefined: gossip, which is no part of the exchange. */
	#planeOf(bytes: Uint8Array): Plane | undefined {
		let plane: Plane | undefined;
		const ignore = (): void => undefined;
		const handler: PacketHandler = {
			ping: () => {
				plane = 'digests';
			},
			indirectPing: ignore,
			ack: () => {
				plane = 'digests';
			},
			nack: ignore,
			alive: ignore,
			suspect: ignore,
			dead: ignore,
			user: ignore,
			syncRequest: () => {
				plane = 'buckets';
			},
			syncPage: ({ push }) => {
				plane = push ? 'handedBack' : 'pages';
			},
			syncPageEnd: ignore,
			beacon: ignore,
			rejected: (code, detail) => {
				throw new Error(`${code}: ${detail}`);
			},
		};
		this.#codec.readPacket(bytes, handler);
		return plane;
	}

	/** `own`: what this side knows better; `all`: what either does, by which members are numbered. */
	#start(index: number, members: number, own: Difference, all: Difference): Memberlist {
		const known = new KnownMembers();
		for (let i = 0; i < members; i++) {
			const isDisputed = i >= members - all.members;
			const knowsBetter = isDisputed && own.members > 0;
			if (isDisputed && all.what === 'unknown' && !knowsBetter) continue;
			const isChanged = knowsBetter && all.what === 'changed';
			known.add(this.#identity(i, isChanged), INCARNATION + (isChanged ? 1 : 0));
		}
		const config = resolveConfig({ name: nameOf(index), streams: false });
		const machine = new Memberlist({ config, codec: this.#codec, random: seededRandom(index), identities: this.#pool });
		machine.step(0, { type: 'start', advertise: addressOf(index), incarnation: INCARNATION, known });
		return machine;
	}

	#identity(index: number, isChanged: boolean): Identity {
		const { host, port } = addressOf(index);
		const tags = { [EXTENSION_TAG]: String(EXTENSION_VERSION), ...(isChanged && { zone: 'b' }) };
		return this.#pool.identity({
			name: utf8(nameOf(index)),
			addr: ipBytes(host)!,
			port,
			meta: this.#codec.encodeTags(tags),
			vsn: Uint8Array.from(resolveConfig({ name: 'any' }).vsn),
		});
	}
}

function nameOf(index: number): string {
	return `node-${index}`;
}

function addressOf(index: number): Address {
	const n = index + 1;
	return { host: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`, port: 7946 };
}

function packetsOf(outputs: readonly Output[], to: number): Uint8Array[] {
	const { host } = addressOf(to);
	return outputs.flatMap((output) => (output.type === 'packet' && output.to.host === host ? output.bytes : []));
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
