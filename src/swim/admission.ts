// Who may take part: an allow list of networks, and one of names. What stands in neither is refused before it is read.

import { ipBytes } from './address.ts';
import { utf8Text } from './bytes.ts';

/** Verdicts that are remembered by the text of the host: each packet asks, and most come from the same few. */
const REMEMBERED_HOSTS = 4_096;
const MAPPED_PREFIX_BITS = 96;

interface Network {
	/** 4 or 16 bytes. */
	readonly bytes: Uint8Array;
	readonly bits: number;
}

/** The allow lists of one node. */
export class Admission {
	readonly #networks: readonly Network[];
	readonly #names: readonly string[];
	readonly #verdicts = new Map<string, boolean>();

	/**
	 * An empty list allows everybody. Networks as in `10.0.0.0/8`, `fd00::/8`, or one bare address; names with `*` for any
	 * run of characters and `?` for one.
	 * @throws {RangeError} naming the entry that is no network.
	 */
	constructor(networks: readonly string[], names: readonly string[]) {
		this.#networks = networks.map(parseNetwork);
		this.#names = names;
	}

	/** Whether packets and streams of this host are taken, and members at it. `host` is an IP literal. */
	allowsHost(host: string): boolean {
		if (this.#networks.length === 0) return true;
		const remembered = this.#verdicts.get(host);
		if (remembered !== undefined) return remembered;
		const bytes = ipBytes(host);
		const verdict = bytes !== undefined && this.allowsAddress(bytes);
		if (this.#verdicts.size >= REMEMBERED_HOSTS) this.#verdicts.clear();
		this.#verdicts.set(host, verdict);
		return verdict;
	}

	/** The same for an address of 4 or 16 bytes. */
	allowsAddress(address: Uint8Array): boolean {
		if (this.#networks.length === 0) return true;
		const bytes = unmapped(address);
		return this.#networks.some((network) => contains(network, bytes));
	}

	/** Whether a member of this name may be known. */
	allowsName(name: Uint8Array): boolean {
		if (this.#names.length === 0) return true;
		const text = [...utf8Text(name)];
		return this.#names.some((pattern) => matches([...pattern], text));
	}
}

/** @throws {RangeError} */
function parseNetwork(text: string): Network {
	const [, host = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
	const bytes = ipBytes(host);
	const bits = prefix === undefined ? (bytes?.length ?? 0) * 8 : Number(prefix);
	if (bytes === undefined || bits > bytes.length * 8) {
		throw new RangeError(`${JSON.stringify(text)} is no network; wanted is one such as 10.0.0.0/8 or fd00::/8`);
	}
	const plain = unmapped(bytes);
	if (plain.length === bytes.length) return { bytes, bits };
	// ::ffff:10.0.0.0/104 is 10.0.0.0/8: whoever is in it is known by that address.
	return { bytes: plain, bits: Math.max(0, bits - MAPPED_PREFIX_BITS) };
}

/** An IPv4 address mapped into IPv6 (RFC 4291 §2.5.5.2) as the 4 bytes that it stands for. */
function unmapped(bytes: Uint8Array): Uint8Array {
	if (bytes.length !== 16 || bytes[10] !== 0xff || bytes[11] !== 0xff) return bytes;
	for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return bytes;
	return bytes.subarray(12);
}

function contains({ bytes, bits }: Network, address: Uint8Array): boolean {
	if (address.length !== bytes.length) return false;
	const whole = bits >> 3;
	for (let i = 0; i < whole; i++) if (address[i] !== bytes[i]) return false;
	const rest = bits & 7;
	return rest === 0 || (address[whole]! ^ bytes[whole]!) >> (8 - rest) === 0;
}

/** Goes back to the last `*` alone when a character does not fit, so no pattern takes longer than pattern times name. */
function matches(pattern: readonly string[], text: readonly string[]): boolean {
	let p = 0;
	let star = -1;
	let resumeAt = 0;
	for (let t = 0; t < text.length; ) {
		if (pattern[p] === '*') {
			star = p++;
			resumeAt = t;
		} else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
			p++;
			t++;
		} else if (star >= 0) {
			p = star + 1;
			t = ++resumeAt;
		} else return false;
	}
	while (pattern[p] === '*') p++;
	return p === pattern.length;
}
