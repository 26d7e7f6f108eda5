// The flags of `sim` as a table: what is typed, what it asks for, and what is refused in which words.

import { describe, expect, it } from 'vitest';
import { captured } from '../../../test/support/captured-terminal.ts';
import { drawRun } from '../../sim/index.ts';
import { applyNumbers, readRequest, type SimRequest } from './flags.ts';

function request(options: Record<string, unknown>): SimRequest {
	const { terminal } = captured();
	return readRequest({ name: 'sim', args: [], options, terminal, json: false, env: {} });
}

describe('what is asked for', () => {
	it('by nothing: 64 nodes for ten minutes on a LAN, and a seed that is told', () => {
		const { weather, durationMs, seed, again, faults } = request({});
		expect([weather.nodes, weather.link.loss, durationMs, faults]).toEqual([64, 0.001, 600_000, []]);
		expect(seed).toBeGreaterThanOrEqual(0);
		expect(again).toBe(`longbow-mesh sim --seed ${seed}`);
	});

	it('by numbers: weather and knobs', () => {
		const { weather, host } = request({
			nodes: '10',
			loss: '0.03',
			rtt: '2ms',
			jitter: '500us',
			period: '1s',
			ackTimeout: '500ms',
			suspicionTimeout: '10s',
			udpOnly: true,
		});
		expect(weather).toMatchObject({ nodes: 10, streams: false, link: { loss: 0.03, delayMs: 1, jitterMs: 0.5 } });
		expect(host).toEqual({ protocolPeriodMs: 1_000, ackTimeoutMs: 500, suspicionTimeoutMs: 10_000 });
	});

	it('by faults: halves and hosts', () => {
		const { faults } = request({ nodes: '5', partition: ['30s@2m'], crash: ['n3@1m30s', '4@1s'] });
		expect(faults).toEqual([
			{ type: 'partition', at: 120_000, forMs: 30_000, side: ['n3', 'n4'], flapMs: 0 },
			{ type: 'crash', at: 90_000, host: 'n3' },
			{ type: 'crash', at: 1_000, host: 'n4' },
		]);
	});

	it('by a sweep: values in equal steps, and crashes to detect unless other faults are asked for', () => {
		const { sweep, steadyCrashes, durationMs, weather } = request({ sweep: 'loss=0..0.3' });
		expect(sweep?.values).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]);
		expect([steadyCrashes, durationMs, weather.crashes]).toEqual([true, 120_000, 0]);
		expect(request({ sweep: 'loss=0..1:3', weather: 'storm' }).steadyCrashes).toBe(false);
		expect(request({ sweep: 'nodes=4..8:9' }).sweep?.values).toEqual([4, 5, 6, 7, 8]);
		const times = request({ sweep: 'suspicion-timeout=1s..3s:3' }).sweep!;
		expect(times.values.map(times.text)).toEqual(['1s', '2s', '3s']);
	});

	it('by drawn weather: all of it from the seed, as the hunt draws it', () => {
		const drawn = request({ weather: 'drawn', seed: '12', for: '30s' });
		expect(drawn.weather).toEqual(drawRun({ seed: 12 }).weather);
		expect(request({ weather: 'drawn', seed: '12', nodes: '5' }).weather).toEqual({ ...drawn.weather, nodes: 5 });
	});

	it('by a hunt: every seed in its own weather unless it is said, and the command for one of its runs', () => {
		const hunt = request({ hunt: '5m', seed: '3' });
		expect([hunt.huntMs, hunt.huntWeather, hunt.durationMs]).toEqual([300_000, undefined, 30_000]);
		expect(hunt.commandFor(17)).toBe('longbow-mesh sim --for 30s --weather drawn --seed 17');
		const stormy = request({ hunt: '5m', weather: 'storm', seed: '3' });
		expect(stormy.huntWeather).toBe(stormy.weather);
		expect(stormy.commandFor(17)).toBe('longbow-mesh sim --for 30s --weather storm --seed 17');
	});

	it('again: the same words and the seed', () => {
		const { again } = request({ weather: 'storm', nodes: '8', crash: ['3@2s'], for: '1m', html: 'x.html', seed: '7' });
		expect(again).toBe('longbow-mesh sim --nodes 8 --for 1m --weather storm --crash 3@2s --seed 7');
	});
});

it('a step of a sweep changes its number and nothing else', () => {
	const before = request({ seed: '1' });
	expect(applyNumbers(before, { loss: 0.5 })).toEqual({
		...before,
		weather: { ...before.weather, link: { ...before.weather.link, loss: 0.5 } },
	});
});

describe('what is refused', () => {
	it.each([
		[{ loss: '30' }, '--loss 30: a share between 0 and 1, for example 0.03'],
		[{ loss: '3%' }, '--loss 3%: a share between 0 and 1, for example 0.03'],
		[{ nodes: '0' }, '--nodes 0: a whole number from 1 to 20000'],
		[{ for: '10' }, '--for 10: a duration with a unit, for example 100ms, 5s, 1m30s'],
		[{ seed: '-1' }, '--seed -1: a whole number from 0 to 4294967295'],
		[{ weather: 'fog' }, '--weather fog: one of calm, lan, cloud, storm, drawn'],
		[{ partition: ['30s'] }, '--partition 30s: how long and when, for example 30s@2m'],
		[{ partition: ['9m@2m'] }, '--partition 9m@2m: over by the end of the run (--for 10m)'],
		[{ crash: ['n64@1m'] }, '--crash n64@1m: a host from n0 to n63 and a time, for example n0@2m'],
		[{ crash: ['n1@11m'] }, '--crash n1@11m: before the end of the run (--for 10m)'],
		[{ ackTimeout: '200ms' }, '--ack-timeout 200ms: less than --period, which is 200ms'],
		[{ sweep: 'loss=0.3..0' }, '--sweep loss=0.3..0: a range that rises, in 2 to 100 steps'],
		[{ sweep: 'loss=0..30' }, '--sweep loss=0..30: loss is a share between 0 and 1, for example 0.03'],
		[{ sweep: 'constructor=1..2' }, '--sweep constructor=1..2: a flag and its range'],
		[{ sweep: 'ack-timeout=50ms..300ms' }, '--ack-timeout 216.7ms: less than --period, which is 200ms'],
		[{ sweep: 'colour=1..2' }, '--sweep colour=1..2: a flag and its range'],
		[{ checks: 'all,nothing' }, '--checks all,nothing: all, or some of incarnations'],
		[{ hunt: '5m', partition: ['1s@1s'] }, '--hunt together with --sweep, --html, --until, --scenario, --out, '],
		[{ hunt: '5m', out: 'run.lbj' }, '--hunt together with --sweep, --html, --until, --scenario, --out, '],
		[{ sweep: 'loss=0..1', out: 'run.lbj' }, '--out together with --sweep'],
		[{ view: 'n3' }, '--view without --out'],
		[{ out: 'run.lbj', view: 'n64' }, '--view n64: a host of this run, for example n0'],
		[{ scenario: 'none.json' }, '--scenario none.json: a readable JSON file (ENOENT'],
		[{ weather: 'a b' }, '--weather "a b": one of'],
	])('%j', (options, message) => {
		expect(() => request(options)).toThrow(message);
	});
});
