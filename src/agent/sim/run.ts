// `sim` at work: one run, or a sweep, or a hunt.

import { simReportHtml, weatherText } from '../../sim/index.ts';
import type { Invocation } from '../cli/command.ts';
import { interruptible } from '../cli/signals.ts';
import { SimRecord } from '../playback/sim-playable.ts';
import { readRequest, type SimRequest } from './flags.ts';
import { runHunt } from './hunt.ts';
import { jsonDocument } from './json.ts';
import { historyOf, measure, simulateOptions } from './measure.ts';
import { printHeader, printResult } from './print.ts';
import { Progress, Ticker } from './progress.ts';
import { INTERRUPTED, writeOutput } from './report-file.ts';
import { runSweep } from './sweep.ts';
import { ViewJournal } from './view-journal.ts';

/** @returns the exit code. */
export async function runSim(invocation: Invocation): Promise<number> {
	const request = readRequest(invocation);
	return interruptible((stop) => {
		if (request.huntMs !== undefined) return runHunt(request, request.huntMs, invocation, stop);
		if (request.sweep) return runSweep(request, request.sweep, invocation, stop);
		return runOnce(request, invocation, stop);
	});
}

async function runOnce(request: SimRequest, invocation: Invocation, stop: AbortSignal): Promise<number> {
	const { terminal, json } = invocation;
	const history = historyOf(request);
	if (json) terminal.note(`seed ${request.seed}`);
	else printHeader(request, history, terminal);
	const progress = new Progress(new Ticker(terminal));
	const journal = request.out === undefined ? undefined : new ViewJournal(request.view);
	const record = request.open ? new SimRecord() : undefined;
	const measured = await measure(request, stop, (now) => progress.show(now), journal, record);
	terminal.status('');
	if (json) terminal.out(JSON.stringify(jsonDocument(measured)));
	else printResult(measured, request, terminal);
	if (request.html !== undefined) {
		const drew = weatherText(request.weather, history);
		await writeOutput('--html', request.html, simReportHtml({ ...measured, drew, command: request.again }));
		terminal.note(`report   ${request.html}`);
	}
	if (journal && request.out !== undefined) terminal.note(await journal.write(request.out));
	if (stop.aborted) return INTERRUPTED;
	if (record) {
		const { openPlayback } = await import('../playback/serve.ts');
		await openPlayback(record.playable(simulateOptions(request), measured.report), { ...invocation, stop });
	}
	return measured.summary.ok ? 0 : 1;
}
