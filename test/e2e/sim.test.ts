// `sim` as a process: what a user and a script see of it, and Ctrl-C in the middle of the work.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { BINARY, cli } from '../support/cli.ts';

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
