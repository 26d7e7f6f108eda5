// Check `label`: packets of the last ten minutes that were refused for label, key or version, by sender.

import type { Rejection } from '../../../status/index.ts';
import { type DoctorContext, noNetwork } from '../context.ts';
import { type Finding, fail, pass, skip, warn } from '../finding.ts';
import { plural, someOf } from '../text.ts';

/** Bytes that no peer of any label or key would send. */
const NONSENSE: readonly string[] = [
	'bad-msgpack',
	'bad-field',
	'unknown-type',
	'truncated',
	'bad-crc',
	'bad-compression',
];

export function checkLabel(context: DoctorContext): Finding {
	const off = noNetwork(context);
	if (off !== undefined) return skip(off);
	const { source, config } = context;
	const recent = source.evidence.rejections.recent(source.now());
	const of = (...codes: readonly string[]): readonly Rejection[] => recent.filter(({ code }) => codes.includes(code));
	const data = { rejected: recent };
	const [label, key, version, nonsense] = [of('bad-label'), of('cannot-decrypt'), of('bad-version'), of(...NONSENSE)];
	if (label.length > 0) {
		const own = config.gossip.label === undefined ? 'we have none' : `ours is ${JSON.stringify(config.gossip.label)}`;
		return fail(`${refused(label, context)}: ${label[0]?.detail}; ${own}`, {
			why: 'Another cluster reaches this port. Nothing was merged.',
			try: ['a NetworkPolicy; or the same LONGBOW_GOSSIP_LABEL if it should be one cluster'],
			data,
		});
	}
	if (key.length > 0) {
		const { keys } = config.gossip;
		const why =
			keys.length === 0
				? 'It encrypts and we do not.'
				: `It holds none of our ${plural(keys.length, 'key')}, or does not encrypt.`;
		return fail(`${refused(key, context)}: cannot decrypt`, {
			why,
			try: ['the same LONGBOW_GOSSIP_KEYS on every member; the first key encrypts, all decrypt'],
			data,
		});
	}
	if (version.length > 0) {
		return fail(`${refused(version, context)}: ${version[0]?.detail}`, {
			why: 'It speaks no version of the protocol that all members understand.',
			try: ['the same LONGBOW_GOSSIP_COMPAT on every member; longbow-mesh version on both'],
			data,
		});
	}
	if (nonsense.length > 0) {
		// What is encrypted reads as nonsense to who has no key.
		const plain = config.gossip.keys.length === 0;
		return warn(`${refused(nonsense, context)}: ${nonsense[0]?.detail}`, {
			why: `${plain ? 'It encrypts and we do not, or it' : 'It'} is no member at all, or packets are damaged.`,
			try: [`who is ${someOf(nonsense.map(({ host }) => host))}?`, 'the same LONGBOW_GOSSIP_KEYS on every member'],
			data,
		});
	}
	return pass('0 packets rejected in 10m', data);
}

/** `412 packets rejected from 10.42.9.7, 10.42.9.8`. */
function refused(rejections: readonly Rejection[], { source }: DoctorContext): string {
	const count = rejections.reduce((sum, each) => sum + each.count, 0);
	const names = rejections.map(({ host }) => {
		const known = source.members.filter(({ address, name }) => address.host === host && name !== source.self.name);
		return known.length === 1 ? `${known[0]?.name} (${host})` : host || 'a stream';
	});
	return `${plural(count, 'packet')} rejected from ${someOf(names)}`;
}
