// One member that hears nothing, or says nothing, or both, for minutes: nobody else dies of it (X4).
import { describe, expect, it } from 'vitest';
import { type Host, World } from '../support/world.ts';

const FIVE_MINUTES_MS = 300_000;
const PATIENCE_MS = 60_000;

type Passes = (from: string, to: string) => boolean;

const AILMENTS: readonly (readonly [what: string, streams: boolean, passes: (ill: string) => Passes])[] = [
	['deaf', false, (ill) => (_, to) => to !== ill],
	['deaf', true, (ill) => (_, to) => to !== ill],
	['mute', false, (ill) => (from) => from !== ill],
	['deaf and mute', false, (ill) => (from, to) => from !== ill && to !== ill],
];

/** Deaths that a host told of. The ill one itself reaches nobody, so its own view is another matter. */
function dead(host: Host): string[] {
	return host.events.flatMap((event) => (event.type === 'state' && event.to === 'dead' ? [event.member.name] : []));
}

describe.each(AILMENTS)('X4: one of 32 is %s for five minutes, streams %s', (_, streams, passes) => {
	it.each([1, 2])(
		'no other member dies in the view of any other, and it is welcomed back (world %i)',
		(seed) => {
			const world = new World({ streams, seed });
			const hosts = world.cluster(32);
			world.until(() => world.complete, 5_000, 'complete views');
			world.run(5_000 + 317 * seed);
			const ill = hosts[seed * 7]!;
			const others = hosts.filter((host) => host !== ill);
			world.passes = passes(ill.name);
			world.run(FIVE_MINUTES_MS);
			for (const host of others) expect(dead(host)).toEqual([ill.name]);
			world.passes = () => true;
			world.until(() => world.complete, 10_000, 'one view again within two reconnect intervals');
			const digests = (): Set<string> => new Set(hosts.map((host) => JSON.stringify(host.machine.digest)));
			world.until(() => digests().size === 1, 2_000, 'one digest');
			for (const host of others) expect(dead(host)).toEqual([ill.name]);
		},
		PATIENCE_MS,
	);
});
