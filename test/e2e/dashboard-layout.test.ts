// The board over simulated meshes: at each size and in each story nothing scrolls, overlaps or is cut, and the worst member is shown without a click.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DESKTOP, hasChromium, openBrowser, PHONE, visit } from '../support/dashboard/browser.ts';
import { layoutProblems } from '../support/dashboard/layout-problems.mjs';
import { serveMesh } from '../support/dashboard/serve.ts';
import { type SimMesh, type Story, simulateMesh } from '../support/dashboard/sim-mesh.ts';
import { testMember, testSource } from '../support/status-source.ts';
import { until } from '../support/until.ts';

const LARGE = 3_000;
let browser: Browser;

/** Simulating thousands takes minutes: their views come from a table of members. */
function largeMesh(): SimMesh {
	const members = Array.from({ length: LARGE }, (_, at) =>
		testMember(`longbow-${String(at).padStart(4, '0')}`, {
			address: { host: `10.42.${at >> 8}.${at & 255}`, port: 7946 },
			tags: { zone: `eu-1${'abc'[at % 3]}` },
			state: at % 500 === 137 ? 'suspect' : at % 900 === 209 ? 'dead' : 'alive',
		}),
	);
	return { source: testSource(members), run: () => undefined };
}

beforeAll(async () => {
	if (hasChromium) browser = await openBrowser();
});

afterAll(() => browser?.close());

describe.runIf(hasChromium).each<[number, Story, RegExp]>([
	[3, 'healthy', /^All 3 members are alive\.$/],
	[3, 'suspect', /^1 of 3 is suspect\. The other 2 agree\.$/],
	[24, 'suspect', /^1 suspect, 1 dead\. The other 22 agree\.$/],
	[24, 'split', /^The cluster is split: 16 here, 8 elsewhere\.$/],
	[LARGE, 'suspect', /^6 suspect, 4 dead of 3,000\. /],
])('%i members, %s', (count, story, line) => {
	let mesh: SimMesh;
	beforeAll(() => {
		mesh = count === LARGE ? largeMesh() : simulateMesh(count, story);
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
			await until('why is told', async () => (await page.locator('.inspector .cause').count()) === 1);
			expect([await page.evaluate(layoutProblems, size === PHONE), problems, foreign]).toEqual([[], [], []]);
		} finally {
			await context.close();
			await served.close();
		}
	});
});
