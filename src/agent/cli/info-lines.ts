// One member in lines: its state, then a label, a value and what goes with it a line.

import { type DiscoveryObject, durationText, type InfoObject } from '../../status/index.ts';
import { STATE_NAMES } from '../../swim/index.ts';
import { percent, rttText, tagText } from './member-rows.ts';
import { shortHash } from './ring-lines.ts';
import { printable, type Terminal } from './terminal.ts';

type Row = readonly [label: string, value: string, detail?: string];
type NodeInfo = NonNullable<InfoObject['node']>;

const HEAD_WIDTH = 33;
const LABEL_WIDTH = 17;
const VALUE_WIDTH = 18;

export function infoLines(info: InfoObject, terminal: Terminal): string[] {
	const { member, view, at } = info;
	const state = STATE_NAMES[member.Status] ?? 'dead';
	const up = view.startedAt === null || member.Status > 1 ? '' : `, up ${ageText(view.startedAt, at)}`;
	const head = `${printable(member.ID).padEnd(HEAD_WIDTH - 2)}  ${terminal.state(state)}${up}`;
	const rows = info.node ? ownRows(info, info.node, terminal) : otherRows(info, terminal);
	return [head, ...rows.map(rowLine)];
}

function rowLine([label, value, detail = '']: Row): string {
	const shown = printable(value);
	const text = detail === '' ? shown : `${shown.padEnd(VALUE_WIDTH)} ${printable(detail)}`;
	return `  ${label.padEnd(LABEL_WIDTH)}${text}`;
}

function ownRows(info: InfoObject, node: NodeInfo, terminal: Terminal): Row[] {
	const { member, at } = info;
	const { health, loop, refuted, security, addressBook, version } = node;
	const accused = refuted && `last refuted ${terminal.time(Date.parse(refuted.at))}, accused by ${refuted.by}`;
	const { probes, traffic, rejected } = health;
	return [
		['gossip address', member.Addr, reachText(info, node)],
		['incarnation', String(member.Incarnation), accused ?? 'never had to refute'],
		...memberRows(info),
		clusterRow(info),
		ringRow(info, 'this node'),
		['local health', `${health.word}, ${health.score} of ${health.worst}`, loopText(loop, health.stalls)],
		['probes', `${probes.perS.toFixed(1)}/s`, probeText(probes)],
		[
			'traffic',
			`${rateText(traffic.sentBytesPerS)} out, ${rateText(traffic.receivedBytesPerS)} in; rejected packets ${rejected}`,
		],
		['security', securityText(security)],
		...discoveryRows(node.discovery, Date.parse(at), addressBook),
		['version', version.agent, `memberlist protocol ${version.protocol}, Node ${version.node}`],
	];
}

function otherRows(info: InfoObject, terminal: Terminal): Row[] {
	const { member, view, deadAt, self } = info;
	const way = view.path === 'udp' ? 'udp' : 'tcp only';
	const seen =
		member.LastSeen === null ? 'never heard by this node' : `last heard ${terminal.time(Date.parse(member.LastSeen))}`;
	const since = terminal.time(Date.parse(view.since));
	const state = STATE_NAMES[member.Status] ?? 'dead';
	const verdict = deadAt === null ? '' : `, dead at ${terminal.time(Date.parse(deadAt))} unless it refutes`;
	return [
		['gossip address', member.Addr, member.Status > 1 ? seen : `${way}, rtt ${rttText(view.rttMs)}, ${seen}`],
		['incarnation', String(member.Incarnation), `${state} since ${since}${verdict}`],
		...memberRows(info),
		['view', ...viewText(info)],
		ringRow(info, 'this member'),
		['protocol', String(view.protocol), view.own ? 'longbow-mesh' : 'another memberlist'],
		['seen from', self, clusterText(info)],
	];
}

function memberRows({ member }: InfoObject): Row[] {
	const { GRPCAddr, MetaAddr, Tags } = member;
	const rows: Row[] = [];
	if (GRPCAddr !== '' || MetaAddr !== '') rows.push(['data address', GRPCAddr || '-', `status ${MetaAddr || '-'}`]);
	if (Object.keys(Tags).length > 0) rows.push(['tags', tagText(Tags)]);
	return rows;
}

/** `22 answer on udp, 1 on tcp alone; 21 others see it there`. */
function reachText({ cluster }: InfoObject, { reaches, streams }: NodeInfo): string {
	const { udp, tcpOnly } = reaches;
	if (udp + tcpOnly === 0) return `nobody answers yet${streams ? '' : '; tcp is off'}`;
	const tcp = tcpOnly > 0 ? `, ${tcpOnly} on tcp alone` : streams ? '' : '; tcp is off';
	const others = cluster.agree - 1;
	return `${udp} answer${udp === 1 ? 's' : ''} on udp${tcp}; ${others} other${others === 1 ? ' sees' : 's see'} it there`;
}

function clusterRow(info: InfoObject): Row {
	const { members } = info.cluster;
	return ['cluster', `${members} member${members === 1 ? '' : 's'}`, clusterText(info)];
}

function clusterText({ cluster }: InfoObject): string {
	const { states, agree, of, digest } = cluster;
	const counts = STATE_NAMES.filter((state) => states[state] > 0).map((state) => `${states[state]} ${state}`);
	return `${counts.join(', ')}; ${agree} of ${of} view${of === 1 ? ' agrees' : 's agree'} (${shortHash(digest)})`;
}

/** `4.45% (1.07x fair)`. */
function ringRow({ ring }: InfoObject, whose: string): Row {
	const { fingerprint, owners, share, fair } = ring;
	const part = share === 0 ? 'owns nothing' : `${percent(share)} (${fair.toFixed(2)}x fair)`;
	return ['ring', shortHash(fingerprint), `${owners} owner${owners === 1 ? '' : 's'}, ${whose} ${part}`];
}

function loopText({ p99Ms }: NodeInfo['loop'], stalls: number): string {
	return `event loop p99 ${rttText(p99Ms)}, ${stalls === 0 ? 'never stalled' : `stalled ${stalls} time${stalls === 1 ? '' : 's'}`}`;
}

function probeText({ p50Ms, p99Ms, lost }: NodeInfo['health']['probes']): string {
	if (p50Ms === null) return 'no ack yet';
	return `p50 ${rttText(p50Ms)}, p99 ${rttText(p99Ms)}, lost ${lost === 0 ? '0%' : percent(lost)}`;
}

const KILO = 1_000;

/** `640 B/s`, `1.9 KB/s`, `12 MB/s`. */
export function rateText(bytesPerS: number): string {
	let value = bytesPerS;
	for (const unit of ['B/s', 'KB/s', 'MB/s']) {
		if (value < KILO - 0.5) return `${unit === 'B/s' || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${unit}`;
		value /= KILO;
	}
	return `${value.toFixed(1)} GB/s`;
}

function securityText({ encrypted, keys, label }: NodeInfo['security']): string {
	const key = encrypted ? `encrypted, key 1 of ${keys}` : 'NOT encrypted';
	return label === null ? `${key}; no label` : `${key}; label ${label}`;
}

/** `agrees, heard 2.1s ago`. A member that is not alive agrees with nobody: what it saw last is old. */
function viewText({ member, view, at }: InfoObject): [string, string?] {
	const { digest, agrees, heardAt, differsSince } = view;
	if (digest === null || heardAt === null) return ['-', 'it has told none to this node'];
	const differs = `differs${differsSince === null ? '' : ` for ${ageText(differsSince, at)}`}`;
	const verdict = STATE_NAMES[member.Status] !== 'alive' ? 'its last one' : agrees ? 'agrees' : differs;
	return [shortHash(digest), `${verdict}, heard ${ageText(heardAt, at)} ago`];
}

/** A row a provider: `k8s`, `24 addresses, 2s ago; address book 31`, and another one for what is wrong with it. */
export function discoveryRows({ providers }: DiscoveryObject, nowMs: number, addressBook: number): Row[] {
	const book = `address book ${addressBook}`;
	if (providers.length === 0) return [['discovery', 'none', `this node waits for others to join it; ${book}`]];
	return providers.flatMap(({ provider, peers, answeredAt, problem }, index): Row[] => {
		const found = `${peers.length} address${peers.length === 1 ? '' : 'es'}`;
		const age = answeredAt === null ? 'no answer yet' : `${durationText(nowMs - Date.parse(answeredAt))} ago`;
		const last = index === providers.length - 1 ? `; ${book}` : '';
		const row: Row = [index === 0 ? 'discovery' : '', provider, `${found}, ${age}${last}`];
		return problem ? [row, ['', '', problem.text]] : [row];
	});
}

function ageText(since: string, at: string): string {
	return durationText(Date.parse(at) - Date.parse(since));
}
