// CPU limits as control groups of both versions tell them.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readThrottling } from './throttling.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'longbow-cgroup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
	const path = join(folder, name);
	writeFileSync(path, text);
	return path;
}

it('reads the periods of a limit', async () => {
	const v2 = file('v2', 'usage_usec 52\nuser_usec 40\nnr_periods 1000\nnr_throttled 310\nthrottled_usec 77\n');
	const v1 = file('v1', 'nr_periods 8\nnr_throttled 0\nthrottled_time 0\n');
	expect(await readThrottling([v2, v1])).toEqual({ periods: 1_000, throttled: 310 });
	expect(await readThrottling([join(folder, 'absent'), v1])).toEqual({ periods: 8, throttled: 0 });
});

it('is silent where there is no limit', async () => {
	const unlimited = file('unlimited', 'usage_usec 52\nnr_periods 0\nnr_throttled 0\n');
	expect(await readThrottling([unlimited, join(folder, 'absent')])).toBeUndefined();
});
