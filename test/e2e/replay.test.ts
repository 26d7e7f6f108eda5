// A real agent's journal: recorded on real sockets with keys and a label, then replayed bit for bit.

import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgentProcess } from '../support/agent-process.ts';
import { cli, eventually } from '../support/cli.ts';

const KEY = Buffer.from('a key that is easy to search for').toString('base64');
const SECRETS = { LONGBOW_GOSSIP_KEYS: KEY, LONGBOW_GOSSIP_LABEL: 'a-label-to-search-for' };

let folder: string;
let journal: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'longbow-journal-'));
	journal = join(folder, 'a.lbj');
	const a = await startAgentProcess('a', { env: { ...SECRETS, LONGBOW_JOURNAL: journal } });
	const b = await startAgentProcess('b', { join: [a.gossip], env: SECRETS });
	const alive = (count: number) => async () =>
		(await cli(['members', '--addr', a.status, '--expect', String(count)])).code === 0 || undefined;
	await eventually('both are alive', alive(2));
	await b.end();
	await eventually('b is dead', async () => {
		const { out } = await cli(['members', '--addr', a.status, '--state', 'dead', '-o', 'name', '-q']);
		return out === 'b\n' || undefined;
	});
	await a.end('SIGTERM');
}, 60_000);

afterAll(async () => {
	await rm(folder, { recursive: true, force: true });
});

const replay = (...args: string[]) => cli(['replay', journal, ...args]);

describe('the journal of an agent', () => {
	it('is for its owner alone, and holds neither key nor label', async () => {
		expect((await stat(journal)).mode & 0o777).toBe(0o600);
		const bytes = await readFile(journal);
		for (const secret of [KEY, Buffer.from(KEY, 'base64'), Buffer.from(KEY, 'base64').toString('hex'), 'a-label-to']) {
			expect(bytes.includes(secret)).toBe(false);
		}
	});

	it('replays with the same outputs, and tells the story', async () => {
		const { code, out, err } = await replay();
		expect(err).toMatch(
			/^[\d,]+ inputs in [\dms.]+ of a; as recorded up to input [1-9][\d,]*, the last checkpoint\.\n$/,
		);
		expect(code).toBe(0);
		expect(out).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}● b {2}alive/m);
		expect(out).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}◐ b {2}suspect/m);
		expect(out).toMatch(/\n\nNAME +STATE.*\nb +✕ dead .*\na +○ left /);
	});

	it('stops where it is told to, and explains what was known by then', async () => {
		const { code, out } = await replay('--until', 'suspect:b', '--why', 'b');
		expect(code).toBe(0);
		expect(out).toMatch(/\nb is suspect\. It will be dead at \d\d:\d\d:\d\d\.\d{3} \(in 5\.0s\) unless it refutes\.\n/);
		const document = JSON.parse((await replay('--until', '1s', '--why', 'a', '--json')).out);
		expect(document).toMatchObject({ schema: 1, self: 'a', reached: true, cut: false, why: { member: 'a' } });
		expect(document.elapsedMs).toBeGreaterThanOrEqual(1_000);
		expect(document.elapsedMs).toBeLessThan(2_000);
	});

	it('says when the point does not come, or the member is not known', async () => {
		const late = await replay('--until', '10h');
		expect([late.code, late.err]).toEqual([
			1,
			expect.stringMatching(/^error: the journal ends at [\dms.]+, before --until 10h\n/),
		]);
		expect((await replay('--until', 'suspect:c')).err).toMatch(
			/^error: the journal ends at [\dms.]+, before c was suspect\n/,
		);
		expect((await replay('--until', 'asleep:c')).code).toBe(2);
		expect((await replay('--why', 'bb', '-q')).err).toContain('error: no member "bb"\n  Known here: a, b.\n');
	});

	it('cut off, is replayed as far as it goes; damaged, is refused', async () => {
		const other = join(folder, 'other.lbj');
		const bytes = await readFile(journal);
		await writeFile(other, bytes);
		await truncate(other, bytes.length - 100);
		const cut = await cli(['replay', other]);
		expect([cut.code, cut.err]).toEqual([
			0,
			expect.stringMatching(/^warning: the journal is cut off after input \d+: /),
		]);
		bytes[bytes.length - 100]! ^= 1;
		await writeFile(other, bytes);
		const damaged = await cli(['replay', other]);
		expect([damaged.code, damaged.err]).toEqual([
			1,
			expect.stringMatching(/^error: the journal is damaged at byte \d+: /),
		]);
		await writeFile(other, 'hello');
		expect((await cli(['replay', other])).err).toBe('error: this is not a journal of longbow-mesh\n');
		expect((await cli(['replay', join(folder, 'none')])).err).toMatch(/^error: .*none cannot be read\n {2}ENOENT/);
	});

	it('that cannot be made keeps the agent from starting, and says why', async () => {
		const { code, err } = await cli(['agent', '--journal', join(folder, 'no', 'such')], {
			env: { LONGBOW_GOSSIP_PORT: '0', LONGBOW_GOSSIP_BIND_ADDR: '127.0.0.1' },
		});
		expect([code, err]).toEqual([1, expect.stringMatching(/^error: the journal cannot be written\n {2}ENOENT/)]);
	});
});
