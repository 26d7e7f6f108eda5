// What a storm costs the page: 600 members, 60 changes of state a second, in a real browser. UX §6 row 25: 8 ms a frame.
//   npm run bench -- storm [members] [changes a second] [seconds] [picture]

import { openBrowser, visit } from '../test/support/dashboard/browser.ts';
import { serveStorm } from '../test/support/dashboard/storm.ts';

const [members = 600, changes = 60, seconds = 15] = process.argv.slice(2, 5).map(Number);
/** Where to leave a picture of it. */
const picture = process.argv[5];
const FRAME_MS = 1_000 / 60;
/** Tasks, names of threads, and where a frame begins. */
const TRACED = ['toplevel', '__metadata', 'disabled-by-default-devtools.timeline.frame'];

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
	readonly args: { readonly name?: string; readonly src_file?: string };
}

const browser = await openBrowser();
const storm = await serveStorm(members, changes);
try {
	const { page, problems } = await visit(browser, storm.url);
	await page.waitForSelector('h1');
	await page.waitForTimeout(2_000);
	const before = storm.changes();
	await browser.startTracing(page, { categories: TRACED });
	await page.waitForTimeout(seconds * 1_000);
	const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
	console.log(`${members} members, ${(storm.changes() - before) / seconds} changes of state a second, ${seconds} s`);
	console.log("processor time of the page's main thread by frames of the browser:");
	tell("the page's own work", traceEvents, (task) => !isCollector(task));
	tell("and the browser's garbage collection", traceEvents, () => true);
	for (const problem of problems) console.log(`problem: ${problem}`);
	if (picture !== undefined) await page.screenshot({ path: picture });
} finally {
	await browser.close();
	await storm.close();
}

function tell(what: string, events: readonly TraceEvent[], counts: (task: TraceEvent) => boolean): void {
	const frames = busyByFrame(events, counts);
	const at = (part: number): string => (frames[Math.floor(part * (frames.length - 1))] ?? Number.NaN).toFixed(1);
	const late = frames.filter((ms) => ms > 8).length;
	const figures = `p50 ${at(0.5)} ms   p90 ${at(0.9)}   p99 ${at(0.99)}   max ${at(1)}   above 8 ms: ${late} of ${frames.length}`;
	console.log(`${what.padEnd(37)} ${figures}`);
}

/** Tasks that the collectors of JavaScript and of the document queue for themselves. */
function isCollector({ args }: TraceEvent): boolean {
	return /v8\/src\/heap\//.test(args.src_file ?? '');
}

/** How long the page's main thread worked in each frame, shortest first. A task counts once, whatever is told of within it. */
function busyByFrame(events: readonly TraceEvent[], counts: (task: TraceEvent) => boolean): number[] {
	const tasks = events.filter(({ name, ph }) => ph === 'X' && /RunTask$/.test(name));
	const mains = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
	const [main, busiest] = mains
		.map((thread) => [thread, outermost(tasks.filter((task) => isOf(task, thread)))] as const)
		.sort(([, a], [, b]) => b.length - a.length)[0] ?? [undefined, []];
	const begun = events.filter((event) => event.name === 'BeginMainThreadFrame' && main && isOf(event, main));
	const starts = frameStarts(
		busiest,
		begun.map(({ ts }) => ts),
	);
	if (starts.length < 2) throw new Error('the trace holds no frame of the page');
	const frames = new Array<number>(starts.length).fill(0);
	let frame = 0;
	for (const task of busiest) {
		const { ts, dur = 0, tdur = dur } = task;
		while (ts >= (starts[frame + 1] ?? Number.POSITIVE_INFINITY)) frame++;
		if (ts >= starts[0]! && counts(task)) frames[frame]! += tdur / 1_000;
	}
	return frames.sort((a, b) => a - b);
}

/** Microseconds: with the tasks in which the browser began its frames, and a frame's length apart where it drew none. */
function frameStarts(tasks: readonly TraceEvent[], begunAt: readonly number[]): number[] {
	const begun = new Set(begunAt.map((at) => tasks.findLast(({ ts }) => ts <= at)?.ts ?? at));
	const starts: number[] = [];
	for (const at of [...begun, tasks.at(-1)?.ts ?? 0].sort((a, b) => a - b)) {
		const last = starts.at(-1) ?? at;
		const without = Math.max(0, Math.round((at - last) / 1_000 / FRAME_MS) - 1);
		for (let i = 1; i <= without; i++) starts.push(last + i * FRAME_MS * 1_000);
		starts.push(at);
	}
	return starts;
}

function isOf(event: TraceEvent, thread: TraceEvent): boolean {
	return event.pid === thread.pid && event.tid === thread.tid;
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
