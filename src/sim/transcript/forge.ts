// Forged packets: what a node hears from somebody who is no member, or who lies.

import { type Address, type Identity, IdentityPool, ipBytes, type Member, utf8 } from '../../swim/index.ts';
import { createCodec } from '../../wire/index.ts';
import { describePacket } from '../describe.ts';
import type { Scene } from './scene.ts';
import { ScriptError, type Words } from './words.ts';

/** Where forged packets come from, unless a node's address is forged too. */
const STRANGER: Address = { host: '10.66.6.6', port: 6_666 };
const codec = createCodec({ packetBytes: 1_400 });

/** `NODE what… [from NODE]`: the packet arrives at once. */
export function forge(scene: Scene, words: Words): void {
	const host = scene.host(words.next('the node'));
	const bytes = packet(scene, words);
	const from = words.skip('from') ? scene.anyHost(words.next('the sender')).address : STRANGER;
	words.end();
	const names = { from: from === STRANGER ? 'somebody' : scene.naming.place(from), to: scene.placeOf(host) };
	scene.transcript.write(`${names.from} → ${names.to}`, describePacket(codec, scene.naming, { ...names, bytes }));
	scene.cluster.input(host, { type: 'packet', from, bytes });
}

function packet(scene: Scene, words: Words): Uint8Array {
	const kind = words.next('what to tell');
	if (kind === 'bytes') return hexBytes(words.next('the bytes'));
	const about = words.next('the member');
	const member = scene.naming.parseMember(about);
	if (!member) throw new ScriptError(`"${about}" is not a member and its incarnation, such as c+0`);
	const { name, incarnation } = member;
	const accuser = (): Uint8Array => {
		words.expect('by');
		return utf8(words.next('the accuser'));
	};
	const writer = codec.packet();
	switch (kind) {
		case 'alive':
			writer.message(codec.alive(identity(scene.anyHost(name).machine.self), incarnation));
			break;
		case 'suspect':
			writer.message(codec.suspect(utf8(name), incarnation, accuser()));
			break;
		case 'dead':
			writer.message(codec.dead(utf8(name), incarnation, accuser()));
			break;
		default:
			throw new ScriptError(`"${kind}" is none of bytes, alive, suspect, dead`);
	}
	return writer.finish({ crc: false });
}

/** What the member says of itself. */
function identity({ name, address, tags, protocol }: Member): Identity {
	const addr = ipBytes(address.host);
	if (!addr) throw new ScriptError(`${address.host} is not an IP address`);
	const pool = new IdentityPool((meta) => codec.decodeTags(meta));
	return pool.identity({
		name: utf8(name),
		addr,
		port: address.port,
		meta: codec.encodeTags(tags),
		vsn: Uint8Array.from(protocol),
	});
}

function hexBytes(text: string): Uint8Array {
	if (!/^([0-9a-f]{2})+$/.test(text)) throw new ScriptError(`"${text}" is not hex`);
	return Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}
