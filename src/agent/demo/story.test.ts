// The demo's sentences.

import { describe, expect, it } from 'vitest';
import { captured } from '../../../test/support/captured-terminal.ts';
import { eventText, movedText } from './story.ts';

const { terminal } = captured({ env: { LANG: 'C.UTF-8' } });
const line = (fields: object) => ({ time: '', event: 'state', node: 'demo-0', member: 'demo-2', ...fields });

describe('eventText', () => {
	it.each([
		[
			{ to: 'suspect', reason: 'no ack in 100ms' },
			'◐ demo-2   suspect    no ack in 100ms; its keys stay put: it may only be slow',
		],
		[{ to: 'dead', reason: 'not refuted in 5.0s' }, '✕ demo-2   dead       not refuted in 5.0s'],
		[{ to: 'left', reason: 'it said goodbye' }, '○ demo-2   left       it said goodbye'],
		[{ event: 'confirmed', reason: 'by demo-1; waits 2.0s' }, '◐ demo-2   confirmed  by demo-1; waits 2.0s'],
		[{ event: 'ready' }, undefined],
		[{ to: 'none' }, undefined],
	])('%j', (fields, text) => {
		expect(eventText(line(fields), terminal)).toBe(text);
	});
});

describe('movedText', () => {
	const shares = (...entries: [string, number][]) => new Map(entries);

	it('says how much moved and to whom', () => {
		const before = shares(['demo-0', 0.33], ['demo-1', 0.33], ['demo-2', 0.34]);
		expect(movedText(before, shares(['demo-0', 0.5], ['demo-1', 0.5]))).toBe(
			'34.0% of keys move: demo-0 +17.0%, demo-1 +17.0%; every key has an owner',
		);
	});

	it('says nothing when nothing moved', () => {
		const same = shares(['demo-0', 1]);
		expect(movedText(same, same)).toBeUndefined();
	});
});
