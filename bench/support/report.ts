// What every bench prints: its claim, the machine, the command, and figures as median with spread.

import { availableParallelism, cpus, loadavg } from 'node:os';

export interface Spread {
	readonly runs: number;
	readonly median: number;
	readonly min: number;
	readonly max: number;
}

/** A line of the table: what was measured, and figures by the heading of their column. */
export type Row = Readonly<Record<string, string | number>>;

/** @throws {RangeError} when there is nothing to sum up. */
export function spread(values: readonly number[]): Spread {
	const sorted = [...values].sort((a, b) => a - b);
	const [min, max] = [sorted[0], sorted.at(-1)];
	if (min === undefined || max === undefined) throw new RangeError('values: empty');
	const middle = sorted.length / 2;
	const median = ((sorted[Math.ceil(middle) - 1] as number) + (sorted[Math.floor(middle)] as number)) / 2;
	return { runs: sorted.length, median, min, max };
}

/** A row of milliseconds. */
export function timing(what: string, values: readonly number[]): Row {
	const { runs, median, min, max } = spread(values);
	return { what, runs, 'median ms': round(median), 'min ms': round(min), 'max ms': round(max) };
}

/** Three significant digits at least, no more behind the point than they need. */
export function round(value: number): number {
	return value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

export class Report {
	readonly #claim: string;
	readonly #json: boolean;
	readonly #loadBefore: number = load();
	readonly #rows: Row[] = [];
	readonly #notes: Record<string, string | number> = {};

	/** `claim`: the sentence that the figures support or refute. */
	constructor(claim: string, json: boolean) {
		this.#claim = claim;
		this.#json = json;
		if (json) return;
		console.log(claim);
		console.log(`${describeMachine()}\n$ ${command()}\n`);
	}

	add(row: Row): void {
		this.#rows.push(row);
	}

	/** Says how far it is, where somebody watches. */
	progress(text: string): void {
		if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
	}

	/** A count or a version that belongs beside the table. */
	note(what: string, value: string | number): void {
		this.#notes[what] = value;
	}

	print(): void {
		this.progress('');
		const loadAverage = { before: this.#loadBefore, after: load() };
		if (this.#json) {
			const machine = { cpu: cpuModel(), cores: availableParallelism(), node: process.version, loadAverage };
			const report = { claim: this.#claim, command: command(), machine, rows: this.#rows, notes: this.#notes };
			console.log(JSON.stringify(report, null, 2));
			return;
		}
		for (const line of table(this.#rows)) console.log(line);
		for (const [what, value] of Object.entries(this.#notes)) console.log(`${what}: ${value}`);
		console.log(`load average: ${loadAverage.before} before, ${loadAverage.after} after`);
	}
}

/** A table as Markdown, so that it can be pasted into documentation as it is. */
export function table(rows: readonly Row[]): string[] {
	const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
	const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
	const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
	const isNumber = columns.map((column) => rows.every((row) => typeof (row[column] ?? 0) === 'number'));
	const lines = cells.map((line) => {
		const padded = line.map((cell, i) => (isNumber[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)));
		return `| ${padded.join(' | ')} |`;
	});
	const rule = widths.map((width, i) => (isNumber[i] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
	return [lines[0] as string, `| ${rule.join(' | ')} |`, ...lines.slice(1)];
}

function describeMachine(): string {
	return `${availableParallelism()} cores of ${cpuModel()}, Node ${process.version}, ${process.platform}`;
}

function cpuModel(): string {
	return cpus()[0]?.model.trim() ?? process.arch;
}

/** As it was typed: programs of a folder below `bench` have a script of their own. */
function command(): string {
	const [, program = '', ...args] = process.argv;
	const [, folder = '', name = ''] = /([^/]*)\/([^/]*)\.mjs$/.exec(program) ?? [];
	return [...(folder === 'bench' ? ['npm run bench --', name] : [`npm run bench:${folder} --`]), ...args].join(' ');
}

/** One-minute load average: how many others wanted the processors. */
function load(): number {
	return Number((loadavg()[0] ?? 0).toFixed(1));
}
