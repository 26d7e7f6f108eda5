// How the doctor's report looks: the lines of a healthy node, of one in trouble, and the last line.

import { describe, expect, it } from 'vitest';
import type { CheckReport, DoctorReport } from '../doctor/report.ts';
import { doctorLines, doctorSummary } from './doctor-lines.ts';
import { Terminal } from './terminal.ts';

const sink = { write: () => undefined };
const terminal = new Terminal({ env: { LANG: 'C.UTF-8' }, stdout: sink, stderr: sink, utc: true });

function check(id: CheckReport['id'], result: CheckReport['result'], fields: Partial<CheckReport> = {}): CheckReport {
	return { id, result, text: 'text', why: null, try: [], data: {}, ...fields };
}

function report(...checks: CheckReport[]): DoctorReport {
	return { schema: 1, self: 'a', ok: true, tookMs: 3_200, checks };
}

describe('doctorLines', () => {
	it('gives a check that passes one line', () => {
		expect(doctorLines(report(check('mtu', 'pass'), check('dns', 'skip', { text: 'not used' })), terminal)).toEqual([
			'● mtu         text',
			'○ dns         not used',
		]);
	});

	it('gives one that does not its reason and what to try, indented', () => {
		const failing = check('udp-in', 'fail', { why: 'One way only.', try: ['an ingress rule', 'or NAT'] });
		expect(doctorLines(report(failing), terminal)).toEqual([
			'✕ udp-in      text',
			'              One way only.',
			'              try: an ingress rule',
			'                   or NAT',
		]);
	});

	it('shows times as everywhere, and lets no control character of the network through', () => {
		const text = 'stalled until 2026-11-22T14:02:32.004Z, says \x1b[2Jlongbow';
		expect(doctorLines(report(check('clock', 'warn', { text })), terminal)).toEqual([
			'◐ clock       stalled until 14:02:32.004, says \\x1b[2Jlongbow',
		]);
	});
});

describe('doctorSummary', () => {
	it('counts what passed', () => {
		expect(doctorSummary(report(check('mtu', 'pass'), check('tcp', 'pass'), check('dns', 'skip')))).toBe(
			'All 2 checks pass. 3.2s',
		);
	});

	it('names what did not, failures first', () => {
		const checks = [check('timing', 'warn'), check('udp-in', 'fail'), check('k8s', 'fail'), check('mtu', 'pass')];
		expect(doctorSummary(report(...checks))).toBe('2 fail, 1 warns: udp-in, k8s; timing. 3.2s');
	});
});
