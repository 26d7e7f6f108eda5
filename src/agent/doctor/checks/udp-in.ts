// Check `udp-in`: members are asked to ping our advertised address from outside, as helpers of a probe do.

import { formatAddress } from '../../../swim/index.ts';
import { type DoctorContext, noNetwork, pingWaitMs } from '../context.ts';
import { type Finding, fail, pass, skip, warn } from '../finding.ts';
import { answers, type Path } from '../paths.ts';
import type { RelayAnswer } from '../pinger.ts';
import { plural, someOf } from '../text.ts';

const MOST_ASKED = 3;
/** More than one, because one may be lost. */
const TRIES = 4;
/** A helper waits for this share of `ackTimeout` before it says that nobody answered (X8). */
const HELPER_PATIENCE = 0.8;

export async function checkUdpIn(context: DoctorContext): Promise<Finding> {
	const off = noNetwork(context);
	if (off !== undefined) return skip(off);
	const members = (await context.paths()).filter(({ target }) => target.kind === 'member');
	const reached = members.filter(answers);
	if (reached.length === 0) return skip('no member answers us, so none can be asked to ping us');
	const asked = reached.slice(0, MOST_ASKED);
	const words = await Promise.all(asked.map((path) => askToPingUs(context, path)));
	return conclude(context, asked, words, `we reach ${reached.length} of ${members.length}`);
}

async function askToPingUs(context: DoctorContext, { target }: Path): Promise<RelayAnswer> {
	const pinger = await context.pinger();
	let last: RelayAnswer;
	for (let i = 0; i < TRIES; i++) {
		const word = await pinger.pingThrough(target.address, context.source.self, pingWaitMs(context.config));
		if (word === 'ack') return word;
		last = word ?? last;
	}
	return last;
}

function conclude(
	{ source, config }: DoctorContext,
	asked: readonly Path[],
	words: readonly RelayAnswer[],
	out: string,
): Finding {
	const own = formatAddress(source.self.address);
	const count = words.filter((word) => word === 'ack').length;
	const data = { asked: asked.map(({ target }, i) => ({ name: target.name, answer: words[i] ?? null })) };
	const reachedBy = `${count} of ${plural(words.length, 'member')} ${count === 1 ? 'reaches' : 'reach'}`;
	if (count === words.length) return pass(`${reachedBy} us`, data);
	const { ackTimeout } = config.gossip;
	if (asked.some(({ rttsMs }) => Math.min(...rttsMs) > HELPER_PATIENCE * ackTimeout)) {
		return skip(`round trips are longer than helpers wait (${HELPER_PATIENCE * ackTimeout}ms): see timing`);
	}
	const failed = asked.filter((_, i) => words[i] !== 'ack').map(({ target }) => target.name);
	const text = `${reachedBy} us at ${own}; ${out}`;
	const strange = words.every((word) => word === undefined);
	if (strange) {
		return warn(text, {
			why: `${someOf(failed)} answer pings, and this question not: they know no ${source.self.name} at that address.`,
			try: ['longbow-mesh doctor --only addr,peers,views'],
			data,
		});
	}
	const more = {
		why: 'One way only. Others will suspect this node every few seconds.',
		try: [
			`an ingress rule for UDP ${source.self.address.port} on this node (docs/operating.md#network-policy)`,
			'LONGBOW_GOSSIP_ADVERTISE_ADDR, if NAT changes the address',
		],
		data,
	};
	if (count === 0) return fail(text, more);
	return warn(`${text}; not from ${someOf(failed)}`, {
		...more,
		why: `Between ${someOf(failed)} and this node packets pass one way only. The others keep it alive.`,
	});
}
