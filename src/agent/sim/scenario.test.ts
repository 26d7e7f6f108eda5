// Scenarios from files: what is taken, what is filled in, and each wrong value named by its path.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { drawRun, WEATHERS } from '../../sim/index.ts';
import { checkHosts, readScenario, type Scenario } from './scenario.ts';

const folder = mkdtempSync(join(tmpdir(), 'longbow-scenario-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 's.json');

function read(content: unknown): Scenario {
	writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
	return readScenario(path);
}

describe('a scenario', () => {
	it('needs not say anything: what it leaves out is calm', () => {
		expect(read({})).toEqual({ weather: WEATHERS.calm, history: undefined, seed: undefined, durationMs: undefined });
		expect(read({ weather: { nodes: 5, link: { loss: 0.1 } } }).weather).toEqual({
			...WEATHERS.calm,
			nodes: 5,
			link: { ...WEATHERS.calm.link, loss: 0.1 },
		});
	});

	it.each([3, 5, 22, 41])('takes what was drawn, and the whole document of a run: seed %i', (seed) => {
		const drawn = drawRun({ seed });
		expect(read(drawn)).toMatchObject(drawn);
		expect(read({ schema: 1, seed, durationMs: 30_000, stateHash: 'abc', drawn })).toEqual({
			...drawn,
			seed,
			durationMs: 30_000,
		});
		checkHosts(path, drawn.weather, drawn.history);
	});
});

describe('what is refused', () => {
	const stall = { type: 'stall', at: 1_000, forMs: 500, host: 'n1' };
	it.each([
		['{', /^--scenario .*s\.json: a readable JSON file \(/],
		[[], 's.json: the file []: a mapping of names to values'],
		[{ weathr: {} }, 's.json: weathr {}: not known; did you mean weather?'],
		[{ weather: { nodes: 0 } }, 's.json: weather.nodes 0: a whole number from 1 to 20000'],
		[{ weather: { link: { loss: 30 } } }, 's.json: weather.link.loss 30: a share between 0 and 1'],
		[{ weather: { los: 1 } }, 's.json: weather.los 1: not known here'],
		[{ drawn: { weather: { cuts: -1 } } }, 's.json: drawn.weather.cuts -1: events a minute, from 0 to 10000'],
		[{ history: {} }, 's.json: history {}: a list'],
		[{ history: [stall, 7] }, 's.json: history[1] 7: a mapping of names to values'],
		[{ history: [{ ...stall, type: 'nap' }] }, 's.json: history[0].type "nap": one of partition, cut, stall, slow'],
		[{ history: [{ ...stall, forMs: '5s' }] }, 's.json: history[0].forMs "5s": milliseconds, 0 or more'],
		[{ history: [{ type: 'crash', at: 5 }] }, 's.json: history[0].host is missing: a text'],
		[{ history: [{ type: 'cut', at: 5, forMs: 1, from: 3 }] }, 's.json: history[0].from 3: a text'],
		[{ history: [{ ...stall, host: 3, back: {} }] }, 's.json: history[0].host 3: a text'],
		[
			{ history: [{ type: 'crash', at: 5, host: 'n1', back: { afterMs: 5 } }] },
			's.json: history[0].back.moves is missing: true or false',
		],
		[{ history: [{ type: 'tags', at: 5, host: 'n1', tags: { v: 1 } }] }, 's.json: history[0].tags.v 1: a text'],
		[{ seed: 1.5 }, 's.json: seed 1.5: a whole number from 0 to 4294967295'],
	])('%j', (content, message) => {
		expect(() => read(content)).toThrow(message);
	});

	it('all at once', () => {
		const problems = {
			weather: { nodes: 'many', streams: 1 },
			history: [{ type: 'stall', at: -1, forMs: 1, host: 'n1' }],
		};
		expect(() => read(problems)).toThrow(/weather\.nodes "many".*\n.*weather\.streams 1.*\n.*history\[0\]\.at -1/);
	});

	it('hosts that this run cannot have', () => {
		const { weather, history } = read({ weather: { nodes: 3 }, history: [{ ...stall, host: 'n7' }] });
		expect(() => checkHosts(path, weather, history ?? [])).toThrow('history[0].host "n7": a host of this run, as n0');
		checkHosts(path, weather, [
			{ type: 'join', at: 0, hosts: ['j0'] },
			{ type: 'crash', at: 5, host: 'j0', back: { afterMs: 5, name: 'r0', moves: true } },
			{ type: 'leave', at: 50, host: 'r0' },
			{ type: 'cut', at: 50, forMs: 1, to: 'n2' },
		]);
	});
});
