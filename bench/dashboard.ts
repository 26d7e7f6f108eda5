// Pictures of the dashboard over simulated meshes, larger ones written down, served over real HTTP to Debian's Chromium, each checked for scrolling, overlaps and cut text.
//   npm run bench -- dashboard <folder> [members,…] [story,…] [theme,…] [desktop,phone]

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DESKTOP, openBrowser, PHONE, visit } from '../test/support/dashboard/browser.ts';
import { layoutProblems } from '../test/support/dashboard/layout-problems.mjs';
import { serveMesh } from '../test/support/dashboard/serve.ts';
import { type Story, simulateMesh } from '../test/support/dashboard/sim-mesh.ts';
import { tableMesh } from '../test/support/dashboard/table-mesh.ts';

const [
	folder = 'pictures',
	members = '3,24,300,600,3000',
	stories = 'suspect',
	themes = 'dark,light',
	sizes = 'desktop,phone',
] = process.argv.slice(2);
const MOST_SIMULATED = 100;
const SIZES: Readonly<Record<string, typeof DESKTOP>> = { desktop: DESKTOP, phone: PHONE };

mkdirSync(folder, { recursive: true });
await using browser = await openBrowser();
let wrong = 0;
for (const count of members.split(',').map(Number)) {
	for (const story of stories.split(',')) {
		const began = performance.now();
		const shown = (story === 'disconnected' ? 'suspect' : story) as Story;
		const mesh = count > MOST_SIMULATED ? tableMesh(count, shown) : simulateMesh(count, shown);
		console.log(`${count} ${story}: made in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
		for (const theme of themes.split(',') as ('dark' | 'light')[]) {
			for (const size of sizes.split(',')) {
				const served = await serveMesh(mesh, false);
				try {
					await picture(served, count, story, theme, size);
				} finally {
					await served.close();
				}
			}
		}
	}
}
process.exitCode = wrong === 0 ? 0 : 1;

async function picture(
	served: Awaited<ReturnType<typeof serveMesh>>,
	count: number,
	story: string,
	theme: 'dark' | 'light',
	size: string,
): Promise<void> {
	const { page, context, problems, foreign } = await visit(browser, served.url, { theme, size: SIZES[size]! });
	await page.waitForSelector('.inspector .cause', { timeout: 8_000 }).catch(() => wrong++);
	await page.evaluate('document.fonts.ready');
	if (story === 'disconnected') {
		await served.server.close();
		await page.waitForSelector('.app.stale', { timeout: 20_000 });
	}
	const name = `${size}-${count}-${story}-${theme}`;
	await page.screenshot({ path: join(folder, `${name}.png`), fullPage: size === 'phone' });
	const layout = await page.evaluate(layoutProblems, size === 'phone');
	if (story === 'disconnected' && (await page.locator('.app.stale').count()) === 0) layout.push('is live again');
	for (const problem of [...layout, ...problems, ...foreign.map((url) => `asked ${url}`)]) {
		wrong++;
		console.log(`  ${name}: ${problem}`);
	}
	await context.close();
}
