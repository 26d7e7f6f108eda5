// The mesh that the golden outputs of the CLI show: six members as longbow-07 sees them at one moment, behind a real Flight server.

import type { DoctorReport } from '../../../src/agent/doctor/report.ts';
import { createFlightServer, type FlightServer, type FlightServerOptions } from '../../../src/flight/index.ts';
import { createRingFollower } from '../../../src/ring/index.ts';
import type { Member, MeshEvent } from '../../../src/swim/index.ts';
import { type TestSource, testMember, testSource, WALL_OFFSET_MS } from '../../support/status-source.ts';

/** When all is looked at. */
export const NOW_MS: number = WALL_OFFSET_MS + 101_900;
const NOW = 101_900;
/** Seconds since 2020: they have run for six days and four hours. */
const STARTED = Math.floor((NOW_MS - Date.UTC(2020, 0, 1)) / 1_000) - (6 * 24 + 4) * 3_600;

const SELF = 'longbow-07';
const ROLE = { role: 'store' };

function member(number: string, fields: Partial<Member> = {}): Member {
	const host = `10.42.0.${Number(number)}`;
	const tags = { lb: '1', grpc: `${host}:3000`, meta: `${host}:3001`, ...ROLE };
	const address = { host, port: 7946 };
	return testMember(`longbow-${number}`, { address, tags, incarnation: STARTED, seenAt: NOW - 400, ...fields });
}

const MEMBERS: readonly Member[] = [
	member('07', { incarnation: STARTED + 1 }),
	member('03', { tags: { lb: '1', grpc: '10.42.0.3:3000', meta: '10.42.0.3:3001', w: '2', ...ROLE } }),
	member('09', { state: 'dead', changedAt: NOW - 41_000, seenAt: NOW - 46_000 }),
	member('11', { tags: { ...ROLE }, own: false, incarnation: 12 }),
	member('12', { state: 'left', changedAt: NOW - 60_000, seenAt: NOW - 60_100 }),
	member('17', { state: 'suspect', changedAt: 100_004, seenAt: 99_412 }),
];
const RTT_MS: Readonly<Record<string, number>> = { 'longbow-03': 0.62, 'longbow-11': 140.4, 'longbow-17': 0.9 };
const DEAD_AT = 105_004;
const VIEWS = {
	of: 3,
	agree: 2,
	digest: '7f3a91c2000000ff',
	others: [{ member: 'longbow-17', digest: '03be44d0000000aa', heardAt: 99_412, differsSince: 99_000 }],
};

function mesh(): TestSource {
	const source = testSource([...MEMBERS]);
	const { ring, follow } = createRingFollower();
	const events: MeshEvent[] = [];
	const told = (event: object): void => void events.push({ ...event, seq: events.length + 1 } as MeshEvent);
	for (const each of MEMBERS) {
		const why = { code: each.name === SELF ? 'started' : 'heard' };
		told({ type: 'state', at: 90_000, member: { ...each, state: 'alive' }, from: 'none', to: 'alive', why });
	}
	const of = (name: string): Member => MEMBERS.find((each) => each.name === name) as Member;
	told({ type: 'refuted', at: 92_000, by: 'longbow-03', incarnation: STARTED + 1 });
	const dead = { code: 'not-refuted', suspectedAt: NOW - 46_000, confirmedBy: [SELF, 'longbow-03'] };
	told({ type: 'state', at: NOW - 41_000, member: of('longbow-09'), from: 'suspect', to: 'dead', why: dead });
	told({ type: 'state', at: NOW - 60_000, member: of('longbow-12'), from: 'alive', to: 'left', why: { code: 'left' } });
	const helpers = [
		{ name: 'longbow-03', answer: 'nack' },
		{ name: 'longbow-11', answer: undefined },
	];
	// A trouble that is over: it was declared dead, and refuted.
	const back = { ...of('longbow-11'), changedAt: 58_500 };
	const heard = { code: 'heard', by: 'longbow-09' };
	const expired = { code: 'not-refuted', suspectedAt: 50_000, confirmedBy: ['longbow-09', SELF] };
	told({ type: 'state', at: 50_000, member: back, from: 'alive', to: 'suspect', why: heard, deadAt: 55_000 });
	told({ type: 'state', at: 55_000, member: back, from: 'suspect', to: 'dead', why: expired });
	told({ type: 'state', at: 58_500, member: back, from: 'dead', to: 'alive', why: { code: 'refuted' } });
	const probe = { member: 'longbow-17', seqNo: 48_112, sentAt: 99_804, answer: 'none', helpers, stream: false };
	told({ type: 'probe', at: 100_004, ...probe, lastAckAt: 99_412, lastRttMs: 0.9 });
	const failed = {
		code: 'probe-failed',
		sentAt: 99_804,
		helpers: ['longbow-03', 'longbow-11'],
		nacks: 1,
		stream: false,
	};
	const suspect = of('longbow-17');
	told({ type: 'state', at: 100_004, member: suspect, from: 'alive', to: 'suspect', why: failed, deadAt: 130_004 });
	told({ type: 'confirmed', at: 100_310, member: suspect, by: 'longbow-03', deadAt: DEAD_AT });
	for (const event of events) {
		follow(event);
		source.emit(event);
	}
	source.clock = NOW;
	source.counters.probes = 240;
	source.counters.rtt.classes.set([20, 100, 100, 15]);
	Object.assign(source.counters.probeAnswers, { direct: 235, late: 3, none: 2 });
	Object.assign(source.counters.traffic.probe, { bytesSent: 22_800, bytesReceived: 23_100, packetsSent: 240 });
	return Object.assign(Object.defineProperty(source, 'ring', { value: ring }), {
		views: VIEWS,
		deadAt: (name: string) => (name === 'longbow-17' ? DEAD_AT : undefined),
		rttMs: (name: string) => RTT_MS[name],
		path: (name: string) => (name === 'longbow-11' ? 'stream' : 'udp') as 'stream' | 'udp',
		heardView: (name: string) => {
			if (name === 'longbow-03') return { digest: VIEWS.digest, heardAt: 101_500, differsSince: undefined };
			return name === 'longbow-17' ? VIEWS.others[0] : undefined;
		},
		sizes: { ...source.sizes, members: MEMBERS.length, bookAddresses: 31 },
	});
}

/** A visit of the doctor, as the agent would report it. */
const REPORT: DoctorReport = {
	schema: 1,
	self: SELF,
	ok: false,
	tookMs: 3_200,
	checks: [
		{ id: 'config', result: 'pass', text: 'valid; 3 of 41 values set', why: null, try: [], data: {} },
		{ id: 'dns', result: 'skip', text: 'not used', why: null, try: [], data: {} },
		{
			id: 'udp-in',
			result: 'fail',
			text: '0 of 3 members reach us at 10.42.0.7:7946; we reach 5 of 5',
			why: 'One way only. Others will suspect this node every few seconds.',
			try: ['an ingress rule for UDP 7946 on this node', 'LONGBOW_GOSSIP_ADVERTISE_ADDR if NAT changes the address'],
			data: { reached: 0, asked: 3 },
		},
		{
			id: 'clock',
			result: 'warn',
			text: 'event loop stalled 1.9s at 2026-11-22T13:59:28.000Z (p99 240ms)',
			why: 'While stalled this node does not accuse others, but others may suspect it.',
			try: ['raise the CPU limit'],
			data: {},
		},
	],
};

const COMMANDS: FlightServerOptions['commands'] = {
	join: async (peers) =>
		peers.map((peer, at) => {
			const [host = '', port] = peer.split(':');
			const address = { host, port: Number(port) };
			const silent = { address, ok: false, reason: 'no answer in 2s on udp or tcp' };
			return at === 0 ? { address, ok: true, via: 'udp' as const, members: 6 } : silent;
		}),
	leave: async () => ({ told: 4, of: 4, tookMs: 312 }),
	remove: async (name) => {
		const { state } = MEMBERS.find((each) => each.name === name) ?? {};
		if (state === undefined) throw Object.assign(new Error(`no member "${name}"`), { code: 'MESH_NO_MEMBER' });
		if (state === 'alive') throw Object.assign(new Error(`${name} is alive`), { code: 'MESH_MEMBER_ALIVE' });
	},
	setTags: async () => undefined,
	keys: () => ({
		member: SELF,
		keys: [
			{ key: 'b7f0', bits: 256, primary: true, heardMsAgo: 120 },
			{ key: '91ac', bits: 128, primary: false, heardMsAgo: null },
		],
	}),
	compareRings: async () => [
		{
			member: 'longbow-17',
			digest: '03be44d0000000aa',
			since: new Date(NOW_MS - 40_000).toISOString(),
			fingerprint: '9a01be77000000bb',
			problem: null,
			lacks: ['longbow-03'],
			adds: [],
		},
	],
	examine: async () => REPORT,
};

const FACTS = {
	version: '0.9.0',
	node: '20.20.2',
	loop: { p99Ms: 3.1, maxMs: 20 },
	keys: 2,
	label: 'prod-eu-1',
};

/** On a free port of loopback. */
export function openMesh(): Promise<FlightServer> {
	const addresses = ['10.42.0.3:7946', '10.42.0.9:7946'].map((text) => ({
		host: text.split(':')[0] ?? '',
		port: 7946,
	}));
	return createFlightServer({
		source: mesh(),
		commands: COMMANDS,
		facts: () => FACTS,
		discovery: () => [{ provider: 'k8s', addresses, answeredAtMs: NOW_MS - 2_000, errors: 0, problem: undefined }],
		address: '127.0.0.1:0',
	});
}
