// News about members: checked, admitted, ordered by the one rule (X4), applied to the view.

import { type Address, ipText, sameAddress } from './address.ts';
import { compareBytes, sameBytes, utf8Text } from './bytes.ts';
import { fieldsOf, type Identity, type IdentityFields } from './identity.ts';
import type { Why } from './io.ts';
import { STATE_NAMES, State, supersedes } from './member.ts';
import { NO_SLOT, type Slot } from './member-table.ts';
import type { Alive } from './message.ts';
import type { Node } from './node.ts';
import type { Accused, Via, View } from './view.ts';

/** What became of a piece of news: `stale` = we hold something newer. */
export type Merged = 'new' | 'known' | 'stale' | 'refused';

/** An accusation with its names resolved: `node` and `from` are slots where they are known. */
interface Verdict {
	readonly slot: Slot;
	readonly name: Uint8Array;
	readonly incarnation: number;
	readonly state: typeof State.suspect | typeof State.dead | typeof State.left;
	readonly from: Uint8Array;
}

const META_BYTES_MAX = 512;
/** A ping to any member must fit the smallest packet. */
const NAME_BYTES_MAX = 255;
/**
 * Incarnations further above our own start are implausible: refutation must always stay possible (X4).
 * Nodes start years apart, so the accused answers to more than others believe, and its answer may be higher still.
 */
const HEADROOM = { accused: 2 ** 30, accusedOurselves: 1.5 * 2 ** 30, alive: 2 ** 31 } as const;

export class Membership {
	readonly #node: Node;
	readonly #view: View;

	constructor(node: Node, view: View) {
		this.#node = node;
		this.#view = view;
	}

	/** An alive message out of a packet. What is known already, nearly all of them, costs a comparison of bytes. */
	hearAlive(message: Alive, via: Via, source: Address | undefined): Merged {
		const { table } = this.#node;
		const slot = table.find(message.node);
		if (slot !== NO_SLOT && slot !== this.#node.self) {
			const known = table.incarnation[slot]!;
			if (message.incarnation < table.payloadIncarnation[slot]!) return 'stale';
			if (
				message.incarnation === known &&
				table.state(slot) === State.alive &&
				saysTheSame(message, table.identity(slot))
			)
				return 'known';
		}
		const fields = {
			name: message.node.view(),
			addr: message.addr.view(),
			port: message.port,
			meta: message.meta.view(),
			vsn: message.vsn.view(),
		};
		return this.alive(fields, message.incarnation, via, source);
	}

	/** Applies an alive message (memberlist state.go: aliveNode, ordered by X4). Copies what it keeps. */
	alive(fields: IdentityFields, incarnation: number, via: Via, source: Address | undefined): Merged {
		const node = this.#node;
		const slot = node.table.findName(fields.name);
		if (!this.#isPlausible(fields, incarnation, source)) return 'refused';
		if (slot === node.self) return this.#aliveAboutUs(fields, incarnation);
		if (slot === NO_SLOT) return this.#aliveUnknown(fields, incarnation, via, source);

		const { table } = node;
		const known = table.identity(slot);
		const knownIncarnation = table.incarnation[slot]!;
		const payloadIncarnation = table.payloadIncarnation[slot]!;
		const newer = incarnation - payloadIncarnation || comparePayload(fields, known);
		if (newer < 0) return 'stale';
		if (newer === 0) return node.isAlive(slot) ? 'known' : 'stale';
		const claimed = addressOf(fields);
		// A foreign member does not outrank itself by starting later, so memberlist's conflict rule holds (X6).
		const contested = !sameAddress(known.address, claimed) && known.extension === 0 && table.isLive(slot);
		// Two payloads at one incarnation: two processes of one name. The greater bytes win everywhere (X4).
		if (contested || incarnation === payloadIncarnation)
			node.emit({ type: 'conflict', name: known.name, held: known.address, claimed, lost: false });
		if (contested) {
			node.ignore('name-conflict');
			return 'refused';
		}
		const identity = node.identities.identity(fields);
		if (!node.isAlive(slot) && incarnation <= knownIncarnation) {
			// The state and the payload are two maxima: the accusation stands, and the word is taken (X4).
			this.#view.adopt(slot, identity, incarnation);
			return 'stale';
		}
		this.#view.revive(slot, identity, incarnation, via);
		return 'new';
	}

	/** Applies a suspect message heard from somebody (memberlist §8.2). */
	suspect(name: Uint8Array, incarnation: number, from: Uint8Array, via: Via, source: Address | undefined): Merged {
		return this.#accuse(
			{ slot: this.#node.table.findName(name), name, incarnation, state: State.suspect, from },
			via,
			source,
		);
	}

	/** Applies a dead message (memberlist §8.3); `from` = `name` is a goodbye. */
	dead(name: Uint8Array, incarnation: number, from: Uint8Array, via: Via, source: Address | undefined): Merged {
		const state = sameBytes(name, from) ? State.left : State.dead;
		return this.#accuse({ slot: this.#node.table.findName(name), name, incarnation, state, from }, via, source);
	}

	/** The incarnation at which we hold the member dead, when that makes an alive at `incarnation` stale. */
	deathThatRefuses(name: Uint8Array, incarnation: number): number | undefined {
		const { table, tombstones, now } = this.#node;
		const slot = table.findName(name);
		if (slot === NO_SLOT) return tombstones.refusing(name, incarnation, now);
		return table.state(slot) === State.dead ? table.incarnation[slot] : undefined;
	}

	/** Our own probe of the member has failed (SWIM §4.2). */
	suspectByProbe(slot: Slot, why: Why): void {
		const { table, config, nameBytes, counters } = this.#node;
		const incarnation = table.incarnation[slot]!;
		if (table.state(slot) === State.suspect) this.#view.confirm(slot, nameBytes, config.name);
		else if (table.state(slot) === State.alive) {
			counters.accusations++;
			this.#view.suspect(slot, { incarnation, from: nameBytes, accuser: config.name, via: 'gossip', why });
		}
	}

	/** Takes a dead member out for everybody, as if it had said goodbye. If it lives after all, it refutes. */
	remove(slot: Slot): void {
		const { table, config } = this.#node;
		const { nameBytes: from } = table.identity(slot);
		const incarnation = table.incarnation[slot]!;
		const why = { code: 'removed' } as const;
		this.#view.bury(slot, State.left, { incarnation, from, accuser: config.name, via: 'gossip', why });
	}

	/** Puts this node itself into the view and announces it. */
	insertSelf(fields: IdentityFields, incarnation: number): void {
		const node = this.#node;
		node.startIncarnation = incarnation;
		node.self = this.#view.insert(node.identities.identity(fields), incarnation, 'gossip', { code: 'started' });
		node.table.seenAt[node.self] = node.now;
	}

	/** Spreads our own alive message, as if it had never been sent. */
	announceSelf(): void {
		const node = this.#node;
		if (node.phase === 'conflicted' || node.phase === 'leaving') return;
		node.queue.update(node.self, node.codec.alive(node.selfIdentity, node.incarnation));
	}

	/** Raises our incarnation above `above` and announces it, with new meta if given. */
	renewSelf(above: number, meta?: Uint8Array): void {
		const node = this.#node;
		const { table } = node;
		const previous = table.snapshot(node.self);
		const incarnation = Math.max(table.incarnation[node.self]!, above) + 1;
		const identity = meta ? node.identities.identity({ ...fieldsOf(node.selfIdentity), meta }) : node.selfIdentity;
		this.#view.replace(node.self, identity, incarnation, incarnation);
		this.announceSelf();
		if (meta) node.emit({ type: 'update', member: table.snapshot(node.self), previous });
	}

	/** Our goodbye: left at the current incarnation. */
	leaveSelf(): void {
		const node = this.#node;
		this.#view.setState(node.self, State.left, { code: 'left' });
		node.queue.update(node.self, node.codec.dead(node.nameBytes, node.incarnation, node.nameBytes));
	}

	/** Nobody answers there any more. If our name was claimed from there and there is nobody else to tell, it is ours again (X6). */
	nobodyAt(address: Address): void {
		const node = this.#node;
		if (node.phase !== 'conflicted' || node.table.live > 1) return;
		if (!node.claim || !sameAddress(node.claim.address, address)) return;
		node.phase = 'running';
		this.#refute(node.claim.incarnation, '');
	}

	#isPlausible(fields: IdentityFields, incarnation: number, source: Address | undefined): boolean {
		const { name, addr, port, meta, vsn } = fields;
		const node = this.#node;
		if (name.length === 0 || name.length > NAME_BYTES_MAX)
			node.reject('bad-field', `name of ${name.length} bytes`, source);
		else if (vsn.length !== 6 || vsn[0] === 0 || vsn[1] === 0 || vsn[0]! > vsn[1]!)
			node.reject('bad-version', `Vsn ${vsn.join(' ')}`, source);
		else if ((addr.length !== 4 && addr.length !== 16) || port === 0)
			node.reject('bad-address', `address of ${addr.length} bytes, port ${port}`, source);
		else if (meta.length > META_BYTES_MAX) node.reject('bad-meta', `Meta of ${meta.length} bytes`, source);
		else if (!node.admission.allowsAddress(addr))
			node.reject('address-not-allowed', `a member at ${ipText(addr)}`, source);
		else if (!node.admission.allowsName(name)) node.reject('name-not-allowed', `a member ${shownName(name)}`, source);
		else if (incarnation === 0 || this.#isTooHigh(incarnation, HEADROOM.alive))
			node.reject('bad-incarnation', `alive at incarnation ${incarnation}`, source);
		else return true;
		return false;
	}

	#isTooHigh(incarnation: number, headroom: number): boolean {
		return incarnation > this.#node.startIncarnation + headroom;
	}

	#aliveUnknown(fields: IdentityFields, incarnation: number, via: Via, source: Address | undefined): Merged {
		const node = this.#node;
		if (node.tombstones.refusing(fields.name, incarnation, node.now) !== undefined) return 'stale';
		if (node.table.size >= node.config.limits.members && !this.#view.makeRoom()) {
			node.reject('table-full', `${node.table.size} members are known`, source);
			return 'refused';
		}
		this.#view.insert(node.identities.identity(fields), incarnation, via, { code: 'heard' });
		return 'new';
	}

	/** News about ourselves: a former life, a liar, or another process of our name (X6). */
	#aliveAboutUs(fields: IdentityFields, incarnation: number): Merged {
		const node = this.#node;
		const ours = node.selfIdentity;
		const elsewhere = !sameAddress(ours.address, addressOf(fields));
		const order = incarnation - node.incarnation || comparePayload(fields, ours);
		if (node.phase === 'leaving' || order === 0) return 'known';
		if (node.phase === 'conflicted') return 'known';
		if (elsewhere && incarnation === node.incarnation && incarnation === node.startIncarnation) {
			// Two starts within one second, most often a restart at another port. The former life is silent by now: outrank
			// it once. If it lives it will do the same, and then the tie is broken as any other.
			this.renewSelf(incarnation);
			return 'new';
		}
		if (order < 0) {
			// An older claim: whoever spreads it has not heard of us.
			if (elsewhere && !node.queue.hasUpdate(node.self)) this.announceSelf();
			return 'stale';
		}
		if (!elsewhere) {
			this.#refute(incarnation, ours.name);
			return 'new';
		}
		const claimed = addressOf(fields);
		node.phase = 'conflicted';
		node.claim = { address: claimed, incarnation };
		node.queue.forget(node.self);
		node.emit({ type: 'conflict', name: ours.name, held: ours.address, claimed, lost: true });
		return 'new';
	}

	#accuse(verdict: Verdict, via: Via, source: Address | undefined): Merged {
		const node = this.#node;
		const { table } = node;
		const { slot, name, incarnation, state, from } = verdict;
		if (name.length === 0 || name.length > NAME_BYTES_MAX || from.length > NAME_BYTES_MAX) {
			node.reject('bad-field', `names of ${name.length} and ${from.length} bytes`, source);
			return 'refused';
		}
		if (this.#isTooHigh(incarnation, slot === node.self ? HEADROOM.accusedOurselves : HEADROOM.accused)) {
			node.reject('bad-incarnation', `${STATE_NAMES[state]} at incarnation ${incarnation}`, source);
			return 'refused';
		}
		if (slot === node.self) return this.#accusedOurselves(incarnation, state, from);
		const accuser = via === 'transfer' ? NO_SLOT : table.findName(from);
		if (via === 'gossip' && state !== State.left && (accuser === NO_SLOT || !node.isAlive(accuser))) {
			// X4, admission: a member that is itself accused, or that nobody here knows, accuses nobody.
			node.ignore('accuser-not-alive');
			return 'refused';
		}
		if (slot === NO_SLOT) {
			// A stranger's suspicion is not buried: it would keep the living out, and a digest counts alive and suspect alike.
			if (state !== State.suspect) node.tombstones.bury(name, incarnation, state, node.now);
			return 'known';
		}
		const accuserName = accuser === NO_SLOT ? '' : table.identity(accuser).name;
		const known = table.incarnation[slot]!;
		const knownState = table.state(slot);
		if (state === State.suspect && incarnation === known && knownState === State.suspect) {
			if (via === 'gossip') this.#view.confirm(slot, from, accuserName);
			return 'known';
		}
		if (!supersedes(incarnation, state, known, knownState)) {
			return incarnation === known && state === knownState ? 'known' : 'stale';
		}
		const accused: Accused = {
			incarnation,
			from,
			accuser: accuserName,
			via,
			why: whyAccused(state, knownState, accuserName),
		};
		if (state === State.suspect) this.#view.suspect(slot, accused);
		else this.#view.bury(slot, state, accused);
		return 'new';
	}

	#accusedOurselves(incarnation: number, state: State, from: Uint8Array): Merged {
		const node = this.#node;
		if (node.phase === 'leaving') return 'stale';
		if (incarnation < node.incarnation) {
			// Whoever still says so has missed our answer.
			this.announceSelf();
			return 'stale';
		}
		if (node.phase === 'conflicted') {
			// The accusation concerns the other holder of our name. Once that one is gone, the name is ours again.
			if (state === State.suspect) return 'known';
			node.phase = 'running';
		}
		const accuser = node.table.findName(from);
		this.#refute(incarnation, accuser === NO_SLOT ? '' : node.table.identity(accuser).name);
		return 'new';
	}

	/** We live: raise the incarnation above the accusation and say so (SWIM §4.2, memberlist §8.4). */
	#refute(accusedAt: number, by: string): void {
		const node = this.#node;
		this.renewSelf(accusedAt);
		this.#view.renewAccusations();
		node.counters.refutations++;
		node.adjustHealth(+1);
		node.emit({ type: 'refuted', by, incarnation: node.incarnation });
	}
}

function whyAccused(state: State, known: State, accuser: string): Why {
	if (state === State.left) return { code: known === State.dead ? 'removed' : 'left' };
	return accuser === '' ? { code: 'heard' } : { code: 'heard', by: accuser };
}

/** A name that is not admitted, fit for one line. */
function shownName(name: Uint8Array): string {
	return JSON.stringify(utf8Text(name).slice(0, 64));
}

function addressOf(fields: IdentityFields): Address {
	return { host: ipText(fields.addr) ?? '', port: fields.port };
}

/** Byte order of everything but the name: how a tie of incarnations is broken the same way everywhere. */
function comparePayload(fields: IdentityFields, identity: Identity): number {
	return (
		compareBytes(fields.addr, identity.addressBytes) ||
		fields.port - identity.port ||
		compareBytes(fields.meta, identity.meta) ||
		compareBytes(fields.vsn, identity.vsn)
	);
}

function saysTheSame(message: Alive, identity: Identity): boolean {
	return (
		message.port === identity.port &&
		message.addr.equals(identity.addressBytes) &&
		message.meta.equals(identity.meta) &&
		message.vsn.equals(identity.vsn)
	);
}
