// What `info` says of discovery.

import { describe, expect, it } from 'vitest';
import { discoveryRows } from './info.ts';

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
		);
		expect(rows).toEqual([
			['discovery', 'static: 1 address, 2.0s ago'],
			['', text],
			['', 'k8s: 0 addresses, no answer yet'],
		]);
	});

	it('says that nobody is looked for', () => {
		const none = { provider: 'none', peers: [], providers: [] };
		expect(discoveryRows(none, now)).toEqual([['discovery', 'none: this node waits for others to join it']]);
	});
});
