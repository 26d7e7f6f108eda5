// What `info` says of discovery, and of rates.

import { describe, expect, it } from 'vitest';
import { captured } from '../../../test/support/captured-terminal.ts';
import { testMember, testSource } from '../../../test/support/status-source.ts';
import { discoveryObject, infoObject } from '../../status/index.ts';
import type { MemberState } from '../../swim/index.ts';
import { discoveryRows, infoLines, rateText } from './info-lines.ts';

describe('discoveryRows', () => {
	const now = Date.parse('2026-11-22T14:02:34.000Z');

	it('tells what each provider found, how long ago, and what is wrong', () => {
		const text = 'a.example does not exist (ENOTFOUND); ask with: getent ahosts a.example';
		const rows = discoveryRows(
			{
				provider: 'static,k8s',
				peers: [],
				providers: [
					{
						provider: 'static',
						peers: ['10.0.0.1:7946'],
						answeredAt: '2026-11-22T14:02:32.000Z',
						errors: 2,
						problem: { code: 'unresolved', text },
					},
					{ provider: 'k8s', peers: [], answeredAt: null, errors: 0, problem: null },
				],
			},
			now,
			31,
		);
		expect(rows).toEqual([
			['discovery', 'static', '1 address, 2.0s ago'],
			['', '', text],
			['', 'k8s', '0 addresses, no answer yet; address book 31'],
		]);
	});

	it('says that nobody is looked for', () => {
		const none = { provider: 'none', peers: [], providers: [] };
		const text = 'this node waits for others to join it; address book 0';
		expect(discoveryRows(none, now, 0)).toEqual([['discovery', 'none', text]]);
	});
});

describe('the view of another member', () => {
	const facts = {
		version: '1.2.3',
		node: '20.20.2',
		loop: { p99Ms: 1, maxMs: 2 },
		keys: 0,
		label: null,
		discovery: discoveryObject([]),
	};
	const viewOf = (state: MemberState): string | undefined => {
		const source = testSource([testMember('a'), testMember('b', { state })]);
		source.heardView = () => ({ digest: 'c7e8fe9b00000000', heardAt: 98_000, differsSince: undefined });
		const info = infoObject(source, 'b', facts);
		return info && infoLines(info, captured().terminal).find((line) => line.startsWith('  view'));
	};

	it.each<[MemberState, string]>([
		['alive', 'agrees, heard 2.0s ago'],
		['suspect', 'its last one, heard 2.0s ago'],
		['dead', 'its last one, heard 2.0s ago'],
		['left', 'its last one, heard 2.0s ago'],
	])('%s: %s', (state, text) => {
		expect(viewOf(state)).toBe(`  view             c7e8fe9b           ${text}`);
	});
});

it.each([
	[0, '0 B/s'],
	[999.4, '999 B/s'],
	[999.6, '1.0 KB/s'],
	[1_940, '1.9 KB/s'],
	[12_000_000, '12 MB/s'],
	[3e9, '3.0 GB/s'],
])('%d bytes a second are %s', (bytes, text) => {
	expect(rateText(bytes)).toBe(text);
});
