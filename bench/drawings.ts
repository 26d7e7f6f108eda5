// What a redraw of the members field costs in a real browser, from 3 to 3,000 members. UX §4.9: 8 ms at 3,000.

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { buildDrawings } from '../test/support/drawings-page.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
	existsSync(path),
);
const REDRAWS = 200;

if (CHROMIUM === undefined) {
	console.error('error: no chromium here\n  try: apt-get install chromium');
	process.exit(1);
}
const { folder, url } = await buildDrawings();
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
try {
	console.log(`${browser.version()}, ${REDRAWS} redraws each, pixels read back; 720 x 235 CSS pixels`);
	console.log('members    p50 ms    p99 ms');
	for (const members of [3, 24, 300, 600, 3_000]) {
		const page = await browser.newPage({ viewport: { width: 1_442, height: 900 } });
		await page.goto(`${url}?n=${members}&theme=dark`);
		await page.waitForSelector('body[data-ready]');
		const took = await page.evaluate<number[]>(`measureField(${REDRAWS})`);
		took.sort((a, b) => a - b);
		const at = (part: number): string => (took[Math.floor(part * (took.length - 1))] ?? Number.NaN).toFixed(2);
		console.log(`${String(members).padStart(7)}${at(0.5).padStart(10)}${at(0.99).padStart(10)}`);
		await page.close();
	}
} finally {
	await browser.close();
	await rm(folder, { recursive: true });
}
