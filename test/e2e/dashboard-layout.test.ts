// The board over simulated meshes: at each size and in each story nothing scrolls, overlaps or is cut, and the worst member is shown without a click.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DESKTOP, hasChromium, openBrowser, PHONE, visit } from '../support/dashboard/browser.ts';
import { layoutProblems } from '../support/dashboard/layout-problems.mjs';
import { serveMesh } from '../support/dashboard/serve.ts';
import { type SimMesh, type Story, simulateMesh } from '../support/dashboard/sim-mesh.ts';
import { tableMesh } from '../support/dashboard/table-mesh.ts';
import { until } from '../support/until.ts';

const LARGE = 3_000;
let browser: Browser;

beforeAll(async () => {
	if (hasChromium) browser = await openBrowser();
});

afterAll(() => browser?.close());

describe.runIf(hasChromium).each<[number, Story, RegExp]>([
	[3, 'healthy', /^All 3 members are alive\.$/],
	[3, 'suspect', /^1 of 3 is suspect\. The other 2 agree\.$/],
	[24, 'suspect', /^1 suspect, 1 dead\. The other 22 agree\.$/],
	[24, 'split', /^The cluster is split: 16 here, 8 elsewhere\.$/],
	[LARGE, 'suspect', /^6 suspect, 2 dead of 3,000\. /],
	[LARGE, 'split', /^The cluster is split: 2,000 here, 1,000 elsewhere\.$/],
])('%i members, %s', (count, story, line) => {
	let mesh: SimMesh;
	beforeAll(() => {
		mesh = count === LARGE ? tableMesh(count, story) : simulateMesh(count, story);
	}, 120_000);

	it.each([
		['dark', DESKTOP],
		['light', DESKTOP],
		['dark', PHONE],
	] as const)('%s at %o', async (theme, size) => {
		const served = await serveMesh(mesh, false);
		const { page, context, problems, foreign } = await visit(browser, served.url, { theme, size });
		try {
			await until('the verdict', async () => line.test((await page.locator('h1').allInnerTexts()).join('')));
			const selected = page.locator('.inspector h2');
			await until('a member is selected', async () => /^longbow-\d+$/.test((await selected.allInnerTexts()).join('')));
			const state = story === 'healthy' ? /this node/ : /suspect|dead/;
			expect((await page.locator('.inspector .who').allInnerTexts()).join('')).toMatch(state);
			const cause = story === 'split' ? /^Likely the network is cut/ : /./;
			await until('why is told', async () =>
				cause.test((await page.locator('.inspector .cause').allInnerTexts()).join('')),
			);
			expect([await page.evaluate(layoutProblems, size === PHONE), problems, foreign]).toEqual([[], [], []]);
		} finally {
			await context.close();
			await served.close();
		}
	});
});
