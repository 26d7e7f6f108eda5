// Which views agree: counted over live own members that were heard, told apart by since when they differ.

import { describe, expect, it } from 'vitest';
import { testMember } from '../../test/support/status-source.ts';
import { Views } from './views.ts';

const OURS = { a: 1, b: 2 };
const THEIRS = { a: 3, b: 4 };
const DIGEST = '0000000100000002';

describe('views', () => {
	it('this node alone agrees with itself', () => {
		expect(new Views().summary('a', OURS, [testMember('a')])).toEqual({ of: 1, agree: 1, digest: DIGEST, others: [] });
	});

	it('counts whom it has heard, and names those that differ, since when', () => {
		const views = new Views();
		const members = ['a', 'b', 'c', 'd'].map((name) => testMember(name));
		views.note('b', OURS, true, 10);
		views.note('c', THEIRS, false, 20);
		views.note('c', { a: 5, b: 6 }, false, 30);
		expect(views.summary('a', OURS, members)).toEqual({
			of: 3,
			agree: 2,
			digest: DIGEST,
			others: [{ member: 'c', digest: '0000000500000006', heardAt: 30, differsSince: 20 }],
		});
		views.note('c', OURS, true, 40);
		views.note('c', THEIRS, false, 50);
		expect(views.summary('a', OURS, members).others[0]?.differsSince).toBe(50);
	});

	it('leaves out who is not alive, the foreign and the forgotten', () => {
		const views = new Views();
		for (const name of ['dead', 'foreign', 'gone', 'left', 'suspect']) views.note(name, THEIRS, false, 1);
		views.forget('gone');
		const members = [
			testMember('a'),
			testMember('dead', { state: 'dead' }),
			testMember('foreign', { own: false }),
			testMember('gone'),
			testMember('left', { state: 'left' }),
			testMember('suspect', { state: 'suspect' }),
		];
		const { of, agree, others } = views.summary('a', OURS, members);
		expect({ of, agree, others }).toEqual({ of: 1, agree: 1, others: [] });
	});
});
