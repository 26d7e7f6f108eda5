// The dashboard in Debian's Chromium over real agents: deaths and returns without a reload, a restarted agent, keys alone, axe.

import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentProcess, freePort, startAgentProcess } from '../support/agent-process.ts';
import { DESKTOP, hasChromium, openBrowser, PHONE, type Visit, visit } from '../support/dashboard/browser.ts';
import { layoutProblems } from '../support/dashboard/layout-problems.mjs';
import { until } from '../support/until.ts';

const SHORT = { LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '2s' };
const running = new Map<string, AgentProcess>();
const doors = new Map<string, { readonly gossip: string; readonly metrics: string }>();
let browser: Browser;
let open: Visit;
let page: Page;

/** At the same addresses in each of its lives. */
async function start(name: string, join: readonly string[]): Promise<AgentProcess> {
	const known = doors.get(name) ?? { gossip: String(await freePort()), metrics: `127.0.0.1:${await freePort()}` };
	doors.set(name, known);
	const env = { ...SHORT, LONGBOW_GOSSIP_PORT: known.gossip, LONGBOW_METRICS_ADDR: known.metrics };
	const agent = await startAgentProcess(name, { join, env });
	running.set(name, agent);
	return agent;
}

async function kill(name: string): Promise<void> {
	await running.get(name)?.end();
	running.delete(name);
}

/** The verdict in both of its sentences. */
async function verdict(): Promise<string> {
	const parts = await page.locator('.verdict > :is(h1, p):not(.unseen)').allInnerTexts();
	return parts.join(' ').replace(/\s+/g, ' ');
}

function says(what: RegExp, withinMs = 30_000): Promise<void> {
	return until(`the verdict is ${what}`, async () => what.test(await verdict()), withinMs);
}

function shows(selector: string, what: RegExp, withinMs = 20_000): Promise<void> {
	return until(
		`${selector} shows ${what}`,
		async () => what.test((await page.locator(selector).allInnerTexts()).join(' ')),
		withinMs,
	);
}

function at(hash: RegExp): Promise<void> {
	return until(`the address is ${hash}`, () => hash.test(new URL(page.url()).hash));
}

beforeAll(async () => {
	if (!hasChromium) return;
	browser = await openBrowser();
	const a = await start('api-1', []);
	await start('api-2', [a.gossip]);
	await start('api-3', [a.gossip]);
	open = await visit(browser, `http://${a.metrics}/`);
	page = open.page;
});

afterAll(async () => {
	await browser?.close();
	await Promise.all([...running.keys()].map(kill));
});

describe.runIf(hasChromium)('the page of an agent', () => {
	it('says that all are alive, and what of the ring is whose', async () => {
		await says(/^All 3 members are alive\. Nothing has changed since/);
		await shows('.ring', /3 owners, 3,072 points/);
		await shows('footer', /Seen from api-1.*not encrypted/s);
	});

	it('shows a member suspect, dead, out of the ring, and back, without a reload', async () => {
		// What was on the screen, told by the page itself: a glance from outside may come too late.
		await page.evaluate(`
			window.verdicts = [];
			new MutationObserver(() => window.verdicts.push(document.querySelector('h1').innerText))
				.observe(document.querySelector('h1'), { subtree: true, childList: true, characterData: true });
			window.fades = [];
			const { animate } = Element.prototype;
			Element.prototype.animate = function (frames, ms) {
				window.fades.push(ms);
				return animate.call(this, frames, ms);
			};
		`);
		await kill('api-3');
		await says(/^1 of 3 is dead\. The other 2 agree\. api-3 died .* ago; its keys have moved\./);
		const verdicts = (await page.evaluate('window.verdicts')) as string[];
		expect(verdicts.some((text) => text.startsWith('1 of 3 is suspect.'))).toBe(true);
		// To suspect and to dead.
		expect(await page.evaluate('window.fades')).toEqual([150, 150]);
		await shows('.ring', /2 owners/);
		await shows('.inspector', /api-3\s+dead/);
		await shows('.chips', /api-3/);
		await start('api-3', [running.get('api-1')!.gossip]);
		await says(/^All 3 members are alive\./);
		await shows('.ring', /3 owners/);
		// The list that the first script of the page made is still there.
		expect(await page.evaluate('window.verdicts.length')).toBeGreaterThan(2);
		// Down to the return, which the list shows some frames after the headline: what follows begins with the list at rest.
		await shows('.events', /dead to alive.*suspect to dead.*alive to suspect/s);
	});

	it('is stale within 12 s of the loss of its agent, forgets nothing, and goes on after its restart without a duplicate', async () => {
		const before = await page.locator('.events time').allInnerTexts();
		await kill('api-1');
		await says(
			/^No news from api-1 for \d+ s\. What you see is from [\d:]+\. Trying again (now|in \d s)\. Try now$/,
			12_000,
		);
		expect(await page.locator('.app.stale').count()).toBe(1);
		expect(await page.locator('.legend').allInnerTexts()).toEqual([expect.stringMatching(/alive\s+3/)]);
		expect(await page.locator('.events time').allInnerTexts()).toEqual(before);
		await start('api-1', [running.get('api-2')!.gossip]);
		await says(/^All 3 members are alive\. api-1 restarted .* ago\./);
		expect(await page.locator('.app.stale').count()).toBe(0);
		await page.keyboard.press('g');
		await page.keyboard.press('e');
		const rows = await page.locator('.list li').allInnerTexts();
		expect(rows.length).toBeGreaterThan(0);
		expect(new Set(rows).size).toBe(rows.length);
		await page.keyboard.press('g');
		await page.keyboard.press('o');
	});

	it('does everything by keys', async () => {
		await page.keyboard.press('/');
		await page.keyboard.type('api-2');
		await page.keyboard.press('Enter');
		await at(/^#\/overview\?m=api-2$/);
		await shows('.inspector h2', /^api-2$/);
		for (const [keys, hash] of [
			['j', /m=api-3/],
			['k', /m=api-2/],
			['gm', /^#\/members/],
			['gr', /^#\/ring/],
			['ge', /^#\/events/],
			['gd', /^#\/doctor/],
			['go', /^#\/overview/],
			['[', /r=1h/],
			[']', /m=api-2$/],
		] as const) {
			for (const key of keys) await page.keyboard.press(key);
			await at(hash);
		}
		await page.keyboard.press('w');
		await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('why');
		await page.keyboard.press('Space');
		await shows('header', /Paused \d+ s/);
		await page.keyboard.press('Space');
		await shows('header', /Live/);
		await page.keyboard.press('t');
		expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('light');
		await page.keyboard.press('u');
		await shows('header', /UTC/);
		await page.keyboard.press('?');
		await shows('dialog', /next, previous problem/);
		await page.keyboard.press('Escape');
		await until('the help is closed', async () => (await page.locator('dialog').count()) === 0);
		await page.keyboard.press('Escape');
		await at(/^#\/overview$/);
	});

	it('moves through the field with arrows', async () => {
		// From the beginning of the page on, Tab reaches the field.
		await page.evaluate('document.activeElement.blur()');
		const inField = 'document.activeElement.getAttribute("role") === "gridcell"';
		for (let tabs = 0; tabs < 60 && !(await page.evaluate(inField)); tabs++) await page.keyboard.press('Tab');
		const label = () => page.evaluate('document.activeElement.getAttribute("aria-label")');
		expect(await label()).toMatch(/^api-1, alive, this node$/);
		await page.keyboard.press('ArrowRight');
		await until('the next cell is told', async () => /^api-2, alive, [\d.]+ ms$/.test(String(await label())));
		await page.keyboard.press('Enter');
		await at(/m=api-2/);
	});

	it('keeps each member at its place over a reload, though another one has come before it in name order', async () => {
		await page.keyboard.press('g');
		await page.keyboard.press('o');
		/** Where the keyboard finds each member, by the field's own cells. */
		const places = async (): Promise<Map<string, string>> => {
			const found = new Map<string, string>();
			for (const name of ['api-1', 'api-2', 'api-3']) {
				await page.goto(`${page.url().split('#')[0]}#/overview?m=${name}`);
				const cell = page.locator('[role="gridcell"]');
				await until(`${name} is selected`, async () =>
					((await cell.getAttribute('aria-label')) ?? '').startsWith(name),
				);
				const { x, y } = (await cell.boundingBox())!;
				found.set(name, `${Math.round(x)} ${Math.round(y)}`);
			}
			return found;
		};
		await start('api-0', [running.get('api-1')!.gossip]);
		await says(/^All 4 members are alive\./);
		const before = await places();
		await page.reload();
		await says(/^All 4 members are alive\./);
		expect(await places()).toEqual(before);
		// It came last, so it stands last.
		await page.goto(`${page.url().split('#')[0]}#/overview?m=api-0`);
		const cell = page.locator('[role="gridcell"]');
		await until('it is selected', async () => ((await cell.getAttribute('aria-label')) ?? '').startsWith('api-0'));
		const { x, y } = (await cell.boundingBox())!;
		for (const place of before.values()) {
			const [left, top] = place.split(' ').map(Number) as [number, number];
			expect(y > top || x > left).toBe(true);
		}
		await kill('api-0');
		await says(/^1 of 4 is dead\./);
	});

	it('lets the doctor look, inside the agent', async () => {
		await page.keyboard.press('g');
		await page.keyboard.press('d');
		await page.getByRole('button', { name: 'Run' }).click();
		await shows('.doctor .summary', /pass/, 40_000);
		await shows('.checks', /gossip|udp-out/);
	});

	it('finds nothing to say about what does not exist', async () => {
		await page.goto(`${page.url().split('#')[0]}#/members?q=lng`);
		await shows('.list', /No member matches “lng”\. Esc clears\./);
	});

	it.each([
		['dark', DESKTOP],
		['light', DESKTOP],
		['dark', PHONE],
		['light', PHONE],
	] as const)(
		'axe finds nothing, %s at %o',
		async (theme, size) => {
			const own = await visit(browser, `http://${running.get('api-2')!.metrics}/`, { theme, size });
			const found: unknown[] = [];
			for (const view of ['overview', 'members', 'ring', 'events', 'doctor']) {
				await own.page.evaluate(`location.hash = '#/${view}'`);
				await until(`${view} is there`, async () => (await own.page.locator('main section').count()) > 1);
				await own.page.evaluate(axe.source);
				const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
				const options = JSON.stringify({ runOnly: { type: 'tag', values: tags } });
				const { violations } = (await own.page.evaluate(`axe.run(document, ${options})`)) as axe.AxeResults;
				for (const { id, nodes } of violations) found.push([view, id, nodes.map(({ html }) => html.slice(0, 160))]);
				const layout = await own.page.evaluate(layoutProblems, size === PHONE || view !== 'overview');
				found.push(...layout.map((problem) => [view, problem]));
			}
			expect([found, own.problems, own.foreign]).toEqual([[], [], []]);
			await own.context.close();
		},
		120_000,
	);

	it('asked nobody else, and broke nothing', () => {
		expect([open.problems, open.foreign]).toEqual([[], []]);
	});
});
