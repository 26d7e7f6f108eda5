// Playback as a user has it: the binary serves a simulated run or a journal, over HTTP and in Debian's Chromium.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LivePlayback, LiveSnapshot, PlaybackCommand, PlaybackDocument } from '../../src/status/index.ts';
import { cli } from '../support/cli.ts';
import { DESKTOP, hasChromium, openBrowser, PHONE, visit } from '../support/dashboard/browser.ts';
import { type PlaybackProcess, startPlayback } from '../support/playback-process.ts';
import { until } from '../support/until.ts';

const RUN = [
	'sim',
	'--nodes',
	'8',
	'--for',
	'30s',
	'--seed',
	'7',
	'--weather',
	'calm',
	'--crash',
	'n3@10s',
	'--partition',
	'6s@18s',
];

let folder: string;
let simulated: PlaybackProcess;
const running: PlaybackProcess[] = [];

async function started(...args: string[]): Promise<PlaybackProcess> {
	const playback = await startPlayback(args);
	running.push(playback);
	return playback;
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'longbow-playback-'));
	simulated = await started(...RUN, '--open');
}, 90_000);

afterAll(async () => {
	for (const playback of running) await playback.end();
	await rm(folder, { recursive: true, force: true });
});

const read = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;
const status = (base: string): Promise<LiveSnapshot> => read(`${base}api/v1/status`);

async function order(base: string, command: PlaybackCommand): Promise<LivePlayback> {
	const headers = { 'Content-Type': 'application/json' };
	const response = await fetch(`${base}api/v1/playback`, { method: 'POST', headers, body: JSON.stringify(command) });
	expect(response.status).toBe(200);
	await until('the moment is reached', async () => (await status(base)).playback?.seeking === false);
	return (await status(base)).playback as LivePlayback;
}

const stateOf = ({ members }: LiveSnapshot, name: string): number | undefined =>
	members.find(({ ID }) => ID === name)?.Status;

describe('sim --open', () => {
	it('prints the result of the run, then where it is served', async () => {
		await until('it says all', () => simulated.output().includes('Simulated, seed 7. Ctrl-C ends it.'));
		expect(simulated.output()).toMatch(/8 nodes behaved\..*\ndashboard {2}http:\/\/127\.0\.0\.1:\d+\/\n/s);
	});

	it('tells what happened in it, and that nobody may take it for production', async () => {
		const document = await read<PlaybackDocument>(`${simulated.url}api/v1/playback`);
		expect(document).toMatchObject({ schema: 1, origin: 'simulated', title: 'Simulated, seed 7' });
		expect(document.nodes).toEqual(Array.from({ length: 8 }, (_, at) => `n${at}`));
		expect(document.marks.slice(0, 2).map(({ member, to }) => `${member} ${to}`)).toEqual(['n3 suspect', 'n3 dead']);
		expect((await status(simulated.url)).node.origin).toBe('simulated');
	});

	it('goes to any moment, in either direction, and shows what was known then', async () => {
		const { url } = simulated;
		await order(url, { seekMs: 25_000 });
		expect(stateOf(await status(url), 'n3')).toBe(2);
		await order(url, { seekMs: 9_000 });
		expect(stateOf(await status(url), 'n3')).toBe(0);
		await order(url, { step: true });
		expect(stateOf(await status(url), 'n3')).toBe(1);
		const why = await read<{ timeline: { kind: string }[] }>(`${url}api/v1/why?member=n3`);
		expect(why.timeline.length).toBeGreaterThan(1);
	});

	it('shows the view of another node', async () => {
		const { url } = simulated;
		await order(url, { seenFrom: 'n5' });
		expect((await status(url)).node.name).toBe('n5');
		await order(url, { seenFrom: 'n0' });
	});

	it.each([
		['--hunt', '1s'],
		['--sweep', 'loss=0..0.1'],
	])('is not for %s', async (flag, value) => {
		const { code, err } = await cli(['sim', flag, value, '--open']);
		expect(code).toBe(2);
		expect(err).toContain('--open together with --hunt or --sweep');
	});
});

describe('replay --open', () => {
	it('serves the journal of a node, and ends with Ctrl-C', async () => {
		const journal = join(folder, 'n1.lbj');
		expect((await cli([...RUN, '--out', journal, '--view', 'n1'])).code).toBe(0);
		const playback = await startPlayback([
			'replay',
			journal,
			'--open',
			'--until',
			'suspect:n3',
			'--why',
			'n3',
			'--json',
		]);
		const base = playback.url.replace(/#.*/, '');
		try {
			expect(JSON.parse(playback.output().split('\n')[0] as string)).toEqual({ schema: 1, url: playback.url });
			expect(playback.url).toMatch(/#\/overview\?m=n3$/);
			const document = await read<PlaybackDocument>(`${base}api/v1/playback`);
			expect(document).toMatchObject({ origin: 'replayed', title: 'Recorded by n1', nodes: ['n1'] });
			await until('it is where the member was suspected', async () => stateOf(await status(base), 'n3') === 1);
			expect((await order(base, { step: true })).positionMs).toBeGreaterThan(10_000);
			expect(stateOf(await status(base), 'n3')).toBe(2);
		} finally {
			expect(await playback.end()).toBe(0);
		}
	});

	it('refuses what is no journal, and --speed without it', async () => {
		expect((await cli(['replay', 'package.json', '--open'])).code).toBe(1);
		const { code, err } = await cli(['replay', 'any.lbj', '--speed', '10']);
		expect(code).toBe(2);
		expect(err).toContain('--speed without --open');
	});
});

describe.runIf(hasChromium)('the page of a playback', () => {
	let browser: Browser;
	let page: Page;
	let problems: string[];

	beforeAll(async () => {
		await order(simulated.url, { seekMs: 9_000, seenFrom: 'n0' });
		browser = await openBrowser();
		({ page, problems } = await visit(browser, simulated.url));
		await page.getByRole('button', { name: 'Next verdict' }).waitFor();
	});

	afterAll(async () => {
		await browser?.close();
	});

	const shows = (selector: string, what: RegExp): Promise<void> =>
		until(`${selector} shows ${what}`, async () => what.test((await page.locator(selector).allInnerTexts()).join(' ')));

	it('cannot be taken for live: a frame, whose record it is, and no word of Live', async () => {
		await shows('section[aria-label="Playback"]', /Simulated, seed 7/);
		const frame = await page.evaluate<string>(`
			getComputedStyle(document.querySelector('.app'), '::after').border + ' ' +
			getComputedStyle(document.querySelector('.app'), '::after').position`);
		expect(frame).toMatch(/^1px solid rgb\(.*\) fixed$/);
		expect(await page.locator('header').textContent()).not.toMatch(/\bLive\b/);
	});

	it('steps from one verdict to the next, and the verdict, field and why follow', async () => {
		await page.getByRole('button', { name: 'Next verdict' }).click();
		await shows('h1', /1 of 8 is suspect/);
		await page.getByRole('button', { name: 'Next verdict' }).click();
		await shows('h1', /1 of 8 is dead/);
	});

	it('plays and pauses, by its button and by the space bar', async () => {
		const at = async (): Promise<string | null> =>
			page.getByRole('slider', { name: 'Moment' }).getAttribute('aria-valuetext');
		const before = await at();
		await page.getByRole('button', { name: 'Play' }).click();
		await until('it moves', async () => (await at()) !== before);
		await page.locator('h1').click();
		await page.keyboard.press('Space');
		await page.getByRole('button', { name: 'Play' }).waitFor();
	});

	it('shows the view of any node, and where all of them disagree', async () => {
		await page.getByLabel('seen from').selectOption('n6');
		await shows('footer', /Seen from n6/);
		await page.getByLabel('seen from').selectOption({ label: 'everyone' });
		await until('all are asked', async () => (await status(simulated.url)).playback?.everyone === true);
		// Both halves of a partition suspect the other one.
		const { differing } = await order(simulated.url, { seekMs: 21_000 });
		expect(differing.length).toBeGreaterThan(3);
		await until('the field says so', async () => (await page.content()).includes('Views differ about n'));
	});

	it('goes where the slider is put, by keyboard too', async () => {
		const slider = page.getByRole('slider', { name: 'Moment' });
		await slider.focus();
		await page.keyboard.press('Home');
		await until(
			'it is at the beginning',
			async () => ((await status(simulated.url)).playback?.positionMs ?? 1e9) < 1_000,
		);
		await page.keyboard.press('End');
		await until('it is at the end', async () => {
			const { positionMs, durationMs } = (await status(simulated.url)).playback as LivePlayback;
			return positionMs === durationMs;
		});
	});

	it.each([
		['desktop', DESKTOP],
		['phone', PHONE],
	])('has no violation that axe knows, on a %s', async (_, size) => {
		await page.setViewportSize(size);
		await page.evaluate(axe.source);
		const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>('axe.run()');
		expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
	});

	it('did all of this without an error on the page', () => {
		expect(problems).toEqual([]);
	});
});
