// The last line of `npm test` counts every failure, those outside of a test as well.
import { describe, expect, it } from 'vitest';
import { complaints, tally } from '../../scripts/test-report.mjs';

const unit = { name: 'unit', folder: 'src' };

function file(name: string, ...statuses: string[]): Parameters<typeof tally>[1][number] {
	const status = statuses.includes('failed') ? 'failed' : 'passed';
	return { name, status, assertionResults: statuses.map((each) => ({ status: each })) };
}

function count(passed: number, failed: number, skipped: number): ReturnType<typeof tally> {
	return { name: 'unit', passed, failed, skipped };
}

describe('the count of a layer', () => {
	it('takes the files of its folder alone', () => {
		const files = [file('src/a.test.ts', 'passed', 'failed', 'pending'), file('test/e2e/b.test.ts', 'passed')];
		expect(tally(unit, files)).toEqual(count(1, 1, 1));
	});

	it('counts a file that does not load as a failure', () => {
		const broken = { name: 'src/a.test.ts', status: 'failed', assertionResults: [] };
		expect(tally(unit, [broken])).toEqual(count(0, 1, 0));
	});

	it('counts a file whose hook failed after its tests had passed', () => {
		const broken = { ...file('src/a.test.ts', 'passed'), status: 'failed' };
		expect(tally(unit, [broken])).toEqual(count(1, 1, 0));
	});
});

describe('what the counts do not show', () => {
	it.each([
		['all is well', count(3, 0, 0), [0], true, []],
		['a failed test speaks for itself', count(3, 1, 0), [1], true, []],
		['a layer without a test', count(0, 0, 0), [1], false, ['unit: no test ran']],
		['skipped tests at home', count(0, 0, 2), [0], false, []],
		['skipped tests on CI', count(0, 0, 2), [0], true, ['unit: no test ran']],
		['some skipped on CI', count(1, 0, 2), [0], true, []],
		['an unhandled error', count(3, 0, 0), [0, 1], true, [expect.stringContaining('outside of any test')]],
		['a run that was killed', count(3, 0, 0), [null], true, [expect.stringContaining('outside of any test')]],
	])('%s', (_name, layer, exitCodes, onCi, expected) => {
		expect(complaints([layer], exitCodes, onCi)).toEqual(expected);
	});
});
