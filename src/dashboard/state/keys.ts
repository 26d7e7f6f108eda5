// The keyboard: what each key means on the page, and the table that the help shows.

import type { View } from './route.ts';

export type Action =
	| { readonly do: 'find' | 'why' | 'pause' | 'theme' | 'utc' | 'copy' | 'help' | 'back' }
	| { readonly do: 'problem'; readonly step: -1 | 1 }
	| { readonly do: 'range'; readonly step: -1 | 1 }
	| { readonly do: 'view'; readonly view: View };

/** A key as the browser tells it. */
export interface KeyPress {
	readonly key: string;
	readonly ctrlKey: boolean;
	readonly metaKey: boolean;
	readonly altKey: boolean;
}

const KEYS: Readonly<Record<string, Action>> = {
	'/': { do: 'find' },
	j: { do: 'problem', step: 1 },
	k: { do: 'problem', step: -1 },
	w: { do: 'why' },
	'[': { do: 'range', step: 1 },
	']': { do: 'range', step: -1 },
	' ': { do: 'pause' },
	t: { do: 'theme' },
	u: { do: 'utc' },
	c: { do: 'copy' },
	'?': { do: 'help' },
	Escape: { do: 'back' },
};

const AFTER_G: Readonly<Record<string, View>> = {
	o: 'overview',
	m: 'members',
	r: 'ring',
	e: 'events',
	d: 'doctor',
};

/** As the help shows them. */
export const KEY_HELP: readonly (readonly [keys: readonly string[], meaning: string])[] = [
	[['/'], 'find a member'],
	[['j', 'k'], 'next, previous problem; all members when there is none'],
	[['←', '↑', '↓', '→'], 'move in the field, once it has the focus'],
	[['w'], 'why: to the evidence of the selected member'],
	[['g', 'o'], 'Overview; m Members, r Ring, e Events, d Doctor'],
	[['[', ']'], 'longer, shorter time range'],
	[['Space'], 'pause: the screen holds, the data goes on'],
	[['t'], 'dark or light'],
	[['u'], 'local time or UTC'],
	[['c'], 'copy a link to what you see'],
	[['?'], 'these keys'],
	[['Esc'], 'back: closes, clears, lets the page choose again'],
];

const G_WAITS_MS = 1_500;

/** Reads one key after the other; `g` waits for the letter of a view. */
export class Keyboard {
	#gUntil = 0;

	/** `letters` is false in inputs and where they are switched off: then only Escape means something. */
	press({ key, ctrlKey, metaKey, altKey }: KeyPress, nowMs: number, letters: boolean): Action | undefined {
		if (ctrlKey || metaKey || altKey) return undefined;
		if (!letters) return key === 'Escape' ? KEYS[key] : undefined;
		const afterG = nowMs < this.#gUntil ? AFTER_G[key] : undefined;
		this.#gUntil = 0;
		if (afterG) return { do: 'view', view: afterG };
		if (key === 'g') this.#gUntil = nowMs + G_WAITS_MS;
		return Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
	}
}
