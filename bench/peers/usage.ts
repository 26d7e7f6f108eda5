// What a process uses, as Linux counts it: the same for every contender, whatever it says of itself.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const getconf = (name: string): number => Number(execFileSync('getconf', [name], { encoding: 'utf8' }));
const TICKS_PER_S = getconf('CLK_TCK');
const PAGE_BYTES = getconf('PAGESIZE');

/** Processor time of all its threads so far, user and system, in steps of 10 ms (proc(5), fields 14 and 15). */
export function cpuSeconds(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	// The name of the program stands in brackets and may contain anything.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

/** Resident memory. */
export function rssBytes(pid: number): number {
	return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
}
