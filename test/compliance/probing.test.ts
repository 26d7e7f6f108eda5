// The rhythm of probes on real sockets, at the seed's own timing.
import { expect, it } from 'vitest';
import { agree, at, start } from '../support/mesh.ts';
import { until } from '../support/until.ts';

const SEED_TIMING = { protocolPeriodMs: 200, ackTimeoutMs: 100, suspicionTimeoutMs: 5_000, streams: false };

it('seed 01: a member is pinged directly every protocolPeriod (200 ms), on real sockets', async () => {
	const first = await start('a', SEED_TIMING);
	const seeds = [at(first)];
	const meshes = [first, ...(await Promise.all(['b', 'c', 'd'].map((name) => start(name, { ...SEED_TIMING, seeds }))))];
	await agree(meshes, 'a b c d');
	const probesOf = (): number[] => meshes.map((mesh) => mesh.status.counters.probes);
	const before = probesOf();
	const begun = performance.now();
	await until('fifteen probes of the first', () => probesOf()[0]! - before[0]! >= 15, 20_000);
	const periods = (performance.now() - begun) / SEED_TIMING.protocolPeriodMs;
	// A loaded machine may skip a beat; it never probes more often than once a period.
	for (const [i, probes] of probesOf().entries()) {
		expect(probes - before[i]!).toBeLessThanOrEqual(Math.ceil(periods) + 1);
		expect(probes - before[i]!).toBeGreaterThan(periods / 2);
	}
});

it('seed 10: a node whose five seeds start four seconds later than itself still joins, over packets alone', async () => {
	const places = await Promise.all(Array.from({ length: 5 }, (_, i) => start(`later-${i}`, { streams: false })));
	const seeds = places.map(at);
	const ports = places.map((mesh) => mesh.address.port);
	await Promise.all(places.map((mesh) => mesh.close()));
	const early = await start('early', { ...SEED_TIMING, seeds });
	const begun = performance.now();
	await until('four seconds alone', () => performance.now() - begun > 4_000);
	expect(early.members).toHaveLength(1);
	const later = await Promise.all(
		ports.map((port, i) => start(`later-${i}`, { ...SEED_TIMING, port, seeds: i === 0 ? [] : [seeds[0]!] })),
	);
	await agree([early, ...later], 'early later-0 later-1 later-2 later-3 later-4');
});
