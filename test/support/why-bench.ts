// A simulated cluster whose hosts are asked why: faults go in, conclusions come out.

import { type WhyDocument, whyDocument } from '../../src/status/index.ts';
import { followStatus } from './sim-status.ts';
import { type Host, type HostOptions, World } from './world.ts';

export interface Bench {
	readonly world: World;
	readonly hosts: Host[];
	/** `at` in milliseconds of the wall clock since 1970. */
	why(observer: number, member: number | string, at?: number): WhyDocument;
}

/** So many hosts, n0 and on, that know each other and have been well for a while. */
export function bench(
	count: number,
	options: ConstructorParameters<typeof World>[0] = { streams: false },
	each: (i: number) => HostOptions = () => ({}),
): Bench {
	const world = new World(options);
	const source = followStatus(world);
	const hosts = Array.from({ length: count }, (_, i) => world.add(`n${i}`, each(i)));
	for (const host of hosts.slice(1)) world.discover(host, [hosts[0]!]);
	world.until(() => world.complete, 10_000);
	world.run(5_000);
	const why = (observer: number, member: number | string, at?: number): WhyDocument =>
		whyDocument(source(hosts[observer]!), typeof member === 'string' ? member : `n${member}`, at)!;
	return { world, hosts, why };
}

export function untilState(
	{ world, hosts }: Bench,
	observer: number,
	member: number,
	state: string,
	mostMs = 60_000,
): void {
	const of = (): string | undefined => hosts[observer]!.machine.member(`n${member}`)?.state;
	world.until(() => of() === state, mostMs, `n${member} ${state} at n${observer}`);
}

export const kinds = (document: WhyDocument): string[] => document.timeline.map(({ kind }) => kind);
