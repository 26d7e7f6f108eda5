// A partition into two halves, and its healing without an operator.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { staysFor } from '../interop/support/quiet.ts';
import { until } from '../support/until.ts';
import { Cluster, figure, fingerprintOf } from './support/cluster.ts';
import { describeInNamespaces } from './support/describe.ts';

const LASTS_MS = 12_000;
/** Two turns of the reconnector (X11), and time for the news to spread. */
const HEALS_WITHIN_MS = 12_000;

describeInNamespaces('eight agents, four on each side', () => {
	let cluster: Cluster;

	beforeAll(async () => {
		cluster = await Cluster.start({ hosts: 8 });
	});
	afterAll(() => cluster?.close());

	it('seed 25: each half goes on by itself, and both are one again soon after the heal', async () => {
		const before = await cluster.agree();
		const halves = [cluster.agents.slice(0, 4), cluster.agents.slice(4)] as const;
		const names = halves.map((half) => half.map(({ name }) => name));
		const [left, right] = halves.map((half) => half.map(({ host }) => host));
		const cutAt = Date.now();
		await cluster.switchboard.part(left!, right!);

		for (const [i, half] of halves.entries()) {
			const gone = `${names[1 - i]}`;
			await until(`${gone} are dead`, () => half.every((agent) => `${agent.those('dead')}` === gone), LASTS_MS);
		}
		const deaths = cluster.deathsSince(cutAt);
		figure(`partition 4|4: deaths after ${deaths[0]!.at - cutAt} to ${deaths.at(-1)!.at - cutAt} ms`);
		for (const [i, half] of halves.entries()) {
			expect(await cluster.agree(half), `ring of ${names[i]}`).toBe(fingerprintOf(names[i]!));
		}
		const others = (agent: string): string =>
			`${names.find((half) => half.includes(agent))!.filter((name) => name !== agent)}`;
		await staysFor(LASTS_MS - (Date.now() - cutAt), async () => {
			for (const agent of cluster.agents) expect(`${agent.those('alive')}`).toBe(others(agent.name));
		});

		const healedAt = Date.now();
		await cluster.switchboard.heal();
		await cluster.isWhole(HEALS_WITHIN_MS);
		const steps = cluster.stepsSince(healedAt);
		figure(
			`partition healed: first contact after ${steps[0]!.at - healedAt} ms, whole after ${steps.at(-1)!.at - healedAt} ms`,
		);
		expect(await cluster.agree()).toBe(before);
		// The memory of the other half kills nobody whom its own half holds alive (decision 011).
		expect(cluster.deathsSince(healedAt).filter(({ from }) => from === 'alive')).toEqual([]);
	});
});
