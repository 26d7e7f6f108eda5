// What the flags of `sim` ask for: weather, faults, knobs of the protocol, and what becomes of the result.

import { randomInt } from 'node:crypto';
import { ConfigError, duration, formatDuration, integer, oneOf } from '../../config/index.ts';
import {
	CHECKERS,
	drawRun,
	type Fault,
	type HostOptions,
	hostName,
	hostNames,
	WEATHERS,
	type Weather,
} from '../../sim/index.ts';
import { DEFAULTS } from '../../swim/index.ts';
import type { Invocation } from '../cli/command.ts';
import { usageError } from '../cli/errors.ts';
import { checkHosts, readScenario, type Scenario } from './scenario.ts';
import {
	commandLine,
	durationOf,
	HOUR_MS,
	list,
	type Numbers,
	readFlag,
	readNumbers,
	readSweep,
	type Sweep,
	text,
	wrong,
} from './values.ts';

export interface SimRequest {
	readonly seed: number;
	readonly durationMs: number;
	readonly weather: Weather;
	/** As it was asked for. */
	readonly weatherName: string;
	/** Of a scenario; undefined: drawn from weather and seed. */
	readonly history: readonly Fault[] | undefined;
	/** Asked for one by one, beside those that the weather or the scenario brings. */
	readonly faults: readonly Fault[];
	readonly host: HostOptions;
	/** Undefined: all. */
	readonly checks: readonly string[] | undefined;
	/** The run ends here, without healing. */
	readonly untilMs: number | undefined;
	/** Wall-clock time to spend on runs with one seed after the other. */
	readonly huntMs: number | undefined;
	/** Of all runs of a hunt; undefined: each draws its own. */
	readonly huntWeather: Weather | undefined;
	readonly sweep: Sweep | undefined;
	/** A sweep in no particular weather: processes crash in turn, so that there is something to detect. */
	readonly steadyCrashes: boolean;
	readonly html: string | undefined;
	/** The journal of one host: where to, and whose. */
	readonly out: string | undefined;
	readonly view: string;
	/** Whether the dashboard is served over the run. */
	readonly open: boolean;
	/** A command line that does the same again. */
	readonly again: string;
	/** The single run of a hunt with that seed. */
	commandFor(seed: number): string;
}

const DEFAULT_MS = 600_000;
const SWEEP_DEFAULT_MS = 120_000;
const HUNT_DEFAULT_MS = 30_000;
const SEEDS = 0x1_0000_0000;
const LENGTH = duration(100, 30 * 24 * HOUR_MS);

/** @throws {ConfigError | CliError} naming the flag, its value and what is allowed. */
export function readRequest(invocation: Invocation): SimRequest {
	const sweep = readSweep(text(invocation, 'sweep'));
	const huntMs = readFlag(invocation, 'hunt', duration(1, 24 * HOUR_MS));
	const usualMs = huntMs !== undefined ? HUNT_DEFAULT_MS : sweep ? SWEEP_DEFAULT_MS : DEFAULT_MS;
	const path = text(invocation, 'scenario');
	const scenario = path === undefined ? undefined : readScenario(path);
	const durationMs = readFlag(invocation, 'for', LENGTH) ?? scenario?.durationMs ?? usualMs;
	const numbers = readNumbers(invocation);
	const name = readFlag(invocation, 'weather', oneOf(WEATHER_NAMES));
	const seed = readFlag(invocation, 'seed', integer(0, SEEDS - 1)) ?? scenario?.seed ?? randomInt(SEEDS);
	const weather = baseWeather(invocation, { name, scenario, isSweep: sweep !== undefined, seed });
	const request = applyNumbers({ seed, durationMs, weather, host: {} }, numbers);
	checkTimes(request.host);
	for (const value of sweep?.values ?? []) checkTimes(applyNumbers(request, { [sweep!.flag]: value }).host);
	if (path !== undefined) checkHosts(path, request.weather, scenario?.history ?? []);
	const faults = [...partitions(invocation, request), ...crashes(invocation, request)];
	checkTogether(invocation, faults);
	const isDrawn = name === 'drawn' || (name === undefined && !setsWeather(invocation, numbers));
	return {
		...request,
		history: scenario?.history,
		faults,
		weatherName: name ?? (scenario ? 'scenario' : sweep ? 'calm' : 'lan'),
		steadyCrashes: sweep !== undefined && name === undefined && !scenario && faults.length === 0,
		checks: readChecks(text(invocation, 'checks')),
		untilMs: readFlag(invocation, 'until', duration(1, 31 * 24 * HOUR_MS)),
		huntMs,
		huntWeather: isDrawn ? undefined : request.weather,
		sweep,
		html: text(invocation, 'html'),
		out: text(invocation, 'out'),
		view: readView(invocation, request, scenario),
		open: invocation.options.open === true,
		again: commandLine(invocation, seed),
		commandFor: (which) => {
			const options = { ...invocation.options, hunt: undefined, for: formatDuration(durationMs) };
			return commandLine({ ...invocation, options: isDrawn ? { ...options, weather: 'drawn' } : options }, which);
		},
	};
}

/** Flags that ask for different things: one run, many runs, weather from two places. */
function checkTogether(invocation: Invocation, faults: readonly Fault[]): void {
	const has = (flag: string): boolean => text(invocation, flag) !== undefined;
	const many = has('sweep') || has('html') || has('until') || has('scenario') || has('out') || faults.length > 0;
	if (has('hunt') && many) {
		throw usageError(
			'--hunt together with --sweep, --html, --until, --scenario, --out, --partition or --crash',
			'longbow-mesh sim --hunt 5m',
		);
	}
	if (has('scenario') && has('weather'))
		throw usageError('--scenario together with --weather', 'longbow-mesh sim --scenario run.json');
	if (invocation.options.open === true && (has('hunt') || has('sweep')))
		throw usageError('--open together with --hunt or --sweep', 'longbow-mesh sim --open');
	if (has('out') && has('sweep')) throw usageError('--out together with --sweep', 'longbow-mesh sim --out run.lbj');
	if (has('view') && !has('out')) throw usageError('--view without --out', 'longbow-mesh sim --out run.lbj --view n3');
}

/** Whose journal `--out` is. */
function readView(invocation: Invocation, run: Run, scenario: Scenario | undefined): string {
	const given = text(invocation, 'view') ?? hostName(0);
	const { history } = drawRun({ ...run, ...(scenario?.history && { history: scenario.history }) });
	const names = hostNames(run.weather, history);
	if (!names.has(given)) throw wrong('view', given, `a host of this run, for example ${hostName(0)}`);
	return given;
}

/** Whether any flag says what the weather is to be like. */
function setsWeather({ options }: Invocation, { nodes, loss, duplication, rtt, jitter }: Numbers): boolean {
	return options.udpOnly === true || [nodes, loss, duplication, rtt, jitter].some((value) => value !== undefined);
}

const DEFAULT_NODES = 64;
const WEATHER_NAMES = ['calm', 'lan', 'cloud', 'storm', 'drawn'] as const;
/** Nothing but what is swept, and something to spread. */
const SWEEP_WEATHER: Weather = { ...WEATHERS.calm, tagUpdates: 12 };

interface WeatherSource {
	readonly name: (typeof WEATHER_NAMES)[number] | undefined;
	readonly scenario: Scenario | undefined;
	readonly isSweep: boolean;
	readonly seed: number;
}

/** `drawn`: of the seed, as the hunt does, number of hosts included. */
function baseWeather({ options }: Invocation, { name, scenario, isSweep, seed }: WeatherSource): Weather {
	const udpOnly = options.udpOnly === true && { streams: false };
	if (scenario) return { ...scenario.weather, ...udpOnly };
	if (name === 'drawn') return { ...drawRun({ seed }).weather, ...udpOnly };
	const base = name === undefined && isSweep ? SWEEP_WEATHER : WEATHERS[name ?? 'lan'];
	return { ...base, nodes: DEFAULT_NODES, ...udpOnly };
}

type Run = Pick<SimRequest, 'seed' | 'durationMs' | 'weather' | 'host'>;

/** The same run with other numbers; used for flags and for the steps of a sweep. */
export function applyNumbers<R extends Run>(run: R, numbers: Numbers): R {
	const { nodes, loss, duplication, rtt, jitter, period } = numbers;
	const { link } = run.weather;
	return {
		...run,
		weather: {
			...run.weather,
			...(nodes !== undefined && { nodes }),
			link: {
				...link,
				...(loss !== undefined && { loss }),
				...(duplication !== undefined && { duplication }),
				...(rtt !== undefined && { delayMs: rtt / 2 }),
				...(jitter !== undefined && { jitterMs: jitter }),
			},
		},
		host: {
			...run.host,
			...(period !== undefined && { protocolPeriodMs: period }),
			...(numbers['ack-timeout'] !== undefined && { ackTimeoutMs: numbers['ack-timeout'] }),
			...(numbers['suspicion-timeout'] !== undefined && { suspicionTimeoutMs: numbers['suspicion-timeout'] }),
		},
	};
}

function checkTimes({
	protocolPeriodMs = DEFAULTS.protocolPeriodMs,
	ackTimeoutMs = DEFAULTS.ackTimeoutMs,
}: HostOptions): void {
	if (ackTimeoutMs < protocolPeriodMs) return;
	throw new ConfigError([
		`--ack-timeout ${formatDuration(ackTimeoutMs)}: less than --period, which is ${formatDuration(protocolPeriodMs)}`,
	]);
}

const PARTITION = 'how long and when, for example 30s@2m';
/** `30s@2m`: the upper half of the hosts is cut off from the lower. */
function partitions(invocation: Invocation, { weather, durationMs }: Run): Fault[] {
	const names = Array.from({ length: weather.nodes }, (_, i) => hostName(i));
	return list(invocation, 'partition').map((given) => {
		const [forText = '', atText = '', ...rest] = given.split('@');
		const forMs = durationOf(forText);
		const at = durationOf(atText);
		if (forMs === undefined || at === undefined || rest.length > 0) throw wrong('partition', given, PARTITION);
		if (at + forMs > durationMs)
			throw wrong('partition', given, `over by the end of the run (--for ${formatDuration(durationMs)})`);
		return { type: 'partition', at, forMs, side: names.slice(Math.ceil(names.length / 2)), flapMs: 0 };
	});
}

/** `n3@2m` or `3@2m`. */
function crashes(invocation: Invocation, { weather, durationMs }: Run): Fault[] {
	const allowed = `a host from ${hostName(0)} to ${hostName(weather.nodes - 1)} and a time, for example ${hostName(0)}@2m`;
	return list(invocation, 'crash').map((given) => {
		const [, index = '', atText = ''] = /^n?(\d{1,5})@(.+)$/.exec(given) ?? [];
		const at = durationOf(atText);
		if (index === '' || Number(index) >= weather.nodes || at === undefined) throw wrong('crash', given, allowed);
		if (at > durationMs) throw wrong('crash', given, `before the end of the run (--for ${formatDuration(durationMs)})`);
		return { type: 'crash', at, host: hostName(Number(index)) };
	});
}

function readChecks(given: string | undefined): readonly string[] | undefined {
	if (given === undefined || given === 'all') return undefined;
	const known = CHECKERS.map(({ name }) => name);
	const names = given.split(',').map((name) => name.trim());
	if (!names.every((name) => known.includes(name))) throw wrong('checks', given, `all, or some of ${known.join(', ')}`);
	return names;
}
