// Check `udp-out`: a round trip over UDP to members, to those who died a while ago, and to addresses of discovery.

import { durationText } from '../../../status/index.ts';
import { formatAddress } from '../../../swim/index.ts';
import { type DoctorContext, noNetwork } from '../context.ts';
import { type Finding, fail, pass, skip, warn } from '../finding.ts';
import { pathCause } from '../path-cause.ts';
import { answers, type Path } from '../paths.ts';
import { targetText } from '../targets.ts';
import { plural, quantile, rttText, someOf } from '../text.ts';

export async function checkUdpOut(context: DoctorContext): Promise<Finding> {
	const off = noNetwork(context);
	if (off !== undefined) return skip(off);
	const paths = await context.paths();
	if (paths.length === 0) return skip('no member and no address is known, so nobody can be pinged');
	const silent = paths.filter((path) => !answers(path));
	if (silent.length === 0) return allAnswer(paths);
	const members = paths.filter(({ target }) => target.kind === 'member');
	const silentMembers = silent.filter(({ target }) => target.kind === 'member');
	const faults = sendFaults((await context.pinger()).faults);
	const data = { paths: paths.map(pathData), ...(faults !== '' && { faults }) };
	const first = (silentMembers[0] ?? silent[0]) as Path;
	const cause = pathCause(first);
	const why = `${about(first, silent, context)}${cause.why}${faults}`;
	const more = { why, try: cause.try, data };
	const text = verdict(paths, silent);
	// Who is dead is silent, as everybody expects; an address that nobody has is no harm while others answer.
	const harmless = silentMembers.length === 0 && members.some(answers);
	return harmless ? warn(text, more) : fail(text, more);
}

function allAnswer(paths: readonly Path[]): Finding {
	const p50 = quantile(
		paths.flatMap(({ rttsMs }) => rttsMs),
		0.5,
	);
	return pass(`${paths.length} of ${paths.length} answer, p50 ${rttText(p50 ?? 0)}`, { paths: paths.map(pathData) });
}

function verdict(paths: readonly Path[], silent: readonly Path[]): string {
	const answering = paths.length - silent.length;
	const noun = paths.every(({ target }) => target.kind === 'address') ? 'address' : 'member';
	const total = noun === 'address' ? plural(paths.length, 'address', 'addresses') : plural(paths.length, 'member');
	const tcp = silent.filter((path) => path.tcp === 'answered').length;
	const ports = [...new Set(paths.map(({ target }) => target.address.port))];
	const where = ports.length === 1 ? `UDP ${ports[0]}` : 'UDP';
	const end = tcp === silent.length ? `; ${tcp === paths.length ? `${tcp} of ${tcp}` : 'they'} answer on TCP` : '';
	const names =
		answering > 0 || paths.length <= 2 ? `; not ${someOf(silent.map(({ target }) => targetText(target)))}` : '';
	return `${answering} of ${total} answer on ${where}${names}${end}`;
}

/** Of whom the cause is told, where there are several silent ones. */
function about(first: Path, silent: readonly Path[], { source }: DoctorContext): string {
	const { kind, name, address, member } = first.target;
	if (kind === 'dead' && member) {
		const since = durationText(source.now() - member.changedAt);
		return `${name} is dead for ${since}. `;
	}
	return silent.length > 1 ? `Of ${name || formatAddress(address)}: ` : '';
}

/** The operating system's own refusals, such as EPERM from a local firewall. */
function sendFaults(faults: Readonly<Record<string, number>>): string {
	const told = Object.entries(faults).filter(([code]) => code !== 'RECEIVE_BUFFER' && code !== 'ECONNREFUSED');
	if (told.length === 0) return '';
	return ` This host refused to send: ${told.map(([code, count]) => `${code} ${count} times`).join(', ')}.`;
}

function pathData({ target, sent, rttsMs, tcp, helpers }: Path): object {
	const { kind, name, address } = target;
	const rtts = rttsMs.map((ms) => Math.round(ms * 1_000) / 1_000);
	return { kind, name, address: formatAddress(address), sent, rttsMs: rtts, tcp: tcp ?? null, helpers };
}
