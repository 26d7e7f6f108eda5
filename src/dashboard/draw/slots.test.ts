import { describe, expect, it } from 'vitest';
import { NO_SLOTS, placeMembers, type Slots } from './slots.ts';

const HOUR = 3_600_000;
const member = (name: string, group = 'a') => ({ name, group });
const members = (...names: string[]) => names.map((name) => member(name));
const shown = (slots: Slots): Record<string, (string | null)[]> =>
	Object.fromEntries(slots.groups.map(({ name, places }) => [name, places.map((slot) => slot?.name ?? null)]));

describe('the places of members', () => {
	it('begin in the order in which people count', () => {
		const slots = placeMembers(NO_SLOTS, [member('n-10'), member('n-9'), member('n-1', 'b')], 0);
		expect(shown(slots)).toEqual({ a: ['n-9', 'n-10'], b: ['n-1'] });
	});

	it('stay when others join, whatever their names', () => {
		let slots = placeMembers(NO_SLOTS, members('b', 'd'), 0);
		slots = placeMembers(slots, members('a', 'b', 'c', 'd'), 1);
		expect(shown(slots)).toEqual({ a: ['b', 'd', 'a', 'c'] });
	});

	it('stay after a reload: they are plain data', () => {
		const slots = placeMembers(placeMembers(NO_SLOTS, members('b', 'd'), 0), members('b', 'c', 'd'), 1);
		const reloaded = JSON.parse(JSON.stringify(slots)) as Slots;
		expect(placeMembers(reloaded, members('d', 'c', 'b'), 2)).toEqual(placeMembers(slots, members('b', 'c', 'd'), 2));
	});

	it('are kept for an hour after a member is forgotten, and then go to the next newcomer', () => {
		let slots = placeMembers(NO_SLOTS, members('a', 'b', 'c'), 0);
		slots = placeMembers(slots, members('a', 'c'), HOUR - 1);
		expect(shown(slots)).toEqual({ a: ['a', 'b', 'c'] });
		expect(shown(placeMembers(slots, members('a', 'b', 'c'), HOUR - 1))).toEqual({ a: ['a', 'b', 'c'] });
		slots = placeMembers(slots, members('a', 'c'), HOUR);
		expect(shown(slots)).toEqual({ a: ['a', null, 'c'] });
		expect(shown(placeMembers(slots, members('a', 'c', 'z'), HOUR))).toEqual({ a: ['a', 'z', 'c'] });
	});

	it('leave no empty tail and no empty group', () => {
		const slots = placeMembers(NO_SLOTS, [member('a'), member('b'), member('x', 'b')], 0);
		expect(shown(placeMembers(slots, members('a'), HOUR))).toEqual({ a: ['a'] });
	});

	it('go along when a member moves to another zone', () => {
		const slots = placeMembers(NO_SLOTS, members('a', 'b', 'c'), 0);
		expect(shown(placeMembers(slots, [member('a'), member('b', 'z'), member('c')], 1))).toEqual({
			a: ['a', null, 'c'],
			z: ['b'],
		});
	});
});
