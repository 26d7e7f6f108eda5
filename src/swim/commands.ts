// What the application asks of the machine: each command to the part that performs it.

import type { Address } from './address.ts';
import { utf8 } from './bytes.ts';
import type { Contacts } from './contacts.ts';
import type { DelegateHost } from './delegate.ts';
import { EXTENSION_TAG, EXTENSION_VERSION } from './identity.ts';
import type { Command, Input } from './io.ts';
import type { Leaver } from './leave.ts';
import { type Member, STATE_NAMES, State } from './member.ts';
import { NO_SLOT } from './member-table.ts';
import type { Membership } from './membership.ts';
import type { Node } from './node.ts';

export interface CommandParts {
	readonly membership: Membership;
	readonly contacts: Contacts;
	readonly leaver: Leaver;
}

export class Commands {
	readonly #node: Node;
	readonly #parts: CommandParts;

	constructor(node: Node, parts: CommandParts) {
		this.#node = node;
		this.#parts = parts;
	}

	perform(command: Command): void {
		const { contacts, leaver } = this.#parts;
		switch (command.type) {
			case 'join':
				contacts.join(command.id, command.addresses);
				break;
			case 'leave':
				leaver.leave(command.id);
				break;
			case 'remove':
				this.#remove(command.id, command.name);
				break;
			case 'set-tags':
				this.#setTags(command.id, command.tags);
				break;
			case 'broadcast':
				this.#broadcast(command.body, command.key);
				break;
			case 'send':
				this.#send(command.to, command.body);
				break;
			case 'discovered':
				contacts.discovered(command.addresses);
				break;
			default:
				command satisfies never;
		}
	}

	/** Before the start and after the end nothing is taken; who asked is told. */
	refuse(input: Exclude<Input, { type: 'start' }>): void {
		if (!('id' in input)) return;
		this.#node.settle(input.id, {
			type: 'error',
			code: 'MESH_STOPPED',
			message: 'the node has stopped, or was not started',
		});
	}

	/** What a delegate may ask, of the node and of what it knows. */
	delegateHost(view: { readonly self: Member; member(name: string): Member | undefined }): DelegateHost {
		return {
			get self() {
				return view.self;
			},
			member: (name) => view.member(name),
			broadcast: (body, key) => this.#broadcast(body, key),
			send: (to, body) => this.#send(to, body),
		};
	}

	#remove(id: number, name: string): void {
		const node = this.#node;
		const slot = node.table.findName(utf8(name));
		if (slot === NO_SLOT) {
			node.settle(id, { type: 'error', code: 'MESH_NO_MEMBER', message: `no member ${JSON.stringify(name)}` });
		} else if (node.table.isLive(slot)) {
			const message = `${name} is ${STATE_NAMES[node.table.state(slot)]!}`;
			node.settle(id, { type: 'error', code: 'MESH_MEMBER_ALIVE', message });
		} else {
			if (node.table.state(slot) === State.dead) this.#parts.membership.remove(slot);
			node.settle(id, { type: 'remove' });
		}
	}

	#setTags(id: number, tags: Readonly<Record<string, string>>): void {
		const node = this.#node;
		if (node.phase === 'leaving') {
			// News of us would bring us back in the views of those who have been told that we go.
			node.settle(id, { type: 'error', code: 'MESH_STOPPED', message: 'the node is saying goodbye' });
			return;
		}
		try {
			this.#parts.membership.renewSelf(node.incarnation, ownMeta(node, tags));
			node.settle(id, { type: 'set-tags' });
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
			node.settle(id, { type: 'error', code: 'MESH_TAGS_TOO_LARGE', message: error.message });
		}
	}

	#broadcast(body: Uint8Array, key: string | undefined): void {
		const node = this.#node;
		const encoded = node.codec.user(body);
		if (!node.queue.user(encoded, key)) node.ignore(encoded.length > node.codec.packetRoom ? 'too-large' : 'too-many');
	}

	#send(to: Address, body: Uint8Array): void {
		const node = this.#node;
		const encoded = node.codec.user(body);
		if (encoded.length > node.codec.packetRoom) {
			node.ignore('too-large');
			return;
		}
		const packet = node.codec.packet();
		packet.message(encoded);
		node.packet(to, packet.finish({ crc: false }), 'user');
	}
}

/** Meta of this node: the tags, with the one by which our own nodes know each other. @throws {RangeError} when it is too large. */
export function ownMeta({ codec, config }: Node, tags: Readonly<Record<string, string>>): Uint8Array {
	const ours = config.extensions ? { [EXTENSION_TAG]: String(EXTENSION_VERSION) } : {};
	return codec.encodeTags({ ...ours, ...tags });
}
