// `sim` from the command line to its output, in this process: text, JSON, report, exit code.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { capturedStreams } from '../../../test/support/captured-terminal.ts';
import { runCli } from '../cli/program.ts';
import { replay } from '../cli/replay.ts';
import { sim } from '../cli/sim.ts';
import { progressLine } from './progress.ts';

const folder = mkdtempSync(join(tmpdir(), 'longbow-sim-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(line: string, options: { isTTY?: boolean; columns?: number } = {}) {
	const streams = capturedStreams(options);
	const code = await runCli(line.split(' '), [sim, replay], { ...streams, env: { LANG: 'C.UTF-8' } });
	return { code, out: streams.out(), err: streams.err() };
}

describe('a run', () => {
	it('says the seed before and after, the phases and the figures; nothing on stderr that is so short', async () => {
		const { code, out, err } = await run('sim --nodes 8 --for 20s --crash n5@3s --weather calm --seed 7');
		expect([code, err]).toEqual([0, '']);
		const lines = out.split('\n');
		expect(lines[0]).toBe('seed 7   8 nodes   20.0s simulated   calm');
		expect(lines[1]).toBe('drew     no loss, delay 0.2ms +0.1ms, 1 crash');
		expect(out).toMatch(/^safety {3}█{28} {2}20\.0s {3}.*0 violations$/m);
		expect(out).toMatch(/^liveness █{28} {2}healed, all views equal after /m);
		expect(out).toMatch(/^crash to dead, all +p50 \d\.\ds +p99 \d\.\ds +max \d\.\ds +bound \S+ +ok$/m);
		expect(out).toMatch(/^false deaths +0 +ok$/m);
		expect(lines.at(-2)).toMatch(/^8 nodes behaved\. .* --weather calm --crash n5@3s --seed 7$/);
	});

	it('--json is one document with what scripts need', async () => {
		const { code, out, err } = await run('sim --nodes 6 --for 5s --seed 3 --json');
		const document = JSON.parse(out);
		expect([code, err]).toEqual([0, 'seed 3\n']);
		expect(document).toMatchObject({ schema: 1, seed: 3, ok: true, complete: true, violations: [], falseDeaths: 0 });
		const keys = 'stateHash drawn checks detection dissemination join falseSuspicions convergedMs packetsPerNodePerS';
		for (const key of [...keys.split(' '), 'bytesPerNodePerS', 'wallMs']) expect(document).toHaveProperty(key);
		expect(document.checks[0]).toMatchObject({ ok: true, violations: 0 });
	});

	it('is the same again with the same seed, and another with another', async () => {
		const hash = async (seed: number): Promise<string> =>
			JSON.parse((await run(`sim --nodes 6 --for 5s --weather storm --seed ${seed} --json`)).out).stateHash;
		const first = await hash(5);
		expect(await hash(5)).toBe(first);
		expect(await hash(6)).not.toBe(first);
	});

	it('--until ends early and says so', async () => {
		const { code, out } = await run('sim --nodes 4 --for 1m --until 3s --seed 1');
		expect(code).toBe(0);
		expect(out).toContain('liveness not reached: the run was ended before');
		expect(out).toContain('4 nodes behaved until 3.000s');
	});

	it('--html writes a report', async () => {
		const path = join(folder, 'report.html');
		const { err } = await run(`sim --nodes 6 --for 5s --seed 2 --html ${path}`);
		expect(err).toBe(`report   ${path}\n`);
		expect(readFileSync(path, 'utf8')).toContain('<h1>6 nodes behaved.</h1>');
	});

	it('--scenario runs again what --json told of a run', async () => {
		const { out } = await run('sim --nodes 6 --for 8s --weather storm --seed 4 --json');
		const path = join(folder, 'scenario.json');
		writeFileSync(path, out);
		const again = await run(`sim --scenario ${path} --json`);
		expect(JSON.parse(again.out).stateHash).toBe(JSON.parse(out).stateHash);
		const text = await run(`sim --scenario ${path} --loss 0.2 --seed 5 --crash n5@1s`);
		expect(text.out).toMatch(/^seed 5 {3}6 nodes {3}8\.0s simulated {3}scenario\ndrew {5}loss 20%,.* crash/);
		expect(text.out).toContain(`longbow-mesh sim --scenario ${path} --loss 0.2 --crash n5@1s --seed 5`);
	});

	it('--out records one host, changes nothing, and is the same file again', async () => {
		const [first, second] = [join(folder, 'first.lbj'), join(folder, 'second.lbj')];
		const line = 'sim --nodes 5 --for 12s --weather cloud --crash n3@2s --seed 4 --json';
		const unrecorded = await run(line);
		const { code, out, err } = await run(`${line} --out ${first} --view n4`);
		expect(code).toBe(0);
		expect(JSON.parse(out).stateHash).toBe(JSON.parse(unrecorded.out).stateHash);
		expect(err).toBe(`seed 4\njournal  ${first}, the view of n4: longbow-mesh replay ${first} --why <member>\n`);
		await run(`${line} --out ${second} --view n4`);
		expect(readFileSync(second)).toEqual(readFileSync(first));
		const played = await run(`replay ${first} --until suspect:n3 --json`);
		expect(JSON.parse(played.out)).toMatchObject({ self: 'n4', reached: true });
		const end = JSON.parse((await run(`replay ${first} --json`)).out);
		expect(end).toMatchObject({ cut: false, ended: 'closed: the run is over', checkedInputs: end.inputs });
	});

	it('--out of a host that crashes ends with it; of one that never starts it is refused', async () => {
		const path = join(folder, 'crashed.lbj');
		await run(`sim --nodes 3 --for 6s --weather calm --crash n2@3s --seed 4 --out ${path} --view n2`);
		const { out } = await run(`replay ${path} --json`);
		expect(JSON.parse(out)).toMatchObject({ self: 'n2', ended: 'closed: n2 has stopped' });
		const scenario = join(folder, 'late.json');
		writeFileSync(scenario, '{"weather":{"nodes":2},"history":[{"type":"join","at":4000,"hosts":["j0"]}]}');
		const late = await run(`sim --scenario ${scenario} --for 5s --until 2s --out ${path} --view j0`);
		expect([late.code, late.err]).toEqual([1, 'error: --view j0: did not start before the end of the run\n']);
	});

	it('says which file it could not write', async () => {
		const { code, err } = await run(`sim --nodes 2 --for 1s --html ${join(folder, 'no', 'report.html')}`);
		expect(code).toBe(1);
		expect(err).toContain('report.html: cannot be written\n  ENOENT');
	});

	it('rewrites one line of progress on a terminal, never wider than it, and leaves nothing of it', async () => {
		const { err } = await run('sim --nodes 6 --for 30s --seed 2', { isTTY: true, columns: 60 });
		const drawn = err.split('\r\x1b[K').map((line) => line.trimEnd());
		expect(drawn.length).toBeGreaterThan(1);
		expect(drawn.every((line) => line.length < 60)).toBe(true);
		expect(drawn.at(-1)).toBe('');
		expect(drawn[1]).toMatch(/^safety +[█░]{28} {2}1\.0s of 30\.0s/);
	});
});

describe('a sweep', () => {
	it('is a table with a row a value, and draws curves', async () => {
		const path = join(folder, 'curves.html');
		const { code, out, err } = await run(`sim --nodes 6 --for 40s --sweep loss=0..0.2:2 --seed 1 --html ${path}`);
		expect(code).toBe(0);
		const lines = out.trimEnd().split('\n');
		expect(lines[0]).toMatch(/^LOSS +CRASHES +SUSPECT P50 /);
		expect(lines.slice(1).map((line) => line.trim().split(/ +/).slice(0, 2))).toEqual([
			['0', '1'],
			['0.2', '1'],
		]);
		expect(err).toContain('2 runs: 40.0s each, 6 nodes, delay 0.2ms +0.1ms, a crash every 25.0s');
		expect(readFileSync(path, 'utf8')).toContain('<h1>What loss does.</h1>');
	});

	it('--json has every run', async () => {
		const { out } = await run('sim --for 5s --sweep nodes=3..4:2 --seed 1 --json');
		const { sweep, runs } = JSON.parse(out);
		expect([sweep, runs.map((each: { value: number; nodes: number }) => [each.value, each.nodes])]).toEqual([
			'nodes',
			[
				[3, 3],
				[4, 4],
			],
		]);
	});
});

describe('a hunt', () => {
	it('runs seed after seed until the time is up, and says how to do it again', async () => {
		const { code, out, err } = await run('sim --hunt 1s --weather calm --nodes 2 --for 1s --seed 5');
		expect(code).toBe(0);
		expect(err).toBe('seeds from 5, 1.0s each, no loss, delay 0.2ms +0.1ms, for 1.0s\n');
		expect(out).toMatch(/^\d+ runs? {3}.* simulated {3}/);
		expect(out).toMatch(/^mild weather +\d+ runs? +0 false deaths /m);
		expect(out).toMatch(/the same hunt: longbow-mesh sim .*--hunt 1s --seed 5\n$/);
	});

	it('--json counts the same', async () => {
		const { out } = await run('sim --hunt 500ms --weather calm --nodes 2 --for 1s --seed 5 --json');
		const document = JSON.parse(out);
		expect(document).toMatchObject({ schema: 1, seed: 5, ok: true, failures: [], classes: { rough: { runs: 0 } } });
		expect(document.runs).toBe(document.classes.mild.runs);
		expect(document.converged.count).toBe(document.runs);
	});
});

describe('progress', () => {
	const at = { phase: 'safety', now: 60_000, until: 600_000, packets: 3_100_000, violations: 1 } as const;

	it('estimates the rest after three seconds', () => {
		expect(progressLine(at, 2_000)).toBe(
			'safety   ██░░░░░░░░░░░░░░░░░░░░░░░░░░  1m of 10m   30x real time   3.1 M packets   1 violation',
		);
		expect(progressLine(at, 6_000)).toMatch(/ {3}54\.0s to go$/);
	});
});
