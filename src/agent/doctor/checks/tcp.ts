// Check `tcp`: a ping over TCP to those who answer on UDP: foreign members need it, and it is the fallback of probes.

import { type DoctorContext, noNetwork } from '../context.ts';
import { type Finding, fail, pass, skip, warn } from '../finding.ts';
import { answers, type Path } from '../paths.ts';
import { plural, someOf } from '../text.ts';

export async function checkTcp(context: DoctorContext): Promise<Finding> {
	const off = noNetwork(context);
	if (off !== undefined) return skip(off);
	const { config, source } = context;
	if (!config.gossip.streams) return skip('streams are off (LONGBOW_GOSSIP_STREAMS=false)');
	const paths = (await context.paths()).filter((path) => path.target.kind !== 'dead');
	const judged = paths.filter((path) => answers(path) || path.tcp === 'answered');
	if (judged.length === 0) return skip('nobody answers on UDP or TCP: see udp-out');
	const blocked = judged.filter(({ tcp }) => tcp !== 'answered');
	const accepted = source.counters.streamsAccepted;
	const data = { blocked: blocked.map(({ target, tcp }) => ({ name: target.name, answer: tcp })), accepted };
	if (blocked.length === 0)
		return pass(`${judged.length} of ${judged.length} out; ${plural(accepted, 'stream')} accepted`, data);
	const ports = [...new Set(judged.map(({ target }) => target.address.port))];
	const where = ports.length === 1 ? `TCP ${ports[0]}` : 'TCP';
	const only = blocked.length < judged.length ? `; not ${someOf(blocked.map(({ target }) => target.name))}` : '';
	const text = `${judged.length - blocked.length} of ${judged.length} answer on ${where}${only}; UDP works`;
	const foreign = blocked.filter(isForeign);
	if (foreign.length > 0) {
		return fail(text, {
			why: `${someOf(foreign.map(({ target }) => target.name))} are serf or memberlist members, whose full sync needs TCP: their news of tags and of partitions comes late or never.`,
			try: ['open TCP beside UDP on the gossip port'],
			data,
		});
	}
	return warn(text, {
		why: 'longbow-mesh members do not need TCP. serf and memberlist members do, for their full sync.',
		try: [`open ${where} too, or turn it off everywhere: LONGBOW_GOSSIP_STREAMS=false`],
		data,
	});
}

function isForeign({ target }: Path): boolean {
	return target.member !== undefined && !target.member.own;
}
