// Sorting and exporting the table of members.

import { describe, expect, it } from 'vitest';
import { membersCsv } from './export.ts';
import { liveMember } from './samples.ts';
import { type Column, sorted } from './table.ts';

const members = [
	liveMember('n-10', { rttMs: 3, share: 0.1, Addr: '10.0.0.10:1' }),
	liveMember('n-9', { rttMs: null, share: 0.3, Addr: '10.0.0.9:1', zone: 'b' }),
	liveMember('n-2', { rttMs: 1, share: 0, Status: 2, Addr: '10.0.0.2:1', zone: 'a' }),
	liveMember('n-1', { rttMs: null, share: 0, Status: 1, deadAt: 5, Addr: '10.0.0.1:1' }),
];

describe('the table', () => {
	it.each<[Column, string]>([
		['name', 'n-1 n-2 n-9 n-10'],
		['state', 'n-1 n-2 n-10 n-9'],
		['address', 'n-1 n-2 n-9 n-10'],
		['zone', 'n-2 n-9 n-1 n-10'],
		['rtt', 'n-2 n-10 n-1 n-9'],
		['share', 'n-9 n-10 n-1 n-2'],
	])('sorts by %s', (column, order) => {
		expect(
			sorted(members, column, false)
				.map(({ ID }) => ID)
				.join(' '),
		).toBe(order);
	});

	it('is written as CSV in which nothing is a formula', () => {
		const text = membersCsv([liveMember('=a,"b"', { Tags: { role: 'store' }, since: 0 })]);
		expect(text.split('\r\n')[1]).toBe(
			`"'=a,""b""",alive,1970-01-01T00:00:00.000Z,10.42.0.11:7946,,0.8,0.04,217519009,udp,role=store`,
		);
	});
});
