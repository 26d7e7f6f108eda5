// Check `label`: packets of the last ten minutes that were refused for label, key or version, by sender.

import type { Rejection } from '../../../status/index.ts';
import { type DoctorContext, noNetwork } from '../context.ts';
import { type Finding, fail, pass, skip, warn } from '../finding.ts';
import { plural, someOf } from '../text.ts';

/** Bytes that no peer of our label and without a key would send. */
export const NONSENSE: readonly string[] = [
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
	const { source } = context;
	const recent = source.evidence.rejections.recent(source.now());
	const of = (...codes: readonly string[]): readonly Rejection[] => recent.filter(({ code }) => codes.includes(code));
	for (const [codes, explain] of EXPLANATIONS) {
		const found = of(...codes);
		if (found.length > 0) return { ...explain(found, context), data: { rejected: recent } };
	}
	return pass('0 packets rejected in 10m', { rejected: recent });
}

type Explain = (rejections: readonly Rejection[], context: DoctorContext) => Finding;

/** The worst first: the first one that happened is told. */
const EXPLANATIONS: readonly (readonly [codes: readonly string[], explain: Explain])[] = [
	[['bad-label'], otherLabel],
	[['cannot-decrypt'], otherKey],
	[['bad-version'], otherVersion],
	[['address-not-allowed', 'name-not-allowed'], notAllowed],
	[NONSENSE, nonsense],
];

function otherLabel(label: readonly Rejection[], context: DoctorContext): Finding {
	const own = context.config.gossip.label;
	const ours = own === undefined ? 'we have none' : `ours is ${JSON.stringify(own)}`;
	return fail(`${refused(label, context)}: ${label[0]?.detail}; ${ours}`, {
		why: 'Another cluster reaches this port. Nothing was merged.',
		try: ['a NetworkPolicy; or the same LONGBOW_GOSSIP_LABEL if it should be one cluster'],
	});
}

function otherKey(key: readonly Rejection[], context: DoctorContext): Finding {
	const ids = context.keyring?.infos.map(({ id }) => `${id}…`) ?? [];
	return fail(`${refused(key, context)}: cannot decrypt`, {
		why:
			ids.length === 0
				? 'It encrypts and we do not.'
				: `It holds none of our ${plural(ids.length, 'key')} (${ids.join(', ')}), or does not encrypt.`,
		try: [
			'longbow-mesh keys list --all',
			'the same LONGBOW_GOSSIP_KEYS on every member; the first key encrypts, all decrypt',
		],
	});
}

function otherVersion(version: readonly Rejection[], context: DoctorContext): Finding {
	return fail(`${refused(version, context)}: ${version[0]?.detail}`, {
		why: 'It speaks no version of the protocol that all members understand.',
		try: ['the same LONGBOW_GOSSIP_COMPAT on every member; longbow-mesh version on both'],
	});
}

function notAllowed(strangers: readonly Rejection[], context: DoctorContext): Finding {
	const { allowCidrs, allowNames } = context.config.gossip;
	const lists = [...allowCidrs, ...allowNames].join(', ');
	return warn(`${refused(strangers, context)}: ${strangers[0]?.detail}, which is not on our allow list`, {
		why: `Somebody else reaches this port, or the list lacks a member: ${lists}.`,
		try: ['LONGBOW_GOSSIP_ALLOW_CIDRS and LONGBOW_GOSSIP_ALLOW_NAMES, the same on every member; or a NetworkPolicy'],
	});
}

function nonsense(packets: readonly Rejection[], context: DoctorContext): Finding {
	// What is encrypted reads as nonsense to who has no key.
	const plain = context.keyring === undefined;
	return warn(`${refused(packets, context)}: ${packets[0]?.detail}`, {
		why: `${plain ? 'It encrypts and we do not, or it' : 'It'} is no member at all, or packets are damaged.`,
		try: [`who is ${someOf(packets.map(({ host }) => host))}?`, 'the same LONGBOW_GOSSIP_KEYS on every member'],
	});
}

/** `412 packets rejected from 10.42.9.7, longbow-03 (10.42.9.8)`: a member is named where no other process is known to be. */
function refused(rejections: readonly Rejection[], { source }: DoctorContext): string {
	const count = rejections.reduce((sum, each) => sum + each.count, 0);
	const names = rejections.map(({ host }) => {
		const known = source.members.filter(({ address }) => address.host === host);
		const [only] = known;
		return only && known.length === 1 && only.name !== source.self.name ? `${only.name} (${host})` : host || 'a stream';
	});
	return `${plural(count, 'packet')} rejected from ${someOf(names)}`;
}
