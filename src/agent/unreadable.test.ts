// The one line a minute about packets that no key opens.

import { expect, it } from 'vitest';
import { testMember, testSource } from '../../test/support/status-source.ts';
import type { MeshEvent, RejectCode } from '../swim/index.ts';
import { Keyring, keyId } from '../wire/index.ts';
import type { LogRecord } from './log-record.ts';
import { followUnreadable } from './unreadable.ts';

const KEY = new Uint8Array(16).fill(3);

it('tells at once, then once a minute, who sent how many and which keys are here', () => {
	const status = testSource([testMember('a')]);
	let listener: (event: MeshEvent) => void = () => undefined;
	let subscribed = true;
	const recent: { code: RejectCode; host: string; count: number; detail: string }[] = [];
	const source = {
		...status,
		evidence: { ...status.evidence, rejections: { recent: () => recent } },
		onEvent: (hear: typeof listener) => {
			listener = hear;
			return () => {
				subscribed = false;
			};
		},
	};
	const records: LogRecord[] = [];
	const log = { write: (record: LogRecord) => void records.push(record) };
	const stop = followUnreadable({ keyring: new Keyring([KEY]), status: source }, undefined, log);
	const refuse = (at: number, code: RejectCode = 'cannot-decrypt'): void => {
		recent[0] = { code: 'cannot-decrypt', host: '10.0.0.9', count: (recent[0]?.count ?? 0) + 1, detail: '' };
		listener({ type: 'rejected', seq: 1, at, code, detail: '', from: { host: '10.0.0.9', port: 7946 } });
	};
	refuse(1_000, 'bad-label');
	expect(records).toEqual([]);
	for (const at of [1_000, 2_000, 30_000, 60_999]) refuse(at);
	expect(records).toHaveLength(1);
	expect(records[0]).toMatchObject({ level: 'error', event: 'unreadable', component: 'security' });
	expect(records[0]?.reason).toContain('2 packets from 10.0.0.9 cannot be decrypted');
	expect(records[0]?.reason).toContain(`1 key, ${keyId(KEY)}… encrypts`);
	expect(records[0]?.reason).toMatch(/give it the new ones: LONGBOW_GOSSIP_KEYS$/);
	refuse(61_000);
	expect(records).toHaveLength(2);
	expect(records[1]?.details).toEqual({ packets: 6, keys: [keyId(KEY)] });
	stop();
	expect(subscribed).toBe(false);
});

it('names the file, where the keys come from one', () => {
	const status = testSource([testMember('a')]);
	const records: LogRecord[] = [];
	const write = (record: LogRecord) => void records.push(record);
	followUnreadable({ keyring: new Keyring([KEY]), status }, '/etc/longbow/gossip.keys', { write });
	status.emit({
		type: 'rejected',
		seq: 1,
		at: 1_000,
		code: 'cannot-decrypt',
		detail: '',
		from: { host: '10.0.0.9', port: 7946 },
	});
	expect(records[0]?.reason).toMatch(
		/give it the new ones: LONGBOW_GOSSIP_KEYS_FILE, which is \/etc\/longbow\/gossip.keys$/,
	);
});

it('suspects a key where this node has none and hears nonsense', () => {
	const status = testSource([testMember('a')]);
	const records: LogRecord[] = [];
	const write = (record: LogRecord) => void records.push(record);
	followUnreadable({ keyring: undefined, status }, undefined, { write });
	const from = { host: '10.0.0.9', port: 7946 };
	for (const code of ['bad-label', 'unknown-type', 'truncated'] as const) {
		status.emit({ type: 'rejected', seq: 1, at: 1_000, code, detail: '', from });
	}
	expect(records).toMatchObject([{ level: 'warn', event: 'unreadable', details: { packets: 1, keys: [] } }]);
	expect(records[0]?.reason).toMatch(
		/^1 packet from 10\.0\.0\.9 cannot be read: .* give this node its keys: LONGBOW_GOSSIP_KEYS$/,
	);
});
