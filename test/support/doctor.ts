// The doctor as a test asks it: the report of an agent, and one check of it.

import type { DoctorReport } from '../../src/agent/doctor/report.ts';
import { type CliResult, cli } from './cli.ts';

export type CheckReport = DoctorReport['checks'][number];

/** The report, whatever it says; `args` are those of the command. */
export async function examine(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<DoctorReport> {
	return reportOf(await cli(['doctor', '--json', ...args], { env }));
}

/** @throws {Error} with what the command wrote when that is no report. */
export function reportOf({ code, out, err }: CliResult): DoctorReport {
	if (out === '') throw new Error(`doctor ended with ${code}: ${err}`);
	return JSON.parse(out);
}

/** One check of a report. @throws {Error} when it was not made. */
export function checkOf({ checks }: DoctorReport, id: string): CheckReport {
	const found = checks.find((check) => check.id === id);
	if (!found) throw new Error(`no check ${id} among ${checks.map((check) => check.id)}`);
	return found;
}

/** The names of the checks with this result. */
export function those({ checks }: DoctorReport, result: CheckReport['result']): readonly string[] {
	return checks.flatMap((check) => (check.result === result ? [check.id] : []));
}
