// The keys of a file: read at the start, followed through every way in which files change, never lost to a bad one.

import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../test/support/until.ts';
import { type AgentConfig, loadConfig } from '../config/index.ts';
import { Keyring, keyId } from '../wire/index.ts';
import { followKeys, initialKeys } from './keys.ts';
import type { LogRecord } from './log-record.ts';

const key = (fill: number, length = 32): Uint8Array => new Uint8Array(length).fill(fill);
const text = (...keys: readonly Uint8Array[]): string =>
	keys.map((each) => Buffer.from(each).toString('base64')).join('\n');
const [OLD, NEW] = [key(1), key(2)];

let folder = '';
let path = '';
const closers: (() => void)[] = [];
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'longbow-keys-'));
	path = join(folder, 'keys');
});
afterEach(async () => {
	for (const close of closers.splice(0)) close();
	await rm(folder, { recursive: true, force: true });
});

/** As editors do it: there is never half a file. */
async function put(content: string): Promise<void> {
	await writeFile(`${path}.new`, content);
	await rename(`${path}.new`, path);
}

function gossip(env: Record<string, string>): AgentConfig['gossip'] {
	return loadConfig({ env, hostName: 'a' }).config.gossip;
}

function follow(keyring: Keyring): LogRecord[] {
	const records: LogRecord[] = [];
	closers.push(followKeys({ keyring }, path, { write: (record) => void records.push(record) }));
	return records;
}

const reasons = (records: readonly LogRecord[]): readonly string[] => records.map(({ reason }) => reason ?? '');

describe('at the start', () => {
	it('come from the environment or from the file', async () => {
		expect(await initialKeys(gossip({ LONGBOW_GOSSIP_KEYS: text(OLD) }))).toEqual([OLD]);
		expect(await initialKeys(gossip({}))).toEqual([]);
		await writeFile(path, text(OLD, NEW));
		expect(await initialKeys(gossip({ LONGBOW_GOSSIP_KEYS_FILE: path }))).toEqual([OLD, NEW]);
	});

	it.each([
		['a file that is not there', undefined, 'cannot be read (ENOENT)'],
		['nonsense', 'c2VjcmV0', 'entry 1 is no base64 key of 16, 24 or 32 bytes'],
		['too much', `# ${'x'.repeat(70_000)}`, 'is longer than 65536 bytes'],
	])('%s is an error of use that repeats nothing of it', async (_, content, problem) => {
		if (content !== undefined) await writeFile(path, content);
		const failure = await initialKeys(gossip({ LONGBOW_GOSSIP_KEYS_FILE: path })).catch((error: unknown) => error);
		expect(failure).toMatchObject({ code: 'KEYS_FILE', exitCode: 2 });
		expect((failure as Error).message).toBe(`LONGBOW_GOSSIP_KEYS_FILE ${JSON.stringify(path)} ${problem}`);
	});
});

describe('while the agent runs', () => {
	it('are taken when the file is written anew, and told of by their ids', async () => {
		await put(text(OLD));
		const keyring = new Keyring([OLD]);
		const records = follow(keyring);
		await writeFile(path, text(NEW, OLD));
		await until('the new key', () => keyring.keys.length === 2);
		expect(keyring.keys).toEqual([NEW, OLD]);
		expect(reasons(records)).toEqual([`the keys of the file are in force; 2 keys, ${keyId(NEW)}… encrypts`]);
		expect(records[0]).toMatchObject({ level: 'info', event: 'keys', component: 'security' });
	});

	it('are taken through the symlinks of a mounted Secret, as kubelet swaps them', async () => {
		const version = async (name: string, content: string): Promise<void> => {
			await mkdir(join(folder, name));
			await writeFile(join(folder, name, 'keys'), content);
			await symlink(name, join(folder, '..data_tmp'));
			await rename(join(folder, '..data_tmp'), join(folder, '..data'));
		};
		await version('..2026_01', text(OLD));
		await symlink(join('..data', 'keys'), path);
		expect(await initialKeys(gossip({ LONGBOW_GOSSIP_KEYS_FILE: path }))).toEqual([OLD]);
		const keyring = new Keyring([OLD]);
		follow(keyring);
		await version('..2026_02', text(OLD, NEW));
		await until('the second version', () => keyring.keys.length === 2);
		await rm(join(folder, '..2026_01'), { recursive: true });
		await version('..2026_03', text(NEW));
		await until('the third version', () => keyring.keys.length === 1);
		expect(keyring.keys).toEqual([NEW]);
	});

	it('stay when the file is bad or gone, which is told once each', async () => {
		await put(text(OLD));
		const keyring = new Keyring([OLD]);
		const records = follow(keyring);
		const stay = `; the keys stay as they are: 1 key, ${keyId(OLD)}… encrypts`;
		await put('c2VjcmV0');
		await until('a complaint', () => records.length === 1);
		await unlink(path);
		await until('another complaint', () => records.length === 2);
		await put(text(...Array.from({ length: 17 }, (_, fill) => key(fill + 10))));
		await until('a third complaint', () => records.length === 3);
		expect(keyring.keys).toEqual([OLD]);
		expect(reasons(records)).toEqual(
			[
				'entry 1 is no base64 key of 16, 24 or 32 bytes',
				'cannot be read (ENOENT)',
				'keys: 17; at most 16 are allowed',
			].map((problem) => `LONGBOW_GOSSIP_KEYS_FILE ${path} ${problem}${stay}`),
		);
		expect(records.every(({ level }) => level === 'error')).toBe(true);
		await put(text(NEW));
		await until('the good file', () => keyring.keys[0]?.[0] === NEW[0]);
	});

	it('change by command too, and the log tells', () => {
		const keyring = new Keyring([OLD]);
		const records = follow(keyring);
		keyring.add(NEW);
		keyring.use(NEW);
		keyring.remove(OLD);
		const [oldId, newId] = [keyId(OLD), keyId(NEW)];
		expect(reasons(records)).toEqual([
			`key ${newId}… installed; 2 keys, ${oldId}… encrypts`,
			`key ${newId}… now encrypts; 2 keys, ${newId}… encrypts`,
			`key ${oldId}… removed; 1 key, ${newId}… encrypts`,
		]);
	});
});
