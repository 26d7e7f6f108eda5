// Members as JSON objects: keys, times, tags, states.
import { describe, expect, it } from 'vitest';
import { testMember, testSource } from '../../test/support/status-source.ts';
import { memberObject, memberObjects } from './index.ts';

describe('memberObject', () => {
	it('seed 20: has the keys of the Flight API, times in RFC 3339', () => {
		const suspect = testMember('b', {
			address: { host: 'fd00::2', port: 7946 },
			state: 'suspect',
			incarnation: 217_321_354,
			tags: { lb: '1', grpc: '10.0.0.2:3000', meta: '10.0.0.2:3001', w: '2', role: 'store' },
			changedAt: 99_500,
			seenAt: 98_004,
		});
		const source = testSource([testMember('a'), suspect]);
		expect(memberObject(source, suspect)).toEqual({
			ID: 'b',
			Addr: '[fd00::2]:7946',
			GRPCAddr: '10.0.0.2:3000',
			MetaAddr: '10.0.0.2:3001',
			Tags: { w: '2', role: 'store' },
			Status: 1,
			Incarnation: 217_321_354,
			LastSeen: '2026-11-22T14:02:30.004Z',
			SuspectAt: '2026-11-22T14:02:31.500Z',
		});
	});

	it('writes null for a member that never spoke to this node, and empty addresses for a foreign one', () => {
		const foreign = testMember('serf-1', { own: false, seenAt: 0, tags: { role: 'web' } });
		const object = memberObject(testSource(), foreign);
		expect(object).toMatchObject({ GRPCAddr: '', MetaAddr: '', LastSeen: null, SuspectAt: null });
		expect(object.Tags).toEqual({ role: 'web' });
	});

	it('seed 21: has seen itself just now', () => {
		const source = testSource();
		source.clock = 100_250;
		expect(memberObject(source, source.self).LastSeen).toBe('2026-11-22T14:02:32.250Z');
	});

	it.each([
		['alive', 0],
		['suspect', 1],
		['dead', 2],
		['left', 3],
	] as const)('numbers %s as %d', (state, number) => {
		const member = testMember('b', { state });
		expect(memberObject(testSource([testMember('a'), member]), member).Status).toBe(number);
	});
});

describe('memberObjects', () => {
	it('keeps the name order of the source', () => {
		const source = testSource([testMember('c'), testMember('a'), testMember('b', { state: 'left' })]);
		expect(memberObjects(source).map(({ ID }) => ID)).toEqual(['a', 'b', 'c']);
	});
});
