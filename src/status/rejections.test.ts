// The record of refused packets: counted by sender and reason, forgotten after ten minutes, bounded.

import { describe, expect, it } from 'vitest';
import type { MeshEvent, RejectCode } from '../swim/index.ts';
import { Rejections } from './rejections.ts';

const MINUTE_MS = 60_000;

function rejected(at: number, host: string, code: RejectCode = 'bad-label'): MeshEvent {
	return { type: 'rejected', seq: 1, at, code, detail: `${code} of ${host}`, from: { host, port: 7946 } };
}

describe('Rejections', () => {
	it('counts by code and host, the most frequent first', () => {
		const rejections = new Rejections();
		for (const host of ['10.0.0.1', '10.0.0.2', '10.0.0.2']) rejections.note(rejected(1, host));
		rejections.note(rejected(2, '10.0.0.2', 'cannot-decrypt'));
		expect(rejections.recent(3)).toEqual([
			{ code: 'bad-label', host: '10.0.0.2', count: 2, detail: 'bad-label of 10.0.0.2' },
			{ code: 'bad-label', host: '10.0.0.1', count: 1, detail: 'bad-label of 10.0.0.1' },
			{ code: 'cannot-decrypt', host: '10.0.0.2', count: 1, detail: 'cannot-decrypt of 10.0.0.2' },
		]);
	});

	it('forgets each minute ten minutes later', () => {
		const rejections = new Rejections();
		for (let minute = 0; minute < 12; minute++) rejections.note(rejected(minute * MINUTE_MS, '10.0.0.1'));
		expect(rejections.recent(11 * MINUTE_MS)[0]?.count).toBe(10);
		expect(rejections.recent(14 * MINUTE_MS)[0]?.count).toBe(7);
		expect(rejections.recent(60 * MINUTE_MS)).toEqual([]);
	});

	it('keeps 256 senders at most, those that were quiet for longest give way', () => {
		const rejections = new Rejections();
		for (let i = 0; i < 300; i++) rejections.note(rejected(i, `10.0.${i >> 8}.${i & 255}`));
		const hosts = rejections.recent(300).map(({ host }) => host);
		expect(hosts).toHaveLength(256);
		expect(hosts).not.toContain('10.0.0.43');
		expect(hosts).toContain('10.0.0.44');
	});

	it('takes no notice of anything else', () => {
		const rejections = new Rejections();
		rejections.note({ type: 'leaving', seq: 1, at: 1 });
		expect(rejections.recent(1)).toEqual([]);
	});
});
