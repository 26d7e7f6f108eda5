// The members table: worst first, filters, shares, summary, JSON.

import { describe, expect, it } from 'vitest';
import { captured } from '../../../test/support/captured-terminal.ts';
import type { MemberObject, MemberView } from '../../status/index.ts';
import { percent } from './member-rows.ts';
import { tableLines } from './table.ts';
import { type AgentView, columnsOf, jsonDocument, select, summary, type ViewQuery } from './view.ts';

const QUERY: ViewQuery = { state: undefined, tags: [], output: 'usual', sort: 'worst', header: true };

function member(ID: string, Status: MemberObject['Status'], Tags: Record<string, string> = {}): MemberObject {
	return {
		ID,
		Addr: '10.42.0.11:7946',
		GRPCAddr: '10.42.0.11:3000',
		MetaAddr: '10.42.0.11:3001',
		Tags,
		Status,
		Incarnation: 217_000_000,
		LastSeen: null,
		SuspectAt: Status === 1 ? '2026-11-22T14:02:32.004Z' : null,
	};
}

function measured(name: string, rttMs: number): MemberView {
	const since = '2026-11-22T14:00:00.000Z';
	const told = { digest: null, heardAt: null, agrees: null, differsSince: null };
	return { member: name, ...told, rttMs, path: 'udp', since, startedAt: since, protocol: 2, own: true };
}

const VIEW: AgentView = {
	self: 'b',
	members: [
		member('a', 0, { zone: 'x' }),
		member('b', 0),
		member('c', 2),
		member('d', 1, { zone: 'x' }),
		member('e', 3),
	],
	shares: new Map([
		['a', 0.25],
		['b', 0.35],
		['d', 0.4],
	]),
	measured: new Map([
		['a', measured('a', 0.62)],
		['d', measured('d', 140)],
	]),
	views: { agree: 2, of: 3, digest: '7f3a91c2000000ff' },
};
const names = (query: Partial<ViewQuery>): string[] =>
	select(VIEW, { ...QUERY, ...query }).map(({ member }) => member.ID);

describe('select', () => {
	it('puts the worst first, then goes by name', () => {
		expect(names({})).toEqual(['d', 'c', 'a', 'b', 'e']);
	});

	it.each([
		[{ state: 'alive' }, ['a', 'b']],
		[{ tags: [['zone', 'x']] }, ['d', 'a']],
		[{ tags: [['zone', 'x']], state: 'suspect' }, ['d']],
		[{ sort: 'name' }, ['a', 'b', 'c', 'd', 'e']],
		[{ sort: 'keys' }, ['d', 'b', 'a', 'c', 'e']],
		[{ sort: 'rtt' }, ['d', 'a', 'b', 'c', 'e']],
	] as const)('%j', (query, expected) => {
		expect(names(query)).toEqual(expected);
	});
});

describe('the table', () => {
	const lines = (view: AgentView, query = QUERY): string[] =>
		tableLines(columnsOf(query), select(view, query), captured({ env: { LANG: 'C.UTF-8' } }).terminal);

	it('names states by shape and word', () => {
		expect(lines(VIEW)).toEqual([
			'NAME  STATE      ADDRESS          RTT    SEEN  KEYS   TAGS',
			'd     ◐ suspect  10.42.0.11:7946  140ms  -     40.0%  zone=x',
			'c     ✕ dead     10.42.0.11:7946  -      -     -      -',
			'a     ● alive    10.42.0.11:7946  0.6ms  -     25.0%  zone=x',
			'b     ● alive    10.42.0.11:7946  -      -     35.0%  -',
			'e     ○ left     10.42.0.11:7946  -      -     -      -',
		]);
	});

	it('has more columns when wide', () => {
		expect(lines(VIEW, { ...QUERY, output: 'wide' })[0]).toMatch(/INCARNATION +UP +PROTOCOL +PATH +GRPC +META +TAGS$/);
	});

	it.each([3, 24, 600])('is aligned and whole with %d members', (count) => {
		const members = Array.from({ length: count }, (_, i) => member(`longbow-${i}`, i % 7 === 0 ? 1 : 0));
		const [header, ...rows] = lines({ ...VIEW, members });
		expect(rows).toHaveLength(count);
		const column = header?.indexOf('ADDRESS') ?? -1;
		expect(rows.every((row) => row.slice(column).startsWith('10.42.0.11:7946'))).toBe(true);
		expect(rows.findIndex((row) => row.includes('alive'))).toBe(Math.ceil(count / 7));
	});
});

describe('summary', () => {
	it('counts the states that there are, and says whose view it is', () => {
		expect(summary(VIEW)).toBe('5 members: 2 alive, 1 suspect, 1 dead, 1 left. Seen from b; 2 of 3 views agree.');
		const alone = { agree: 1, of: 1, digest: '7f3a91c2000000ff' };
		const text = '1 member: 1 alive. Seen from b; 1 of 1 view agrees.';
		expect(summary({ ...VIEW, members: [member('b', 0)], views: alone })).toBe(text);
	});
});

describe('JSON', () => {
	it('leaves the Flight objects as they are and adds what is measured', () => {
		const [row] = select(VIEW, { ...QUERY, state: 'suspect' });
		expect(jsonDocument(VIEW, row ? [row] : [])).toEqual({
			schema: 1,
			self: 'b',
			views: { agree: 2, of: 3, digest: '7f3a91c2000000ff' },
			count: 1,
			members: [{ ...VIEW.members[3], share: 0.4, rttMs: 140, path: 'udp' }],
		});
	});
});

describe('percent', () => {
	it.each([
		[0, '-'],
		[0.0433, '4.33%'],
		[0.333, '33.3%'],
		[0.9999, '100%'],
		[1, '100%'],
	])('%d', (share, text) => {
		expect(percent(share)).toBe(text);
	});
});
