// Debian's Chromium for tests and pictures: headless, one a file, closed with everything that it opened.

import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';
export const hasChromium: boolean = existsSync(CHROMIUM);

export async function openBrowser(): Promise<Browser> {
	// Tests run as root in a container without a sandbox and with a small /dev/shm.
	return chromium.launch({
		executablePath: CHROMIUM,
		args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
	});
}

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export interface Visit {
	readonly page: Page;
	readonly context: BrowserContext;
	/** What went wrong on the page: exceptions, console errors, broken policies. */
	readonly problems: string[];
	/** Requests to anywhere else than the page's own origin. */
	readonly foreign: string[];
}

export async function visit(
	browser: Browser,
	url: string,
	{
		theme = 'dark',
		size = DESKTOP,
		first,
	}: {
		readonly theme?: 'dark' | 'light';
		readonly size?: typeof DESKTOP;
		/** A script that runs before those of the page. */
		readonly first?: string;
	} = {},
): Promise<Visit> {
	const context = await browser.newContext({ viewport: size, colorScheme: theme, hasTouch: size.width < 641 });
	const page = await context.newPage();
	const problems: string[] = [];
	const foreign: string[] = [];
	page.on('pageerror', (error) => problems.push(error.stack ?? error.message));
	page.on('console', (message) => {
		// A lost agent is told by the browser itself as well.
		if (message.type() === 'error' && !/ERR_|Failed to load resource/.test(message.text()))
			problems.push(message.text());
	});
	page.on('request', (request) => {
		if (new URL(request.url()).origin !== new URL(url).origin) foreign.push(request.url());
	});
	if (first !== undefined) await page.addInitScript(first);
	await page.goto(url);
	return { page, context, problems, foreign };
}
