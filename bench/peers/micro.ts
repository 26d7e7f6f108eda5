// One packet, no sockets: what decoding it, handling it and writing the answer costs on one core, for the same bytes.

import { known, packets, SETTLING_PINGS } from '../support/handling.ts';
import { askInTurns, type Bench, withAll } from './bench.ts';
import { Comparison } from './comparison.ts';

const PACKETS = [
	'foreign ping → ack',
	'foreign ping + 5 known alives → ack',
	'gossip of 10 known alives',
] as const satisfies readonly (keyof typeof packets)[];
const TIMES = 50_000;

export function micro({ report, sides, quick, runs }: Bench): Promise<void> {
	const beside = new Comparison(report, 'micro', sides);
	return withAll(sides, async (contenders) => {
		const first = { packet: toBase64(packets['foreign ping → ack']), times: SETTLING_PINGS };
		for (const contender of contenders) {
			await contender.ask('known', { known: known.map(toBase64) });
			await contender.ask('handle', first);
		}
		for (const what of PACKETS) {
			const asked = { packet: toBase64(packets[what]), times: TIMES };
			for (const contender of contenders) await contender.ask('handle', asked);
			const times = runs ?? (quick ? 3 : 9);
			const costs = await askInTurns(contenders, times, `micro, ${what}`, (each) => each.ask('handle', asked));
			const expected = what.endsWith('ack') ? 1 : 0;
			if (costs.flat().some(({ answers }) => answers !== expected)) throw new Error(`${what}: not each was answered`);
			beside.add(1, costs, {
				[`${what}: thousand packets/s`]: ({ us }) => 1e3 / us,
				[`${what}: bytes allocated`]: ({ bytes }) => bytes,
				// Of ours only the bytes are known.
				[`${what}: objects allocated`]: ({ objects }) => objects ?? undefined,
			});
		}
	});
}

function toBase64(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('base64');
}
