// `sim` as a process: what a user and a script see of it, and Ctrl-C in the middle of the work.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BINARY, cli } from '../support/cli.ts';

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'longbow-sim-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('sim', () => {
	it('runs without an agent, and the same seed is the same run', async () => {
		const line = 'sim --nodes 12 --for 20s --weather cloud --seed 11 --json'.split(' ');
		const [first, second] = [await cli(line), await cli(line)];
		expect([first.code, second.code]).toEqual([0, 0]);
		const { wallMs, ...document } = JSON.parse(first.out);
		expect(wallMs).toBeGreaterThan(0);
		expect(JSON.parse(second.out)).toMatchObject(document);
		expect(document).toMatchObject({ schema: 1, seed: 11, nodes: 12, violations: [] });
	});

	it('speaks plain ASCII where nothing else is spoken', async () => {
		const { code, out } = await cli('sim --nodes 3 --for 2s --weather storm'.split(' '), { env: { LANG: 'C' } });
		expect(code).toBe(0);
		expect(out).toMatch(/^\p{ASCII}*$/u);
		expect(out).not.toContain('\\u{');
		expect(out).toContain('seed ');
	});

	it('a bad value is one line that says what is allowed', async () => {
		expect(await cli(['sim', '--loss', '30'])).toEqual({
			code: 2,
			out: '',
			err: 'error: --loss 30: a share between 0 and 1, for example 0.03\n',
		});
	});

	it('tells its weather and faults as a scenario that can be edited and run again', async () => {
		const line = 'sim --nodes 8 --for 10s --weather cloud --seed 11 --json'.split(' ');
		const first = JSON.parse((await cli(line)).out);
		const path = join(folder, 'run.json');
		await writeFile(path, JSON.stringify(first));
		const again = JSON.parse((await cli(['sim', '--scenario', path, '--json'])).out);
		expect(again.stateHash).toBe(first.stateHash);
		first.drawn.weather.link.loss = '5%';
		await writeFile(path, JSON.stringify(first));
		expect(await cli(['sim', '--scenario', path])).toEqual({
			code: 2,
			out: '',
			err: `error: --scenario ${path}: drawn.weather.link.loss "5%": a share between 0 and 1\n`,
		});
	});

	it('--out records the view of a host, and replay explains it', async () => {
		const path = join(folder, 'run.lbj');
		const line = `sim --nodes 6 --for 15s --weather calm --crash n4@3s --seed 2 --out ${path} --view n1`;
		const { code, err } = await cli(line.split(' '));
		expect([code, err]).toEqual([0, `journal  ${path}, the view of n1: longbow-mesh replay ${path} --why <member>\n`]);
		const replayed = await cli(['replay', path, '--why', 'n4']);
		expect(replayed.code).toBe(0);
		expect(replayed.out).toMatch(/ ● n4 {2}alive.*\n(.*\n)* *\d\d:\d\d:\d\d\.\d{3} {2}✕ n4 {2}dead/);
		expect(replayed.out).toMatch(/\nn4 is dead/);
		expect(replayed.err).toMatch(/ inputs in .* of n1; as recorded up to input /);
	});

	it.each([[[]], [['--json']]])('Ctrl-C prints what was found so far and exits 130: %j', async (flags) => {
		const line = ['sim', '--nodes', '200', '--for', '24h', '--seed', '5', ...flags];
		const child = spawn(process.execPath, [BINARY, ...line], { env: { PATH: process.env.PATH, LANG: 'C.UTF-8' } });
		let out = '';
		const seed = Promise.race([once(child.stderr, 'data'), once(child.stdout, 'data')]);
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			out += text;
		});
		await seed;
		child.kill('SIGINT');
		const [code] = await once(child, 'close');
		expect(code).toBe(130);
		if (flags.length > 0) expect(JSON.parse(out)).toMatchObject({ seed: 5, complete: false });
		else expect(out).toMatch(/200 nodes behaved until .* --seed 5\n$/);
	});
});
