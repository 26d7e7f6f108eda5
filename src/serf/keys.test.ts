// Serf's key queries against a keyring: what is done, and what is said where it is not.

import { describe, expect, it } from 'vitest';
import { EMPTY, utf8, WireError } from '../swim/index.ts';
import { fieldNames, Keyring, MsgpackReader, MsgpackWriter } from '../wire/index.ts';
import { answerKeyQuery } from './keys.ts';
import { SerfType } from './messages.ts';

const key = (fill: number, length = 16): Uint8Array => new Uint8Array(length).fill(fill);
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function request(of: Uint8Array): Uint8Array {
	const w = new MsgpackWriter();
	w.byte(SerfType.keyRequest);
	w.mapHeader(1);
	w.raw(fieldNames('Key')[0]!);
	w.str(of);
	return w.copy();
}

interface Answer {
	readonly done: boolean;
	readonly message: string;
	readonly keys: readonly string[];
	readonly primary: string;
}

/** Reads the answer with the eyes of serf. */
function ask(name: string, payload: Uint8Array, keyring: Keyring | undefined): Answer {
	const response = answerKeyQuery(name, payload, keyring);
	if (response === undefined) throw new Error('no answer');
	expect(response[0]).toBe(SerfType.keyResponse);
	const reader = new MsgpackReader();
	reader.reset(response, 1);
	const names = fieldNames('Keys', 'Message', 'PrimaryKey', 'Result');
	const text = (): string => Buffer.from(reader.view()).toString();
	const answer = { keys: [] as string[], message: '', primary: '', done: false };
	for (let left = reader.mapHeader(), next = 0; left > 0; left--, next++) {
		expect(reader.key(names, next)).toBe(next);
		if (next === 0) for (let keys = reader.arrayHeader(); keys > 0; keys--) answer.keys.push(text());
		else if (next === 1) answer.message = text();
		else if (next === 2) answer.primary = text();
		else answer.done = reader.bool();
	}
	return answer;
}

const DONE: Answer = { done: true, message: '', keys: [], primary: '' };
const refused = (message: string): Answer => ({ ...DONE, done: false, message });

describe('with keys', () => {
	it('installs, uses, lists and removes', () => {
		const ring = new Keyring([key(1)]);
		expect(ask('_serf_install-key', request(key(2, 32)), ring)).toEqual(DONE);
		expect(ask('_serf_install-key', request(key(2, 32)), ring)).toEqual(DONE);
		expect(ask('_serf_use-key', request(key(2, 32)), ring)).toEqual(DONE);
		const [first, second] = [base64(key(1)), base64(key(2, 32))];
		expect(ask('_serf_list-keys', EMPTY, ring)).toEqual({ ...DONE, keys: [second, first], primary: second });
		expect(ask('_serf_remove-key', request(key(1)), ring)).toEqual(DONE);
		expect(ask('_serf_remove-key', request(key(1)), ring)).toEqual(DONE);
		expect(ring.keys).toEqual([key(2, 32)]);
	});

	it('lists as many keys as a ring can hold within the 1024 bytes of an answer', () => {
		const ring = new Keyring(Array.from({ length: 16 }, (_, fill) => key(fill, 32)));
		expect(answerKeyQuery('_serf_list-keys', EMPTY, ring)!.length).toBeLessThan(900);
		expect(() => ring.add(key(99, 32))).toThrow(RangeError);
		expect(ask('_serf_install-key', request(key(99, 32)), ring)).toEqual(refused('keys: 17; at most 16 are allowed'));
	});

	it('refuses in the words of serf, and changes nothing', () => {
		const ring = new Keyring([key(1), key(2)]);
		expect(ask('_serf_install-key', request(key(3, 17)), ring)).toEqual(refused('key size must be 16, 24 or 32 bytes'));
		expect(ask('_serf_use-key', request(key(3)), ring)).toEqual(refused('Requested key is not in the keyring'));
		expect(ask('_serf_remove-key', request(key(1)), ring)).toEqual(refused('Removing the primary key is not allowed'));
		for (const payload of [EMPTY, Uint8Array.of(SerfType.keyRequest), utf8('nonsense')]) {
			expect(() => answerKeyQuery('_serf_use-key', payload, ring)).toThrow(WireError);
		}
		expect(ring.keys).toEqual([key(1), key(2)]);
	});
});

describe('without keys', () => {
	it('says that nothing is encrypted', () => {
		for (const verb of ['install', 'use', 'remove']) {
			const answer = ask(`_serf_${verb}-key`, request(key(1)), undefined);
			expect(answer).toEqual(refused('No keyring to modify (encryption not enabled)'));
		}
		const answer = ask('_serf_list-keys', EMPTY, undefined);
		expect(answer).toEqual(refused('Keyring is empty (encryption not enabled)'));
	});
});

it('leaves other queries alone', () => {
	for (const name of ['uptime', '_serf_ping', '_serf_conflict', '_serf_key']) {
		expect(answerKeyQuery(name, EMPTY, new Keyring([key(1)]))).toBeUndefined();
	}
});
