// A flood of garbage on real sockets, shorter and thinner than `npm run bench -- flood`: nobody dies of it, and everybody is still heard.
import { expect, it } from 'vitest';
import { flood } from '../../bench/support/flooder.ts';
import { agree, at, log, start, states } from '../support/mesh.ts';

/** The seed's timing: a death takes five seconds of silence. */
const TIMING = { protocolPeriodMs: 200, ackTimeoutMs: 100, suspicionTimeoutMs: 5_000 };
const PER_SECOND = 4_000;
const SECONDS = 6;

it.each([
	['in clear', {}],
	['encrypted', { keys: [new Uint8Array(16).fill(4)] }],
])('attack: a flood of garbage from another address, %s, kills nobody', { timeout: 90_000 }, async (_how, options) => {
	const first = await start('a', { ...TIMING, ...options });
	const seeds = [at(first)];
	const others = ['b', 'c', 'd'].map((name) => start(name, { ...TIMING, ...options, seeds }));
	const meshes = [first, ...(await Promise.all(others))];
	await agree(meshes, 'a b c d');
	const events = meshes.map(log);
	const ports = meshes.map(({ address }) => address.port);
	// As long as a suspicion waits, and longer.
	const sent = await flood({ from: '127.0.0.2', ports, perSecond: PER_SECOND, seconds: SECONDS });
	expect(sent).toBeGreaterThan(1_000);
	const steps = events.flatMap((each) => ['a', 'b', 'c', 'd'].flatMap((name) => states(each, name)));
	expect(steps.filter((step) => step.endsWith('>dead'))).toEqual([]);
	for (const { status } of meshes) {
		const [worst] = status.refusedSources(1);
		expect(worst?.host).toBe('127.0.0.2');
		expect(worst?.refused).toBeGreaterThan(100);
		expect(status.counters.rejected.muted).toBeGreaterThan(0);
	}
	// Of the flood a part is told, at most a hundred events a second, and all of it is counted.
	const told = events.map((each) => each.filter(({ type }) => type === 'rejected').length);
	expect(Math.max(...told)).toBeLessThan(sent / 4);
	await agree(meshes, 'a b c d');
});
