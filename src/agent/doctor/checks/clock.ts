// Check `clock`: whether this process gets to run when it has to: stalls, a slow event loop, CPU limits, clocks that jump.

import { setTimeout as pause } from 'node:timers/promises';
import { durationText, rfc3339 } from '../../../status/index.ts';
import type { MeshEvent } from '../../../swim/index.ts';
import type { DoctorContext } from '../context.ts';
import { type Finding, pass, warn } from '../finding.ts';
import { plural } from '../text.ts';
import { readThrottling, type Throttling } from '../throttling.ts';

/** The event loop is watched for so long at least. */
const WATCH_MS = 1_000;
const RECENT_MS = 600_000;
/** Beyond these a fault is worth a word. */
const SLOW_LOOP_MS = 50;
const THROTTLED_SHARE = 0.05;
const JUMP_MS = 5_000;

type Stall = Extract<MeshEvent, { type: 'stall' }>;

export async function checkClock(context: DoctorContext): Promise<Finding> {
	await pause(WATCH_MS);
	const { source, wallJumpMs } = context;
	const { p99Ms, maxMs } = context.loopDelay();
	const stalls = source.evidence.own.filter(
		(event): event is Stall => event.type === 'stall' && event.at > source.now() - RECENT_MS,
	);
	const throttling = await readThrottling();
	const data = {
		loopP99Ms: round(p99Ms),
		loopMaxMs: round(maxMs),
		stalls: stalls.length,
		worstStallMs: round(Math.max(0, ...stalls.map(({ lateMs }) => lateMs))),
		wallJumpMs: round(wallJumpMs),
		...(throttling && { throttling }),
	};
	const loop = `event loop p99 ${durationText(p99Ms)}`;
	if (stalls.length > 0) return stalled(stalls, `${loop}${throttledText(throttling)}`, context, data);
	if (shareOf(throttling) > THROTTLED_SHARE) {
		const why = 'A process that has used up its share waits for the next period, and answers nothing meanwhile.';
		return warn(`${loop}${throttledText(throttling)}`, { why, try: [CPU], data });
	}
	if (p99Ms > Math.max(SLOW_LOOP_MS, context.config.gossip.ackTimeout / 2)) {
		const why = `Acks wait as long as the event loop does; ackTimeout is ${durationText(context.config.gossip.ackTimeout)}.`;
		return warn(`${loop}, no late timer`, { why, try: [CPU], data });
	}
	if (Math.abs(wallJumpMs) > JUMP_MS) {
		const way = wallJumpMs > 0 ? 'ahead' : 'back';
		return warn(`the wall clock jumped ${durationText(Math.abs(wallJumpMs))} ${way} since the start (VM suspended?)`, {
			why: 'Verdicts use the monotonic clock and were not affected; times in logs were.',
			data,
		});
	}
	return pass(`${loop}, no late timer${throttling ? ', cpu not throttled' : ''}`, data);
}

const CPU = 'raise the CPU limit, move synchronous work to a worker (docs/operating.md#stalls)';

function stalled(
	stalls: readonly Stall[],
	rest: string,
	{ source }: DoctorContext,
	data: Readonly<Record<string, unknown>>,
): Finding {
	const worst = stalls.reduce((a, b) => (b.lateMs > a.lateMs ? b : a));
	const at = rfc3339(source.wallMs(worst.at));
	const times = stalls.length > 1 ? `; ${plural(stalls.length, 'stall')} in 10m` : '';
	return warn(`this process stalled ${durationText(worst.lateMs)} until ${at}${times} (${rest})`, {
		why: 'While stalled this node does not accuse others, but others may suspect it.',
		try: [CPU],
		data,
	});
}

function shareOf(throttling: Throttling | undefined): number {
	return throttling ? throttling.throttled / throttling.periods : 0;
}

function throttledText(throttling: Throttling | undefined): string {
	return throttling && throttling.throttled > 0
		? `; cpu throttled in ${(100 * shareOf(throttling)).toFixed(1)}% of periods`
		: '';
}

function round(ms: number): number {
	return Math.round(ms * 10) / 10;
}
