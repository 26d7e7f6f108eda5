// Tells the log of packets and streams that no key of ours opens: the one sign that a node missed a rotation.

import type { Mesh } from '../mesh/index.ts';
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
	if (keyring === undefined) return () => undefined;
	let nextAt = Number.NEGATIVE_INFINITY;
	return status.onEvent((event) => {
		if (event.type !== 'rejected' || event.code !== 'cannot-decrypt') return;
		if (event.at < nextAt) return;
		nextAt = event.at + TELL_MS;
		const recent = status.evidence.rejections.recent(event.at).filter(({ code }) => code === event.code);
		const count = recent.reduce((sum, each) => sum + each.count, 0);
		log.write({
			level: 'error',
			event: 'unreadable',
			component: 'security',
			reason:
				`${plural(count, 'packet')} from ${someOf(recent.map(({ host }) => host))} cannot be decrypted: ` +
				`sealed with a key that this node does not hold, or not at all; it has ${ringText(keyring)}. ` +
				'If the keys were rotated while this node was away, give it the new ones: ' +
				(keysFile === undefined ? 'LONGBOW_GOSSIP_KEYS' : `LONGBOW_GOSSIP_KEYS_FILE, which is ${keysFile}`),
			details: { packets: count, keys: keyring.infos.map(({ id }) => id) },
		});
	});
}
