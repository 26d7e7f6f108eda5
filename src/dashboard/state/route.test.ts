// Addresses and back.

import { describe, expect, it } from 'vitest';
import { HOME, parseRoute, type Route, routeHash, stepRange } from './route.ts';

describe('an address', () => {
	it.each<[string, Route]>([
		['#/overview', HOME],
		['#/members?m=longbow-17&q=eu-1c', { ...HOME, view: 'members', member: 'longbow-17', filter: 'eu-1c' }],
		['#/events?t=2026-11-22T14%3A02%3A32.004Z&r=1h', { ...HOME, view: 'events', at: 1_795_356_152_004, range: '1h' }],
		['#/ring?m=a%26b&k=user%3A4711', { ...HOME, view: 'ring', member: 'a&b', key: 'user:4711' }],
	])('%s is read and written', (hash, route) => {
		expect(parseRoute(hash)).toEqual(route);
		expect(routeHash(route)).toBe(hash);
	});

	it.each(['', '#', '#/', '#/nowhere?t=yesterday&r=9y&m='])('%j leads home', (hash) => {
		expect(parseRoute(hash)).toEqual(HOME);
	});
});

it('steps through the ranges and stays at their ends', () => {
	expect([stepRange('10m', 1), stepRange('1h', 1), stepRange('24h', 1), stepRange('10m', -1)]).toEqual([
		'1h',
		'24h',
		'24h',
		'10m',
	]);
});
