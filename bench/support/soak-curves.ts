// What a soak's samples say: the slope of a quantity, and the curves of memory, handles, timers and queues.

import { type Curve, plotSvg } from './plot.ts';
import type { SoakAgent } from './soak-agent.ts';
import type { Sample } from './soak-node.ts';
import type { SoakProcess } from './soak-process.ts';

const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;

type Point = readonly [atMs: number, value: number];

/** Of the straight line that fits best (least squares). */
export function slopePerMinute(points: readonly Point[]): number {
	const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
	const [x, y] = [mean(0), mean(1)];
	const across = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
	const spread = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
	return spread === 0 ? 0 : (across / spread) * MINUTE_MS;
}

/** Memory of the agent and of a node that stays beside its handles and timers, its queue, and its tables. */
export function soakPlot(stayers: readonly SoakProcess[], agent: SoakAgent): string {
	const [stayer] = stayers;
	if (stayer === undefined) throw new RangeError('stayers: empty');
	const beganAt = stayer.samples[0]?.at ?? 0;
	const minute = (at: number): number => (at - beganAt) / MINUTE_MS;
	const of = (label: string, key: keyof Sample, unit = 1): Curve => ({
		label,
		points: stayer.samples.map(({ at, sample }) => [minute(at), sample[key] / unit]),
	});
	const agentCurve = (label: string, key: 'rss' | 'files', unit = 1): Curve => ({
		label,
		points: agent.samples.map((sample) => [minute(sample.at), sample[key] / unit]),
	});
	return plotSvg({
		xTitle: 'minutes',
		panels: [
			{
				title: 'Memory',
				yTitle: 'MiB',
				curves: [
					agentCurve('resident, agent', 'rss', MIB),
					of('resident, node', 'rss', MIB),
					of('heap, node', 'heap', MIB),
				],
			},
			{
				title: 'Handles and timers',
				yTitle: 'open at a time',
				curves: [agentCurve('files, agent', 'files'), of('handles, node', 'handles'), of('timers, node', 'timers')],
			},
			{
				title: 'Queues of a node',
				yTitle: 'entries',
				curves: [of('updates to spread', 'updates'), of('streams', 'streams'), of('relays', 'relays')],
			},
			{
				title: 'Tables of a node',
				yTitle: 'entries',
				curves: [of('members, dead ones too', 'members'), of('tombstones', 'tombstones'), of('address book', 'book')],
			},
		],
	});
}
