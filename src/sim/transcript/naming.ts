// Names and numbers of a transcript: relative to the run, so that a line stays the same when something before it changes.

import { type Address, type Codec, formatAddress, type Member, type PacketHandler } from '../../swim/index.ts';
import type { Naming } from '../describe.ts';
import type { SimHost } from '../host.ts';

/**
 * Nodes by name, a second process of a name or one at another address as `name@ip`; sequence numbers counted
 * from each process's first ping; incarnations from the first start of the name; views and exchanges numbered
 * as they appear.
 */
export class RelativeNaming implements Naming {
	readonly #places = new Map<string, string>();
	readonly #homes = new Map<string, string>();
	readonly #firstSeqNo = new Map<string, number>();
	readonly #firstIncarnation = new Map<string, number>();
	readonly #views = new Map<string, number>();
	readonly #exchanges = new Map<number, number>();

	/** Gives the host its place; its sequence numbers count from the start again. */
	started({ name, address }: SimHost): string {
		const key = formatAddress(address);
		const home = this.#homes.get(name) ?? key;
		this.#homes.set(name, home);
		const place = home === key ? name : `${name}@${address.host}`;
		this.#places.set(key, place);
		this.#firstSeqNo.delete(place);
		return place;
	}

	/** A node told that it has started: the incarnation of the first one of a name is its +0. */
	born({ name, incarnation }: Member): void {
		if (!this.#firstIncarnation.has(name)) this.#firstIncarnation.set(name, incarnation);
	}

	/** Has to see every packet, until it has seen the sender's first number. */
	sent(from: string, bytes: Uint8Array, codec: Codec): void {
		if (this.#firstSeqNo.has(from)) return;
		codec.readPacket(bytes, {
			...IGNORE,
			ping: ({ seqNo }) => this.#firstSeqNo.set(from, seqNo),
		});
	}

	place(address: Address): string {
		return this.#places.get(formatAddress(address)) ?? formatAddress(address);
	}

	seqNo(owner: string, seqNo: number): string {
		const first = this.#firstSeqNo.get(owner);
		return first === undefined ? `#${seqNo}` : `#${((seqNo - first) >>> 0) + 1}`;
	}

	member(name: string, incarnation: number): string {
		const first = this.#firstIncarnation.get(name);
		if (first === undefined) return `${name}@${incarnation}`;
		return incarnation < first ? `${name}-${first - incarnation}` : `${name}+${incarnation - first}`;
	}

	/** The inverse of {@link member}; undefined when the text names no member that has started. */
	parseMember(text: string): { readonly name: string; readonly incarnation: number } | undefined {
		const match = /^(.+?)([+-]\d+)$/.exec(text);
		if (!match) return undefined;
		const first = this.#firstIncarnation.get(match[1]!);
		return first === undefined ? undefined : { name: match[1]!, incarnation: first + Number(match[2]) };
	}

	view(a: number, b: number): string {
		return String(ordinal(this.#views, `${a} ${b}`));
	}

	exchange(nonce: number): string {
		return `(exchange ${ordinal(this.#exchanges, nonce)})`;
	}
}

function ordinal<Key>(seen: Map<Key, number>, key: Key): number {
	const known = seen.get(key) ?? seen.size + 1;
	seen.set(key, known);
	return known;
}

const ignore = (): void => undefined;
const IGNORE: PacketHandler = {
	ping: ignore,
	indirectPing: ignore,
	ack: ignore,
	nack: ignore,
	alive: ignore,
	suspect: ignore,
	dead: ignore,
	user: ignore,
	syncRequest: ignore,
	syncPage: ignore,
	syncPageEnd: ignore,
	beacon: ignore,
	rejected: ignore,
};
