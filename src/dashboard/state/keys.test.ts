// Keys and what they do.

import { describe, expect, it } from 'vitest';
import { Keyboard, type KeyPress } from './keys.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
	key,
	ctrlKey: false,
	metaKey: false,
	altKey: false,
	...held,
});

describe('the keyboard', () => {
	it('reads single keys', () => {
		const keyboard = new Keyboard();
		expect(keyboard.press(press('j'), 0, true)).toEqual({ do: 'problem', step: 1 });
		expect(keyboard.press(press('x'), 0, true)).toBeUndefined();
		expect(keyboard.press(press('constructor'), 0, true)).toBeUndefined();
	});

	it('g and a letter go to a view, g and another key do what that key does', () => {
		const keyboard = new Keyboard();
		expect(keyboard.press(press('g'), 0, true)).toBeUndefined();
		expect(keyboard.press(press('e'), 500, true)).toEqual({ do: 'view', view: 'events' });
		expect(keyboard.press(press('e'), 600, true)).toBeUndefined();
		keyboard.press(press('g'), 1_000, true);
		expect(keyboard.press(press('u'), 1_100, true)).toEqual({ do: 'utc' });
		keyboard.press(press('g'), 2_000, true);
		expect(keyboard.press(press('m'), 4_000, true)).toBeUndefined();
	});

	it('leaves the browser its own keys, and inputs their letters', () => {
		const keyboard = new Keyboard();
		expect(keyboard.press(press('c', { ctrlKey: true }), 0, true)).toBeUndefined();
		expect(keyboard.press(press('t'), 0, false)).toBeUndefined();
		expect(keyboard.press(press('Escape'), 0, false)).toEqual({ do: 'back' });
	});
});
