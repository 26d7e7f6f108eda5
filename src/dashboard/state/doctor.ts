// The doctor's report as the page shows it.

import type { MemberState } from '../../swim/index.ts';
import { plural } from '../draw/index.ts';

export interface DoctorReport {
	readonly ok: boolean;
	readonly checks: readonly DoctorCheck[];
}

interface DoctorCheck {
	readonly id: string;
	readonly result: 'pass' | 'warn' | 'fail' | 'skip';
	readonly text: string;
	readonly why?: string | null;
	readonly try: readonly string[];
}

const GLYPHS: Readonly<Record<DoctorCheck['result'], MemberState>> = {
	pass: 'alive',
	warn: 'suspect',
	fail: 'dead',
	skip: 'left',
};

/** The same shapes as in the terminal. */
export function glyphOf(result: DoctorCheck['result']): MemberState {
	return GLYPHS[result];
}

export function summaryOf({ checks }: DoctorReport): string {
	const named = (result: DoctorCheck['result']): string[] =>
		checks.filter((check) => check.result === result).map(({ id }) => id);
	const [failed, warned] = [named('fail'), named('warn')];
	const ran = checks.length - named('skip').length;
	if (failed.length + warned.length === 0) return `All ${plural(ran, 'check')} pass.`;
	const parts: string[] = [];
	if (failed.length > 0) parts.push(`${failed.length} fail: ${failed.join(', ')}`);
	if (warned.length > 0) parts.push(`${warned.length} warn: ${warned.join(', ')}`);
	return `${parts.join('; ')}. ${ran - failed.length - warned.length} pass.`;
}
