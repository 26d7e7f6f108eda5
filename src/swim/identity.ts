// An identity: what an alive message says of a member, kept once a process however many views hold it.

import { type Address, formatAddress, ipText } from './address.ts';
import { copyBytes, sameBytes, utf8Text } from './bytes.ts';
import { xxHash32 } from './xxhash32.ts';

/** Name, address, meta and versions of one member at one time. Immutable; its byte arrays must never be written. */
export interface Identity {
	/** For display; compare `nameBytes`. */
	readonly name: string;
	readonly nameBytes: Uint8Array;
	readonly nameHash: number;
	readonly address: Address;
	/** The address as text, by which the books of all nodes know it. */
	readonly addressText: string;
	/** As received: the 4-byte and the 16-byte form of one IPv4 address differ to memberlist (wire trap 7). */
	readonly addressBytes: Uint8Array;
	readonly port: number;
	readonly meta: Uint8Array;
	/** pmin, pmax, pcur, dmin, dmax, dcur. */
	readonly vsn: Uint8Array;
	/** The same, as pictures of members show it. */
	readonly protocol: readonly number[];
	readonly tags: Readonly<Record<string, string>>;
	/** Version of our extensions that the member speaks (tag `lb`); 0 = foreign. */
	readonly extension: number;
}

/** A member's word as bytes: name in UTF-8, address of 4 or 16 bytes, Meta, and the six versions of Vsn. */
export interface IdentityFields {
	readonly name: Uint8Array;
	readonly addr: Uint8Array;
	readonly port: number;
	readonly meta: Uint8Array;
	readonly vsn: Uint8Array;
}

/** The tag in Meta by which our own nodes know each other (X14). */
export const EXTENSION_TAG = 'lb';
/** The version of the rules X1 to X17 that this software speaks. */
export const EXTENSION_VERSION = 1;

const POOL_SLOTS = 1 << 15;

/**
 * Makes identities and gives the same object for the same fields while it remembers them. A cache
 * of fixed size: a collision only costs memory, never correctness. Share one among the nodes of a process.
 */
export class IdentityPool {
	readonly #decodeTags: (meta: Uint8Array) => Readonly<Record<string, string>>;
	readonly #slots: (Identity | undefined)[];

	/** `slots`: a power of two. */
	constructor(decodeTags: (meta: Uint8Array) => Readonly<Record<string, string>>, slots: number = POOL_SLOTS) {
		this.#decodeTags = decodeTags;
		this.#slots = new Array(slots);
	}

	/** Fields must have been checked (address of 4 or 16 bytes, 6-byte vsn); they are copied. */
	identity(fields: IdentityFields): Identity {
		const nameHash = xxHash32(fields.name);
		const slot = (nameHash ^ xxHash32(fields.meta, fields.port)) & (this.#slots.length - 1);
		const known = this.#slots[slot];
		if (known && sameIdentity(known, fields)) return known;
		const host = ipText(fields.addr);
		if (host === undefined) throw new RangeError(`address of ${fields.addr.length} bytes`);
		const meta = copyBytes(fields.meta);
		const tags = this.#decodeTags(meta);
		const address = { host, port: fields.port };
		const made: Identity = {
			name: utf8Text(fields.name),
			nameBytes: copyBytes(fields.name),
			nameHash,
			address,
			addressText: formatAddress(address),
			addressBytes: copyBytes(fields.addr),
			port: fields.port,
			meta,
			vsn: copyBytes(fields.vsn),
			protocol: [...fields.vsn],
			tags,
			extension: extensionOf(tags),
		};
		this.#slots[slot] = made;
		return made;
	}
}

export function fieldsOf(identity: Identity): IdentityFields {
	return {
		name: identity.nameBytes,
		addr: identity.addressBytes,
		port: identity.port,
		meta: identity.meta,
		vsn: identity.vsn,
	};
}

/** Whether they say the same, byte for byte. */
export function sameIdentity(identity: Identity, fields: IdentityFields): boolean {
	return (
		identity.port === fields.port &&
		sameBytes(identity.nameBytes, fields.name) &&
		sameBytes(identity.addressBytes, fields.addr) &&
		sameBytes(identity.meta, fields.meta) &&
		sameBytes(identity.vsn, fields.vsn)
	);
}

function extensionOf(tags: Readonly<Record<string, string>>): number {
	const text = tags[EXTENSION_TAG];
	return text !== undefined && /^[1-9]\d?$/.test(text) ? Number(text) : 0;
}
