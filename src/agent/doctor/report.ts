// The document of a doctor's visit: what `--json` and the action MeshDoctor give.

import type { CheckId } from './context.ts';
import type { Finding, Result } from './finding.ts';

export interface CheckReport {
	readonly id: CheckId;
	readonly result: Result;
	readonly text: string;
	/** What it means; `null` where the text says all. */
	readonly why: string | null;
	readonly try: readonly string[];
	readonly data: Readonly<Record<string, unknown>>;
}

export interface DoctorReport {
	readonly schema: 1;
	/** The node that was examined; `null` without an agent. */
	readonly self: string | null;
	/** Nothing fails; there may be warnings. */
	readonly ok: boolean;
	readonly tookMs: number;
	/** In the order of `CHECK_IDS`. */
	readonly checks: readonly CheckReport[];
}

/** What is asked for; absent = everything. */
export interface DoctorRequest {
	readonly only?: readonly string[];
	/** The one member to look at. */
	readonly peer?: string;
}

export function checkReport(id: CheckId, finding: Finding): CheckReport {
	const { result, text, why = null, try: steps = [], data = {} } = finding;
	return { id, result, text, why, try: steps, data };
}

export function doctorReport(self: string | null, checks: readonly CheckReport[], startedAt: number): DoctorReport {
	const ok = checks.every(({ result }) => result !== 'fail');
	return { schema: 1, self, ok, tookMs: Math.round(performance.now() - startedAt), checks };
}
