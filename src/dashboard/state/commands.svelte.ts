// What keys do to the page.

import type { Dashboard } from './dashboard.svelte.ts';
import { type Action, Keyboard } from './keys.ts';
import { stepRange } from './route.ts';

const NOTE_MS = 2_500;

export class Commands {
	helpOpen = $state.raw(false);
	/** A word on what just happened, for a moment. */
	note = $state.raw('');
	readonly #dashboard: Dashboard;
	readonly #keyboard = new Keyboard();
	#noteTimer: ReturnType<typeof setTimeout> | undefined;

	constructor(dashboard: Dashboard) {
		this.#dashboard = dashboard;
	}

	press(event: KeyboardEvent): void {
		if (event.defaultPrevented) return;
		const target = event.target instanceof HTMLElement ? event.target : undefined;
		const typing = target?.matches('input, textarea, select, [contenteditable]') ?? false;
		// Space presses the button that has the focus.
		if (event.key === ' ' && target?.matches('button, a, summary')) return;
		const letters = !typing && this.#dashboard.settings.letters;
		const action = this.#keyboard.press(event, event.timeStamp, letters);
		if (action === undefined || (this.helpOpen && action.do !== 'back' && action.do !== 'help')) return;
		event.preventDefault();
		this.#do(action);
	}

	/** Words that stay for a moment. */
	say(note: string): void {
		this.note = note;
		clearTimeout(this.#noteTimer);
		this.#noteTimer = setTimeout(() => {
			this.note = '';
		}, NOTE_MS);
	}

	#do(action: Action): void {
		const page = this.#dashboard;
		const { settings } = page;
		switch (action.do) {
			case 'find':
				focus('#find');
				break;
			case 'why':
				if (page.route.view !== 'overview') page.show('overview');
				setTimeoutFocus('#why');
				break;
			case 'pause':
				page.togglePause();
				break;
			case 'theme':
				settings.theme = settings.theme === 'dark' ? 'light' : 'dark';
				break;
			case 'utc':
				settings.utc = !settings.utc;
				this.say(settings.utc ? 'Times in UTC' : 'Times of this browser');
				break;
			case 'copy':
				this.#copyLink();
				break;
			case 'help':
				this.helpOpen = !this.helpOpen;
				break;
			case 'back':
				this.#back();
				break;
			case 'problem':
				page.step(action.step);
				break;
			case 'range':
				page.go({ range: stepRange(page.route.range, action.step) });
				break;
			case 'view':
				page.show(action.view);
				break;
			default:
				action satisfies never;
		}
	}

	#copyLink(): void {
		const page = this.#dashboard;
		if (page.selected !== undefined) page.select(page.selected);
		copyText(location.href).then(
			() => this.say('Link copied'),
			() => this.say('The browser does not let this page copy.'),
		);
	}

	/** One thing a press, the topmost first. */
	#back(): void {
		const page = this.#dashboard;
		if (this.helpOpen) this.helpOpen = false;
		else if (document.activeElement instanceof HTMLInputElement) {
			document.activeElement.blur();
			page.go({ filter: '' });
		} else if (page.zoom) page.zoom = undefined;
		else if (page.route.filter !== '') page.go({ filter: '' });
		else if (page.route.member !== undefined) page.select(undefined);
		else page.show('overview');
	}
}

/** Rejects where the browser forbids it. */
export async function copyText(text: string): Promise<void> {
	// On plain HTTP, where agents are, browsers have no clipboard for pages; the old way works there.
	if (navigator.clipboard) return navigator.clipboard.writeText(text);
	const area = document.createElement('textarea');
	area.value = text;
	area.className = 'unseen';
	document.body.append(area);
	area.select();
	const copied = document.execCommand('copy');
	area.remove();
	if (!copied) throw new Error('The browser refused to copy.');
}

function focus(selector: string): void {
	document.querySelector<HTMLElement>(selector)?.focus();
}

/** After the view that holds it is on the page. */
function setTimeoutFocus(selector: string): void {
	requestAnimationFrame(() => focus(selector));
}
