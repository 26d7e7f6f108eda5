// A storm over the dashboard: a node whose members change their states many times a second while it probes them, behind the real HTTP service.

import { resolve } from 'node:path';
import { createHttpServer } from '../../../src/http/index.ts';
import { type Member, type MemberState, type MeshEvent, randomBelow, seededRandom } from '../../../src/swim/index.ts';
import { type TestSource, testFacts, testMember, testSource } from '../status-source.ts';

export interface Storm {
	readonly url: string;
	/** Changes of state so far. */
	changes(): number;
	close(): Promise<void>;
}

const STEP_MS = 50;
const PROBES_PER_SECOND = 5;
const SUSPICION_MS = 30_000;
const NEXT: Readonly<Record<MemberState, readonly MemberState[]>> = {
	alive: ['suspect'],
	suspect: ['alive', 'alive', 'dead'],
	dead: ['alive'],
	left: ['alive'],
};

export async function serveStorm(members: number, changesPerSecond: number): Promise<Storm> {
	const digits = String(members - 1).length;
	const source = testSource(
		Array.from({ length: members }, (_, at) =>
			testMember(`longbow-${String(at).padStart(digits, '0')}`, { tags: { zone: `eu-1${'abc'[at % 3]}` } }),
		),
	);
	const rtts = new Map<string, number>();
	Object.assign(source, {
		rttMs: (name: string) => rtts.get(name),
		deadAt: (name: string) => {
			const member = source.member(name);
			return member?.state === 'suspect' ? member.changedAt + SUSPICION_MS : undefined;
		},
	} satisfies Partial<TestSource>);
	const server = await createHttpServer({
		source,
		ready: () => ({ ready: true, reasons: [] }),
		facts: testFacts,
		dashboard: resolve('dist/dashboard'),
		address: '127.0.0.1:0',
	});
	const random = seededRandom(7);
	const began = performance.now();
	let changes = 0;
	let probes = 0;
	const timer = setInterval(() => {
		source.clock = 100_000 + performance.now() - began;
		const seconds = (performance.now() - began) / 1_000;
		for (; changes < seconds * changesPerSecond; changes++) {
			change(source, randomBelow(random, members), random.uint32(), changes + 1);
		}
		for (; probes < seconds * PROBES_PER_SECOND; probes++) {
			const { name } = source.members[(probes % (members - 1)) + 1] as Member;
			rtts.set(name, 0.5 + randomBelow(random, 1_000) / 1_000);
			source.history.noteProbe(name, 'direct', rtts.get(name) as number, source.clock);
			source.counters.traffic.probe.bytesSent += 60;
			source.counters.traffic.probe.packetsSent++;
		}
	}, STEP_MS);
	return {
		url: `http://${server.address}/`,
		changes: () => changes,
		close: async () => {
			clearInterval(timer);
			await server.close();
		},
	};
}

function change(source: TestSource, at: number, dice: number, seq: number): void {
	const before = source.members[at] as Member;
	const choices = NEXT[before.state];
	const to = choices[dice % choices.length] as MemberState;
	const member = { ...before, state: to, incarnation: before.incarnation + 1, changedAt: source.clock };
	source.members = source.members.with(at, member);
	const why = { code: 'heard' } as const;
	source.emit({ type: 'state', seq, at: source.clock, member, from: before.state, to, why } as MeshEvent);
}
