// The values of the flags of `sim`: how each is read, refused, and written again as a command line.

import { ConfigError, duration, integer, type Kind } from '../../config/index.ts';
import type { Invocation } from '../cli/command.ts';

export interface Sweep {
	readonly flag: SweepFlag;
	/** Smallest first. */
	readonly values: readonly number[];
	/** A value as the flag reads it. */
	text(value: number): string;
}

export const HOUR_MS = 3_600_000;
const SWEEP = 'a flag and its range, for example loss=0..0.3 or nodes=10..100:10';
const STEPS = 7;

/** A share is a number; percent signs would leave open what 0.5 means. */
const share: Kind<number> = {
	name: 'share',
	allowed: 'a share between 0 and 1, for example 0.03',
	parse(text) {
		const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
		return value >= 0 && value <= 1 ? { value } : { allowed: this.allowed };
	},
	format: String,
};

/** Flags with one number each; a sweep may vary any of them. */
const NUMBERS = {
	nodes: integer(1, 20_000),
	loss: share,
	duplication: share,
	rtt: duration(0, 60_000),
	jitter: duration(0, 60_000),
	period: duration(10, 60_000),
	'ack-timeout': duration(1, 30_000),
	'suspicion-timeout': duration(10, 24 * HOUR_MS),
} as const satisfies Record<string, Kind<number>>;
export type SweepFlag = keyof typeof NUMBERS;
export type Numbers = Partial<Record<SweepFlag, number>>;

export function readNumbers(invocation: Invocation): Numbers {
	const numbers: Numbers = {};
	for (const flag of Object.keys(NUMBERS) as SweepFlag[]) {
		const value = readFlag<number>(invocation, flag, NUMBERS[flag]);
		if (value !== undefined) numbers[flag] = value;
	}
	return numbers;
}

export function readSweep(given: string | undefined): Sweep | undefined {
	if (given === undefined) return undefined;
	const [, flag = '', lowText = '', highText = '', stepsText] =
		/^([a-z-]+)=(.+?)\.\.(.+?)(?::(\d+))?$/.exec(given) ?? [];
	if (!Object.hasOwn(NUMBERS, flag)) throw wrong('sweep', given, `${SWEEP}; flags: ${Object.keys(NUMBERS).join(', ')}`);
	const kind: Kind<number> = NUMBERS[flag as SweepFlag];
	const [low, high] = [lowText, highText].map((end) => {
		const parsed = kind.parse(end);
		if ('value' in parsed) return parsed.value;
		throw wrong('sweep', given, `${flag} is ${parsed.allowed}`);
	}) as [number, number];
	const steps = stepsText === undefined ? STEPS : Number(stepsText);
	if (steps < 2 || steps > 100 || low >= high) throw wrong('sweep', given, 'a range that rises, in 2 to 100 steps');
	const values = Array.from({ length: steps }, (_, i) => rounded(low + ((high - low) * i) / (steps - 1), flag));
	return { flag: flag as SweepFlag, values: [...new Set(values)], text: (value) => kind.format(value) };
}

function rounded(value: number, flag: string): number {
	return flag === 'nodes' ? Math.round(value) : Number(value.toPrecision(4));
}

export function readFlag<V>(invocation: Invocation, flag: string, kind: Kind<V>): V | undefined {
	const given = text(invocation, flag);
	if (given === undefined) return undefined;
	const parsed = kind.parse(given.trim());
	if ('value' in parsed) return parsed.value;
	throw wrong(flag, given, parsed.allowed);
}

export function durationOf(given: string): number | undefined {
	const parsed = duration(0, 31 * 24 * HOUR_MS).parse(given);
	return 'value' in parsed ? parsed.value : undefined;
}

export function wrong(flag: string, given: string, allowed: string): ConfigError {
	return new ConfigError([`--${flag} ${quoted(given)}: ${allowed}`]);
}

export function text({ options }: Invocation, flag: string): string | undefined {
	const value = options[flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())];
	return typeof value === 'string' ? value : undefined;
}

export function list({ options }: Invocation, flag: string): readonly string[] {
	return (options[flag] as readonly string[] | undefined) ?? [];
}

/** Flags that make the run what it is, in the order of the help; with the seed that was drawn. */
export function commandLine(invocation: Invocation, seed: number): string {
	const single = [
		'nodes',
		'for',
		'weather',
		'scenario',
		'loss',
		'duplication',
		'rtt',
		'jitter',
		'period',
		'ack-timeout',
		'suspicion-timeout',
		'checks',
		'hunt',
		'sweep',
	];
	const words = single.flatMap((flag) => {
		const value = text(invocation, flag);
		return value === undefined ? [] : [`--${flag}`, quoted(value)];
	});
	if (invocation.options.udpOnly === true) words.push('--udp-only');
	for (const flag of ['partition', 'crash'])
		for (const value of list(invocation, flag)) words.push(`--${flag}`, quoted(value));
	return ['longbow-mesh sim', ...words, '--seed', String(seed)].join(' ');
}

/** Needs no quotes in a shell, or has them. */
function quoted(value: string): string {
	return /^[\w.,:@=%+/-]+$/.test(value) ? value : JSON.stringify(value);
}
