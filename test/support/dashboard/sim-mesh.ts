// A simulated mesh with a story, and what one of its nodes would show of it: for pictures and tests of the dashboard.

import { Cluster, type LinkWeather, type SimHost } from '../../../src/sim/index.ts';
import { NodeStatus, type StatusSource, whyDocument } from '../../../src/status/index.ts';

export type Story = 'healthy' | 'suspect' | 'split';

export interface SimMesh {
	/** As the node longbow-07, or the first one of a small mesh, sees it. */
	readonly source: StatusSource;
	/** Lets simulated time pass. */
	run(ms: number): void;
}

/** In a small mesh every node is followed, and the one shown is the one whose own probe failed. */
const FEW = 24;

function accuses(source: StatusSource): boolean {
	const suspect = source.members.find(({ state }) => state === 'suspect');
	const why = suspect && whyDocument(source, suspect.name);
	return why?.timeline.some(({ kind, by }) => kind === 'suspect' && by === source.self.name) ?? false;
}

/** A data centre: half a millisecond, with a tail. */
const WEATHER: LinkWeather = {
	loss: 0.002,
	burstStart: 0,
	burstLoss: 0,
	burstPackets: 10,
	delayMs: 0.25,
	jitterMs: 0.35,
	reorder: 0,
	reorderMs: 5,
	duplication: 0,
	mtuBytes: 65_507,
};
const ZONES = ['eu-1a', 'eu-1b', 'eu-1c'];
/** Larger meshes are followed for less time: a minute of 600 nodes is 360,000 packets. */
const HISTORY_MS: readonly (readonly [members: number, ms: number])[] = [
	[24, 720_000],
	[300, 60_000],
	[600, 40_000],
	[3_000, 12_000],
];

export function simulateMesh(members: number, story: Story): SimMesh {
	const sim = new Cluster({ seed: 7, weather: WEATHER });
	const statuses = new Map<SimHost, NodeStatus>();
	const digits = String(members - 1).length;
	const names = Array.from({ length: members }, (_, at) => `longbow-${String(at).padStart(Math.max(2, digits), '0')}`);
	const zoneOf = (name: string): string => ZONES[Number(name.split('-')[1]) % ZONES.length]!;
	const watched = names[members > 7 ? 7 : 0]!;
	sim.observe({
		started(host) {
			if (members > FEW && host.name !== watched) return;
			const wallMs = (instant: number): number => sim.wallMs - sim.now + host.startedAt + instant;
			statuses.set(host, new NodeStatus({ machine: host.machine, now: () => host.clock(sim.now), wallMs }));
		},
		event: (host, event) => statuses.get(host)?.note(event),
	});
	start(sim, names, zoneOf);
	const history = HISTORY_MS.find(([most]) => members <= most)?.[1] ?? 20_000;
	tell(story, sim, names, zoneOf, history);
	const accuser = [...statuses].find(([, { source }]) => accuses(source));
	const { source } =
		(members <= FEW && story === 'suspect' ? accuser?.[1] : undefined) ?? statuses.get(sim.hosts.get(watched)!)!;
	return { source, run: (ms) => sim.run(ms) };
}

function start(sim: Cluster, names: readonly string[], zoneOf: (name: string) => string): void {
	const first = add(sim, names[0]!, zoneOf);
	for (const [at, name] of names.slice(1).entries()) {
		// Not all at once: the last ones of a large mesh come when the first ones know each other.
		if (at % 200 === 199) sim.run(500);
		sim.discover(add(sim, name, zoneOf), [first]);
	}
	const all = (): boolean => [...sim.hosts.values()].every(({ machine }) => machine.members().length === names.length);
	for (let waits = 0; !all(); waits++) {
		if (waits === 60) throw new Error('the simulated mesh did not become whole in a minute');
		sim.run(1_000);
	}
	sim.run(2_000);
}

function add(sim: Cluster, name: string, zoneOf: (name: string) => string): SimHost {
	const number = Number(name.split('-')[1]);
	const meta = `10.42.${number >> 8}.${number & 255}:3001`;
	return sim.add(name, { tags: { role: 'store', meta, zone: zoneOf(name) } });
}

function tell(
	story: Story,
	sim: Cluster,
	names: readonly string[],
	zoneOf: (name: string) => string,
	history: number,
): void {
	const host = (at: number): SimHost => sim.hosts.get(names[at]!)!;
	if (names.length > 20 && story !== 'healthy') {
		// A rolling restart of three, a stall that is refuted, a crash: what an ordinary ten minutes may hold.
		const step = history / 12;
		sim.run(step);
		for (const at of [6, 5, 4]) {
			sim.ask(host(at), { type: 'leave' });
			sim.run(Math.min(3_000, step));
			sim.kill(host(at));
			sim.run(Math.min(12_000, step));
			sim.discover(add(sim, names[at]!, zoneOf), [host(0)]);
			sim.run(step);
		}
		sim.stall(host(20), 1_900);
		sim.run(step);
	}
	if (story === 'healthy') sim.run(history);
	else if (story === 'split') splitZone(sim, zoneOf, history);
	else crash(sim, names, history);
}

function splitZone(sim: Cluster, zoneOf: (name: string) => string, history: number): void {
	sim.run(history / 4);
	const cut = (name: string): boolean => zoneOf(name) === ZONES[2];
	sim.network.impose({ applies: (from, to) => cut(from.name) !== cut(to.name), packetLoss: 1, streams: false });
	sim.run(45_000);
}

/** One dead for 41 s, one suspect for two. */
function crash(sim: Cluster, names: readonly string[], history: number): void {
	sim.run(history / 4);
	const [dead, suspect] = names.length > 20 ? [9, 17] : [undefined, 2];
	if (dead !== undefined) {
		sim.kill(sim.hosts.get(names[dead]!)!);
		sim.run(Math.min(46_000, Math.max(12_000, history / 4)));
	}
	const watched = sim.hosts.get(names[names.length > 7 ? 7 : 0]!)!;
	const name = names[suspect]!;
	sim.kill(sim.hosts.get(name)!);
	for (let waits = 0; watched.machine.member(name)?.state !== 'suspect'; waits++) {
		if (waits === 300) throw new Error(`${name} was not suspected in half a minute`);
		sim.run(100);
	}
	sim.run(1_900);
}
