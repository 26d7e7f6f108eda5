// Accusations that nobody heard: said into a cut, or by a member that was itself accused (X4).
import { describe, expect, it } from 'vitest';
import { World } from '../support/world.ts';

const UDP_ONLY = { streams: false } as const;

describe('X4: accusations that nobody admitted', () => {
	// The cut host suspects whom it cannot reach, and is suspect itself, so nobody listens. A round of probes takes 6.4 s,
	// so no member hears of its suspicion by chance in so short a time.
	it.each([1, 2, 3, 4, 5, 6])('are said again by whoever has refuted, so that the accused can (world %i)', (seed) => {
		const world = new World({ ...UDP_ONLY, seed });
		const [cut, ...others] = world.cluster(32);
		world.until(() => world.complete, 5_000);
		world.run(8_000);
		world.passes = (from, to) => from !== cut!.name && to !== cut!.name;
		world.until(() => cut!.view.includes('suspect') && others.some((host) => host.view.includes('n0:suspect')), 8_000);
		world.passes = () => true;
		const refuted = (): boolean => cut!.events.some(({ type }) => type === 'refuted');
		world.until(refuted, 3_000, 'the cut one has refuted');
		world.until(() => world.complete, 2_500, 'nobody is suspect any more');
		world.run(40_000);
		for (const host of world.hosts.values())
			expect(host.events.filter((event) => event.type === 'state' && event.to === 'dead')).toEqual([]);
	});
});
