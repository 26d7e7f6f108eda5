// Tells the log of packets and streams that this node cannot read: the one sign that it misses a key.

import type { Mesh } from '../mesh/index.ts';
import type { Keyring } from '../wire/index.ts';
import { NONSENSE } from './doctor/checks/label.ts';
import { plural, someOf } from './doctor/text.ts';
import { ringText } from './keys.ts';
import type { Log } from './log.ts';

/** Whoever lacks a key goes on sending: one line a minute says so, whatever arrives. */
const TELL_MS = 60_000;

/** `keysFile`: where the keys come from, if not from the environment. Returns what ends it. */
export function followUnreadable(
	mesh: Pick<Mesh, 'keyring' | 'status'>,
	keysFile: string | undefined,
	log: Log,
): () => void {
	const { keyring, status } = mesh;
	const codes = keyring ? ['cannot-decrypt'] : NONSENSE;
	let nextAt = Number.NEGATIVE_INFINITY;
	return status.onEvent((event) => {
		if (event.type !== 'rejected' || !codes.includes(event.code)) return;
		if (event.at < nextAt) return;
		nextAt = event.at + TELL_MS;
		const recent = status.evidence.rejections.recent(event.at).filter(({ code }) => codes.includes(code));
		const count = recent.reduce((sum, each) => sum + each.count, 0);
		log.write({
			level: keyring ? 'error' : 'warn',
			event: 'unreadable',
			component: 'security',
			reason: `${plural(count, 'packet')} from ${someOf(recent.map(({ host }) => host))} ${whyOf(keyring, keysFile)}`,
			details: { packets: count, keys: keyring?.infos.map(({ id }) => id) ?? [] },
		});
	});
}

function whyOf(keyring: Keyring | undefined, keysFile: string | undefined): string {
	// What is encrypted reads as nonsense to who has no key.
	if (!keyring)
		return (
			'cannot be read: encrypted, while this node has no key, or from no member at all. ' +
			'If the mesh is encrypted, give this node its keys: LONGBOW_GOSSIP_KEYS'
		);
	return (
		`cannot be decrypted: sealed with a key that this node does not hold, or not at all; it has ${ringText(keyring)}. ` +
		'If the keys were rotated while this node was away, give it the new ones: ' +
		(keysFile === undefined ? 'LONGBOW_GOSSIP_KEYS' : `LONGBOW_GOSSIP_KEYS_FILE, which is ${keysFile}`)
	);
}
