// The dashboard with thousands of members in Debian's Chromium: first verdict, and under a storm of changes what a delta takes to the screen, and the heap.
//   npm run bench -- dashboard-large [members] [minutes] [changes a second] [picture.png]

import { loadavg } from 'node:os';
import { DESKTOP, openBrowser, visit } from '../test/support/dashboard/browser.ts';
import { layoutProblems } from '../test/support/dashboard/layout-problems.mjs';
import { serveStorm } from '../test/support/dashboard/storm.ts';
import { round, spread } from './support/report.ts';

const [members = 3_000, minutes = 1, changes = 60] = process.argv.slice(2, 5).map(Number);
const picture = process.argv[5];
const VISITS = 9;
const MINUTE_MS = 60_000;

/** Told by the page itself: whoever asks from outside hears it late. A frame is over when the task that it posts runs. */
const STOPWATCH = `
	const frame = (took) => requestAnimationFrame(() => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => took(performance.now());
		port2.postMessage(0);
	});
	window.deltas = [];
	window.tasks = [];
	const { parse } = JSON;
	JSON.parse = (text) => {
		const came = performance.now();
		const document = parse(text);
		if (document.members && !document.node) frame((shown) => window.deltas.push(shown - came));
		return document;
	};
	new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
	new MutationObserver((_, observer) => {
		const line = document.querySelector('h1')?.textContent ?? 'Asking';
		if (line.startsWith('Asking')) return;
		observer.disconnect();
		frame((shown) => (window.verdict = shown));
	}).observe(document, { subtree: true, childList: true, characterData: true });
`;

const storm = await serveStorm(members, changes);
const browser = await openBrowser();
try {
	console.log(`${members} members, ${changes} changes of state a second; ${browser.version()}; load ${loadNow()}`);
	const verdicts: number[] = [];
	for (let visits = 0; visits < VISITS; visits++) {
		const { page, context } = await visit(browser, storm.url, { size: DESKTOP, first: STOPWATCH });
		await page.waitForFunction('window.verdict');
		verdicts.push(Number(await page.evaluate('window.verdict')));
		await context.close();
	}
	const { median, min, max } = spread(verdicts);
	console.log(
		`first verdict on the screen, of ${VISITS} visits: median ${round(median)} ms, ${round(min)} to ${round(max)}`,
	);
	await watch();
} finally {
	await browser.close();
	await storm.close();
}

async function watch(): Promise<void> {
	const { page, problems } = await visit(browser, storm.url, { size: DESKTOP, first: STOPWATCH });
	const session = await page.context().newCDPSession(page);
	for (let minute = 0; minute <= minutes; minute++) {
		await page.waitForTimeout(minute === 0 ? 5_000 : MINUTE_MS);
		await session.send('HeapProfiler.collectGarbage');
		const { usedSize } = await session.send('Runtime.getHeapUsage');
		const deltas = ((await page.evaluate('window.deltas.splice(0)')) as number[]).sort((a, b) => a - b);
		const tasks = (await page.evaluate('window.tasks.splice(0)')) as number[];
		const at = (part: number): number => round(deltas[Math.floor(part * (deltas.length - 1))] ?? 0);
		console.log(
			`${String(minute).padStart(3)} min   heap ${(usedSize / 1e6).toFixed(1)} MB   ` +
				`delta to pixel p50 ${at(0.5)} ms, p99 ${at(0.99)} ms of ${deltas.length}   ` +
				`tasks of 50 ms and more: ${tasks.length}   load ${loadNow()}`,
		);
	}
	console.log(
		(await page.evaluate(layoutProblems, false)).concat(problems).join('\n') || 'no problem of layout or script',
	);
	if (picture !== undefined) await page.screenshot({ path: picture });
}

function loadNow(): string {
	return (loadavg()[0] as number).toFixed(1);
}
