// The doctor's report as lines: a glyph, the check, the verdict; of what is not well also why, and what to try.

import { durationText } from '../../status/index.ts';
import type { MemberState } from '../../swim/index.ts';
import type { CheckReport, DoctorReport } from '../doctor/report.ts';
import { printable, type Terminal } from './terminal.ts';

const ID_WIDTH = 12;
const INDENT = ' '.repeat(2 + ID_WIDTH);

export function doctorLines(report: DoctorReport, terminal: Terminal): string[] {
	return report.checks.flatMap((check) => checkLines(check, terminal));
}

/** `All 14 checks pass. 3.2s`, or how many do not, and which. */
export function doctorSummary({ checks, tookMs }: DoctorReport): string {
	const of = (result: CheckReport['result']): CheckReport[] => checks.filter((check) => check.result === result);
	const [failed, warned, passed] = [of('fail'), of('warn'), of('pass')];
	if (failed.length === 0 && warned.length === 0) return `All ${passed.length} checks pass. ${durationText(tookMs)}`;
	const counts = [counted(failed, 'fails', 'fail'), counted(warned, 'warns', 'warn')].filter(Boolean).join(', ');
	const names = [failed, warned].map(namesOf).filter(Boolean).join('; ');
	return `${counts}: ${names}. ${durationText(tookMs)}`;
}

/** The shapes of states, as everywhere: their words are not said here. */
const GLYPH_OF: Readonly<Record<CheckReport['result'], MemberState>> = {
	pass: 'alive',
	warn: 'suspect',
	fail: 'dead',
	skip: 'left',
};

function checkLines({ id, result, text, why, try: steps }: CheckReport, terminal: Terminal): string[] {
	const lines = [`${terminal.glyph(GLYPH_OF[result])} ${id.padEnd(ID_WIDTH)}${localTimes(text, terminal)}`];
	if (why !== null) lines.push(`${INDENT}${localTimes(why, terminal)}`);
	for (const [index, step] of steps.entries())
		lines.push(`${INDENT}${index === 0 ? 'try: ' : '     '}${printable(step)}`);
	return lines;
}

function counted(checks: readonly CheckReport[], one: string, more: string): string {
	return checks.length === 0 ? '' : `${checks.length} ${checks.length === 1 ? one : more}`;
}

function namesOf(checks: readonly CheckReport[]): string {
	return checks.map(({ id }) => id).join(', ');
}

function localTimes(text: string, terminal: Terminal): string {
	return printable(text).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => terminal.time(Date.parse(time)));
}
