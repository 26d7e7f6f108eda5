// A mesh of hundreds or thousands as one of its nodes would show it, written down instead of simulated, which takes minutes: for pictures and tests of the dashboard.

import { createHashRing } from '../../../src/ring/index.ts';
import {
	type Instant,
	type Member,
	type MemberState,
	type MeshEvent,
	randomBelow,
	seededRandom,
	type Why,
} from '../../../src/swim/index.ts';
import { type TestSource, testMember, testSource, WALL_OFFSET_MS } from '../status-source.ts';
import type { SimMesh, Story } from './sim-mesh.ts';

const BEGAN: Instant = 100_000;
/** Longer than the time panels reach back. */
const LASTED_MS = 700_000;
const SECOND_MS = 1_000;
const PROBES_PER_SECOND = 5;
const SELF = 7;
const ACCUSED = 1_139;
const LARGEST = 3_000;
const CONFIRMED_MS = 5_100;
const SUSPICION_MS = 30_000;
/** Of the first member, in the seconds of incarnations: two days before. */
const STARTED_S = 217_346_000;
/** Of the node that shows the page: as its clock begins. */
const SELF_STARTED_S = (WALL_OFFSET_MS + BEGAN - Date.UTC(2020, 0, 1)) / 1_000;
const ZONES = 3;

type Told<T> = T extends { readonly seq: number; readonly at: Instant } ? Omit<T, 'seq' | 'at'> : never;
/** What happens `at` so many milliseconds after the beginning. */
type Step = readonly [atMs: number, happens: (mesh: Table) => void];

export function tableMesh(count: number, story: Story): SimMesh {
	const mesh = new Table(count);
	const steps =
		story === 'healthy'
			? []
			: story === 'split'
				? split(count)
				: unwell((member) => (member % ZONES) + ZONES * Math.floor((member * count) / LARGEST / ZONES));
	let next = 0;
	for (let at = 0; at <= LASTED_MS; at += SECOND_MS) {
		for (; (steps[next]?.[0] ?? Infinity) <= at; next++) {
			mesh.source.clock = BEGAN + (steps[next] as Step)[0];
			(steps[next] as Step)[1](mesh);
		}
		mesh.source.clock = BEGAN + at;
		mesh.probe();
	}
	return { source: mesh.finish(story === 'suspect'), run: () => undefined };
}

/** Two restarts, a stall that was refuted; then two that crashed, and a zone that begins to fail. Written for 3,000; `at` keeps zones in smaller meshes. */
function unwell(at: (member: number) => number): Step[] {
	const of = (member: number, to: MemberState, why: Why) => (mesh: Table) => mesh.turn(at(member), to, why);
	const heard = (by: number): Why => ({ code: 'heard', by: nameOf(at(by)) });
	const dead = (by: number, suspectedMs: number): Why => ({
		code: 'not-refuted',
		suspectedAt: BEGAN + suspectedMs,
		confirmedBy: [nameOf(at(by)), nameOf(at(by) + 3)],
	});
	return [
		[180_000, of(4, 'left', { code: 'left' })],
		[195_000, of(4, 'alive', { code: 'returned' })],
		[260_000, of(5, 'left', { code: 'left' })],
		[275_000, of(5, 'alive', { code: 'returned' })],
		[420_000, of(20, 'suspect', heard(311))],
		[421_900, of(20, 'alive', { code: 'refuted' })],
		[500_000, of(2_312, 'suspect', heard(90))],
		[505_000, of(2_312, 'dead', dead(90, 500_000))],
		[610_000, of(1_209, 'left', { code: 'left' })],
		[654_000, of(209, 'suspect', heard(1_300))],
		[659_000, of(209, 'dead', dead(1_300, 654_000))],
		[695_200, of(1_433, 'suspect', heard(39))],
		[696_100, of(1_286, 'suspect', heard(144))],
		[697_300, of(2_435, 'suspect', heard(273))],
		[697_800, of(2_138, 'suspect', heard(810))],
		[698_000, (mesh) => mesh.accuse(at(ACCUSED), [at(39), at(143), at(273)])],
		[698_900, of(1_841, 'suspect', heard(143))],
	];
}

/** A zone is lost: each of its members is suspected within three seconds, and dead five seconds later. */
function split(count: number): Step[] {
	const random = seededRandom(count);
	const steps: Step[] = [];
	for (let lost = 2; lost < count; lost += ZONES) {
		const at = 655_000 + randomBelow(random, 3_000);
		const first = randomBelow(random, count / ZONES);
		const confirmedBy = [0, 1, 2].map((further) => nameOf(((first + further) * ZONES) % count));
		steps.push([at, (mesh) => mesh.turn(lost, 'suspect', { code: 'heard', by: confirmedBy[0]! })]);
		const why: Why = { code: 'not-refuted', suspectedAt: BEGAN + at, confirmedBy };
		steps.push([at + 5_000, (mesh) => mesh.turn(lost, 'dead', why)]);
	}
	return steps.sort(([a], [b]) => a - b);
}

function nameOf(at: number): string {
	return `longbow-${String(at).padStart(4, '0')}`;
}

class Table {
	readonly source: TestSource;
	readonly #members: Member[];
	readonly #random = seededRandom(7);
	readonly #rtts = new Map<string, number>();
	#accused = '';
	#seq = 0;
	#probed = 0;

	constructor(count: number) {
		this.#members = Array.from({ length: count }, (_, at) =>
			testMember(nameOf(at), {
				address: { host: `10.42.${at >> 8}.${at & 255}`, port: 7946 },
				tags: { role: 'store', meta: `10.42.${at >> 8}.${at & 255}:3001`, zone: `eu-1${'abc'[at % ZONES]}` },
				incarnation: at === SELF ? SELF_STARTED_S : STARTED_S + at,
				changedAt: BEGAN,
				seenAt: BEGAN,
			}),
		);
		const self = this.#members[SELF] as Member;
		this.source = testSource([self, ...this.#members.filter((member) => member !== self)]);
		this.source.clock = BEGAN;
		this.#tell({ type: 'state', member: self, from: 'none', to: 'alive', why: { code: 'started' } });
	}

	/** A second of probes: a zone further away takes longer, and a few are slow. */
	probe(): void {
		const { source } = this;
		for (let probes = 0; probes < PROBES_PER_SECOND; ) {
			const at = (this.#probed++ * 7) % this.#members.length;
			const member = this.#members[at] as Member;
			if (at === SELF) continue;
			probes++;
			const dice = randomBelow(this.#random, 1_000);
			const rtt = (0.5 + 0.3 * (at % ZONES)) * (0.8 + dice / 2_500) * (dice % 29 === 0 ? 6 : 1);
			if (member.state !== 'alive' || dice === 500) source.history.noteProbe(member.name, 'none', 0, source.clock);
			else {
				this.#rtts.set(member.name, rtt);
				this.#members[at] = { ...member, seenAt: source.clock };
				source.history.noteProbe(member.name, 'direct', rtt, source.clock);
			}
			for (const [kind, bytes] of [
				['probe', 64],
				['gossip', 24 + (dice % 30)],
			] as const) {
				source.counters.traffic[kind].bytesSent += 2 * bytes;
				source.counters.traffic[kind].bytesReceived += 2 * bytes - (dice % 9);
				source.counters.traffic[kind].packetsSent += 2;
				source.counters.traffic[kind].packetsReceived += 2;
			}
		}
	}

	turn(at: number, to: MemberState, why: Why): void {
		const before = this.#members[at] as Member;
		const member = { ...before, state: to, changedAt: this.source.clock };
		this.#members[at] = member;
		const deadAt = to === 'suspect' ? { deadAt: this.source.clock + SUSPICION_MS } : {};
		this.#tell({ type: 'state', member, from: before.state, to, why, ...deadAt });
	}

	/** By this node's own probe, and two others confirm. */
	accuse(at: number, by: readonly number[]): void {
		const { clock } = this.source;
		const { name, seenAt } = this.#members[at] as Member;
		const helpers = by.map(nameOf);
		this.#accused = name;
		this.source.clock = clock - 1;
		this.#tell({
			type: 'probe',
			member: name,
			seqNo: 48_112,
			sentAt: clock - 200,
			answer: 'none',
			helpers: helpers.map((helper, number) => ({ name: helper, answer: number < 2 ? 'nack' : undefined })),
			stream: true,
			lastAckAt: seenAt,
			lastRttMs: this.#rtts.get(name),
		});
		this.source.clock = clock;
		this.turn(at, 'suspect', { code: 'probe-failed', sentAt: clock - 200, helpers, nacks: 2, stream: true });
		for (const by of helpers.slice(0, 2)) {
			this.source.clock += 310;
			const member = this.#members[at] as Member;
			this.#tell({ type: 'confirmed', member, by, deadAt: clock + CONFIRMED_MS });
		}
	}

	/** `odd`: whether one view has differed for a while. */
	finish(odd: boolean): TestSource {
		const { source } = this;
		source.clock = BEGAN + LASTED_MS + 400;
		source.members = this.#members.slice();
		const ring = createHashRing();
		for (const { name, state } of this.#members) if (state === 'alive' || state === 'suspect') ring.add(name);
		const { length } = this.#members.filter(({ state }) => state === 'alive');
		const different = {
			member: nameOf(1),
			digest: '91c27f3a000000ff',
			heardAt: source.clock - 900,
			differsSince: BEGAN,
		};
		const others = odd ? [different] : [];
		Object.defineProperty(source, 'ring', { value: ring });
		return Object.assign(source, {
			rttMs: (name: string) => this.#rtts.get(name),
			deadAt: (name: string) => {
				const member = source.member(name);
				if (member?.state !== 'suspect') return undefined;
				return member.changedAt + (name === this.#accused ? CONFIRMED_MS : SUSPICION_MS);
			},
			views: { of: length, agree: length - others.length, digest: '7f3a91c2000000ff', others },
		} satisfies Partial<TestSource>);
	}

	#tell(event: Told<MeshEvent>): void {
		this.source.emit({ seq: ++this.#seq, at: this.source.clock, ...event } as MeshEvent);
	}
}
