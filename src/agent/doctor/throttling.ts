// Whether the kernel holds this process back: the CPU limit of its control group, as the group counts it.

import { readFile } from 'node:fs/promises';

export interface Throttling {
	/** Scheduling periods since the group was made, and how many of them ended with the quota used up. */
	readonly periods: number;
	readonly throttled: number;
}

/** Of version 2 of control groups, then of version 1. */
const FILES = ['/sys/fs/cgroup/cpu.stat', '/sys/fs/cgroup/cpu/cpu.stat'];

/** Undefined where there is no limit, or no control group. */
export async function readThrottling(files: readonly string[] = FILES): Promise<Throttling | undefined> {
	for (const file of files) {
		// A system without this file is one without such limits.
		const text = await readFile(file, 'utf8').catch(() => '');
		const periods = number(text, 'nr_periods');
		const throttled = number(text, 'nr_throttled');
		if (periods !== undefined && periods > 0) return { periods, throttled: throttled ?? 0 };
	}
	return undefined;
}

function number(text: string, name: string): number | undefined {
	const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
	return value === undefined ? undefined : Number(value);
}
