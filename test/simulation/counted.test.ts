// Counters of the machine held against what an outsider sees of the same run.

import { expect, it } from 'vitest';
import { World } from '../support/world.ts';

it('counts accusations by its own probes, and bytes on streams as the other end does', () => {
	const world = new World({ seed: 3, streams: true });
	const hosts = world.cluster(6, { extensions: false }); // foreign members sync over streams
	world.join(hosts[5]!, [hosts[0]!.address]);
	world.until(() => world.complete, 20_000);
	world.run(2_000);
	const all = hosts.map(({ machine }) => machine.counters);
	const sum = (key: 'streamBytesSent' | 'streamBytesReceived' | 'accusations'): number =>
		all.reduce((total, counters) => total + counters[key], 0);
	expect(sum('streamBytesSent')).toBeGreaterThan(0);
	expect(sum('streamBytesReceived')).toBe(sum('streamBytesSent'));
	expect(sum('accusations')).toBe(0);
	world.kill(hosts[4]!);
	world.run(3_000);
	const told = hosts.flatMap(({ events }) =>
		events.filter((event) => event.type === 'state' && event.why.code === 'probe-failed'),
	);
	expect(told.length).toBeGreaterThan(0);
	expect(sum('accusations')).toBe(told.length);
});
