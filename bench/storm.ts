// What a storm costs the page: 600 members, 60 changes of state a second, in a real browser. UX §6 row 25: 8 ms a frame.
//   npm run bench -- storm [members] [changes a second] [seconds] [picture]

import { openBrowser, visit } from '../test/support/dashboard/browser.ts';
import { serveStorm } from '../test/support/dashboard/storm.ts';

const [members = 600, changes = 60, seconds = 15] = process.argv.slice(2, 5).map(Number);
/** Where to leave a picture of it. */
const picture = process.argv[5];
const FRAME_MS = 1_000 / 60;

interface TraceEvent {
	readonly name: string;
	readonly ph: string;
	readonly tid: number;
	readonly pid: number;
	/** Microseconds. */
	readonly ts: number;
	readonly dur?: number;
	/** Of that, on the processor: what a loaded machine does not lengthen. */
	readonly tdur?: number;
	readonly args: { readonly name?: string };
}

const browser = await openBrowser();
const storm = await serveStorm(members, changes);
try {
	const { page, problems } = await visit(browser, storm.url);
	await page.waitForSelector('h1');
	await page.waitForTimeout(2_000);
	const before = storm.changes();
	await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
	await page.waitForTimeout(seconds * 1_000);
	const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
	const frames = busyByFrame(traceEvents);
	const at = (part: number): string => (frames[Math.floor(part * (frames.length - 1))] ?? Number.NaN).toFixed(1);
	const late = frames.filter((ms) => ms > 8).length;
	console.log(`${members} members, ${(storm.changes() - before) / seconds} changes of state a second, ${seconds} s`);
	console.log(
		`processor time of the page's main thread by frames of ${FRAME_MS.toFixed(1)} ms, ${frames.length} of them:`,
	);
	console.log(`p50 ${at(0.5)} ms   p90 ${at(0.9)}   p99 ${at(0.99)}   max ${at(1)}   above 8 ms: ${late}`);
	for (const problem of problems) console.log(`problem: ${problem}`);
	if (picture !== undefined) await page.screenshot({ path: picture });
} finally {
	await browser.close();
	await storm.close();
}

/** How long the page's main thread worked in each frame, shortest first. A task counts once, whatever is told of within it. */
function busyByFrame(events: readonly TraceEvent[]): number[] {
	const tasks = events.filter(({ name, ph }) => ph === 'X' && /RunTask$/.test(name));
	const mains = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
	const busiest = mains
		.map(({ pid, tid }) => outermost(tasks.filter((task) => task.pid === pid && task.tid === tid)))
		.sort((a, b) => b.length - a.length)[0];
	if (!busiest || busiest.length === 0) throw new Error('the trace holds no task of the page');
	const begins = Math.min(...busiest.map(({ ts }) => ts));
	const ends = Math.max(...busiest.map(({ ts, dur = 0 }) => ts + dur));
	const frames = new Array<number>(Math.ceil((ends - begins) / 1_000 / FRAME_MS)).fill(0);
	for (const { ts, dur = 0, tdur = dur } of busiest) {
		const frame = Math.floor((ts - begins) / 1_000 / FRAME_MS);
		frames[frame] = (frames[frame] ?? 0) + tdur / 1_000;
	}
	return frames.sort((a, b) => a - b);
}

function outermost(tasks: readonly TraceEvent[]): TraceEvent[] {
	let ends = Number.NEGATIVE_INFINITY;
	return tasks
		.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))
		.filter(({ ts, dur = 0 }) => {
			const isOuter = ts >= ends;
			if (isOuter) ends = ts + dur;
			return isOuter;
		});
}
