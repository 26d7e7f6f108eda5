// A journal in a file: its mode, what becomes of an older one, its bound, and what happens when the disk fails.

import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveConfig } from '../swim/index.ts';
import { createFileJournal } from './file-journal.ts';
import { readJournal } from './reader.ts';
import type { JournalHeader } from './recorder.ts';

const HEADER: JournalHeader = {
	config: resolveConfig({ name: 'a' }),
	seed: 1,
	sealBytes: 0,
	compress: false,
	compat: 'none',
	wallMs: 0,
};

let folder: string;
let path: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'longbow-journal-'));
	path = join(folder, 'a.lbj');
});

afterEach(async () => {
	await rm(folder, { recursive: true, force: true });
});

async function entries(file: string): Promise<unknown[]> {
	return [...readJournal(await readFile(file)).entries];
}

describe('createFileJournal', () => {
	it('writes what is added, in order, and why it ends', async () => {
		const journal = await createFileJournal({ path });
		journal.open(HEADER, () => undefined);
		for (let now = 0; now < 10_000; now++) journal.add({ type: 'timeout', now });
		await Promise.all([journal.close(), journal.close()]);
		const all = await entries(path);
		expect(all).toHaveLength(10_001);
		expect(all.slice(-2)).toEqual([
			{ type: 'timeout', now: 9_999 },
			{ type: 'end', reason: 'closed: the node has stopped' },
		]);
		expect(readJournal(await readFile(path)).header).toEqual(HEADER);
	});

	it('is for its owner alone; an older file is kept beside it', async () => {
		await writeFile(path, 'older');
		await chmod(path, 0o644);
		const journal = await createFileJournal({ path });
		await journal.close();
		expect((await stat(path)).mode & 0o777).toBe(0o600);
		expect(await readFile(`${path}.old`, 'utf8')).toBe('older');
	});

	it('ends when it is full, and says so once', async () => {
		const reasons: string[] = [];
		const journal = await createFileJournal({ path, maxBytes: 4_096, onStopped: (reason) => reasons.push(reason) });
		journal.open(HEADER, () => undefined);
		for (let now = 0; now < 1_000; now++) journal.add({ type: 'timeout', now });
		await journal.close();
		expect(reasons).toEqual(['full: it has the 4,096 bytes that it may have']);
		expect((await stat(path)).size).toBeLessThanOrEqual(4_096);
		expect((await entries(path)).at(-1)).toEqual({ type: 'end', reason: reasons[0] });
	});

	it('ends when more waits than the disk takes, without ever waiting for it', async () => {
		const reasons: string[] = [];
		const journal = await createFileJournal({ path, maxBytes: 1e9, onStopped: (reason) => reasons.push(reason) });
		journal.open(HEADER, () => undefined);
		const json = 'x'.repeat(100_000);
		for (let now = 0; now < 200; now++) journal.add({ type: 'other', now, json });
		await journal.close();
		expect(reasons).toEqual(['stopped: the disk cannot keep up']);
		const kept = await entries(path);
		expect(kept.length).toBeLessThan(200);
		expect(kept).toEqual(kept.map((_, now) => ({ type: 'other', now, json })));
	});

	it('rejects with the reason when the file cannot be made', async () => {
		await expect(createFileJournal({ path: join(folder, 'no', 'such') })).rejects.toThrow(/ENOENT/);
	});
});
