// The dashboard with 3,000 members in Debian's Chromium: first verdict, longest task and delay to the screen while members change, heap.
//   npm run bench -- dashboard-large [members] [seconds] [picture.png]

import { DESKTOP, openBrowser, visit } from '../test/support/dashboard/browser.ts';
import { layoutProblems } from '../test/support/dashboard/layout-problems.mjs';
import { serveMesh } from '../test/support/dashboard/serve.ts';
import { testMember, testSource } from '../test/support/status-source.ts';

const [count = '3000', seconds = '20', picture] = process.argv.slice(2);
const total = Number(count);
const name = (at: number): string => `longbow-${String(at).padStart(4, '0')}`;
const members = Array.from({ length: total }, (_, at) => {
	const state = at % 500 === 137 ? 'suspect' : at % 900 === 209 ? 'dead' : 'alive';
	return testMember(name(at), {
		address: { host: `10.42.${at >> 8}.${at & 255}`, port: 7946 },
		tags: { zone: `eu-1${'abc'[at % 3]}`, role: 'store' },
		state,
	});
});
const source = testSource(members);
const served = await serveMesh({ source, run: () => undefined }, false);
await using browser = await openBrowser();
const { page, problems } = await visit(browser, served.url, { size: DESKTOP });
await page.waitForFunction(`!document.querySelector('h1').textContent.startsWith('Asking')`);
console.log(`first verdict by ${Math.round(Number(await page.evaluate('performance.now()')))} ms after the navigation`);
await page.evaluate(`
	window.tasks = [];
	new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
	window.delays = [];
	const heading = document.querySelector('.chips');
	new MutationObserver(() => {
		const at = performance.now();
		requestAnimationFrame(() => setTimeout(() => window.delays.push(performance.now() - at)));
	}).observe(heading, { subtree: true, childList: true, characterData: true });
`);
// Fifteen changes of state a delta, four deltas a second: a storm of 60 a second.
for (let tick = 0; tick < Number(seconds) * 4; tick++) {
	source.clock += 250;
	source.members = source.members.map((member, at) =>
		(at + tick * 15) % total < 15
			? { ...member, state: member.state === 'alive' ? 'suspect' : 'alive', changedAt: source.clock, incarnation: tick }
			: member,
	);
	await new Promise((resolve) => setTimeout(resolve, 250));
}
const tasks = ((await page.evaluate('window.tasks')) as number[]).sort((a, b) => a - b);
const delays = ((await page.evaluate('window.delays')) as number[]).sort((a, b) => a - b);
const at = (values: readonly number[], share: number): string =>
	(values[Math.floor(share * (values.length - 1))] ?? 0).toFixed(1);
console.log(`tasks of 50 ms and more: ${tasks.length}, longest ${at(tasks, 1)} ms`);
console.log(
	`from a change of the page to its frame: p50 ${at(delays, 0.5)} ms, p99 ${at(delays, 0.99)} ms (${delays.length})`,
);
const session = await page.context().newCDPSession(page);
await session.send('HeapProfiler.collectGarbage');
const { usedSize } = await session.send('Runtime.getHeapUsage');
console.log(`heap ${(usedSize / 1e6).toFixed(1)} MB after ${seconds} s`);
console.log(
	(await page.evaluate(layoutProblems, false)).concat(problems).join('\n') || 'no problem of layout or script',
);
if (picture) await page.screenshot({ path: picture });
await served.close();
