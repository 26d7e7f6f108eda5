// A storm over the dashboard: a node of 600 members whose states change many times a second, behind the real HTTP service.

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
	const timer = setInterval(() => {
		source.clock = 100_000 + performance.now() - began;
		const due = ((performance.now() - began) / 1_000) * changesPerSecond;
		for (; changes < due; changes++) change(source, randomBelow(random, members), random.uint32(), changes + 1);
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
