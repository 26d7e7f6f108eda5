// Whose ring differs: members with another view are asked over real connections.

import { afterEach, expect, it } from 'vitest';
import { closeAll, serveFlight } from '../../test/support/flight-server.ts';
import { testMember, testSource } from '../../test/support/status-source.ts';
import { ringDifferences } from './ring-diff.ts';

afterEach(closeAll);

const DIGEST = '03be44d0000000aa';

it('names what the other one lacks and adds, and says who could not be asked', async () => {
	const theirs = testSource([testMember('b'), testMember('a'), testMember('d')]);
	const ring = { ...theirs.ring, fingerprint: '9a01be77000000bb' };
	const other = await serveFlight({ source: Object.defineProperty(theirs, 'ring', { value: ring }) });
	const ours = testSource([
		testMember('a'),
		testMember('b', { tags: { meta: other.address } }),
		testMember('c', { tags: {} }),
		testMember('e', { tags: { meta: '127.0.0.1:1' } }),
	]);
	const differs = (member: string) => ({ member, digest: DIGEST, heardAt: 99_000, differsSince: 90_000 });
	ours.views = { of: 4, agree: 1, digest: '7f3a91c2000000ff', others: ['b', 'c', 'e'].map(differs) };
	const told = { digest: DIGEST, since: '2026-11-22T14:02:22.000Z' };
	const silent = { ...told, fingerprint: null, lacks: [], adds: [] };
	expect(await ringDifferences(ours)).toEqual([
		{ member: 'b', ...told, fingerprint: '9a01be77000000bb', lacks: ['c', 'e'], adds: ['d'], problem: null },
		{ member: 'c', ...silent, problem: 'it tells no status address' },
		{ member: 'e', ...silent, problem: 'nothing answers at 127.0.0.1:1' },
	]);
});

it('leaves out whose ring is the same by the time it answers', async () => {
	const theirs = testSource([testMember('b'), testMember('a')]);
	const other = await serveFlight({ source: theirs });
	const ours = testSource([testMember('a'), testMember('b', { tags: { meta: other.address } })]);
	ours.views = {
		of: 2,
		agree: 1,
		digest: '7f3a91c2000000ff',
		others: [{ member: 'b', digest: DIGEST, heardAt: 99_000, differsSince: 98_000 }],
	};
	expect(await ringDifferences(ours)).toEqual([]);
});
