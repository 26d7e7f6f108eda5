// The fold behind `why`: what it keeps of each member, and that it stays within its caps.

import { describe, expect, it } from 'vitest';
import { testMember, testSource } from '../../test/support/status-source.ts';
import type { MeshEvent } from '../swim/index.ts';
import { EVIDENCE_LIMITS, Evidence } from './evidence.ts';
import { whyDocument } from './index.ts';

const ELSEWHERE = { host: '10.0.0.9', port: 7946 };
let seq = 0;

function suspected(name: string, by: string, at = 0): MeshEvent {
	const member = testMember(name, { state: 'suspect' });
	return { type: 'state', seq: ++seq, at, member, from: 'alive', to: 'suspect', why: { code: 'heard', by } };
}

describe('Evidence', () => {
	it('has nothing to keep of a member that came and is well', () => {
		const evidence = new Evidence();
		const member = testMember('b');
		evidence.note({ type: 'state', seq: 1, at: 0, member, from: 'none', to: 'alive', why: { code: 'heard' } });
		expect(evidence.about('b')).toEqual([]);
		expect(evidence.about('nobody')).toEqual([]);
	});

	it('keeps the latest of a member, and of all members those that were heard of last', () => {
		const evidence = new Evidence();
		for (let at = 0; at < 100; at++) evidence.note(suspected('b', 'c', at));
		expect(evidence.about('b').map(({ at }) => at)).toEqual(
			Array.from({ length: EVIDENCE_LIMITS.member }, (_, i) => 36 + i),
		);
		expect([evidence.since('b'), evidence.since('m0')]).toEqual([36, 0]);
		for (let i = 0; i < EVIDENCE_LIMITS.total - 1; i++) evidence.note(suspected(`m${i}`, 'c'));
		expect(evidence.about('b')).toEqual([]);
		expect(evidence.since('b')).toBe(99);
		expect(evidence.about('m0')).toHaveLength(1);
		expect(evidence.accusations).toHaveLength(EVIDENCE_LIMITS.accusations);
	});

	it('keeps the latest of its own condition', () => {
		const evidence = new Evidence();
		for (let at = 0; at < 200; at++) evidence.note({ type: 'stall', seq: ++seq, at, lateMs: 300 });
		expect(evidence.own).toHaveLength(EVIDENCE_LIMITS.own);
		expect(evidence.own[0]!.at).toBe(200 - EVIDENCE_LIMITS.own);
	});
});

describe('whyDocument', () => {
	it('knows nobody of whom nothing was heard', () => {
		expect(whyDocument(testSource(), 'nobody')).toBeUndefined();
	});

	it('says so when nothing on record tells why', () => {
		const source = testSource([testMember('a'), testMember('b', { state: 'dead', address: ELSEWHERE })]);
		expect(whyDocument(source, 'b')?.likely).toEqual({
			code: 'unknown',
			text: 'This node has recorded nothing that tells why.',
		});
	});

	it('still explains a member that is forgotten', () => {
		const source = testSource();
		source.emit(suspected('gone', 'c', 90_000));
		const member = testMember('gone', { state: 'dead', address: ELSEWHERE });
		source.emit({
			type: 'state',
			seq: ++seq,
			at: 95_000,
			member,
			from: 'dead',
			to: 'none',
			why: { code: 'forgotten' },
		});
		const document = whyDocument(source, 'gone');
		expect(document).toMatchObject({ member: 'gone', state: 'forgotten', likely: { code: 'process' } });
		expect(document!.timeline).toMatchObject([
			{ at: '2026-11-22T14:02:22.000Z', kind: 'suspect', by: 'c', title: 'suspected', text: 'by c, incarnation 1' },
			{ kind: 'forgotten' },
		]);
	});

	it('says so when nothing tells why', () => {
		const source = testSource([testMember('a'), testMember('b', { state: 'dead', address: ELSEWHERE })]);
		expect(whyDocument(source, 'b')!.likely).toEqual({
			code: 'unknown',
			text: 'This node has recorded nothing that tells why.',
		});
	});
});
