// `sim --scenario`: weather and faults from a file, in the words of `sim --json`, each value checked and named by its path when it is wrong.

import { readFileSync } from 'node:fs';
import { ConfigError } from '../../config/index.ts';
import { type Fault, hostNames, type LinkWeather, WEATHERS, type Weather } from '../../sim/index.ts';
import { nearest } from '../../words/index.ts';
import {
	COUNT,
	DURATION,
	type Field,
	type Fields,
	FLAG,
	RATE,
	Reader,
	SEED,
	SHARE,
	TEXT,
	TEXTS,
} from './scenario-fields.ts';

export interface Scenario {
	readonly weather: Weather;
	/** Absent: drawn from weather and seed. */
	readonly history: readonly Fault[] | undefined;
	readonly seed: number | undefined;
	readonly durationMs: number | undefined;
}

const LINK: Fields<LinkWeather> = {
	loss: SHARE,
	burstStart: SHARE,
	burstLoss: SHARE,
	burstPackets: { allowed: 'a number from 1', fits: (value) => typeof value === 'number' && value >= 1 },
	delayMs: DURATION,
	jitterMs: DURATION,
	reorder: SHARE,
	reorderMs: DURATION,
	duplication: SHARE,
	mtuBytes: { allowed: 'bytes, 1 or more', fits: (value) => typeof value === 'number' && value >= 1 },
};

const WEATHER: Fields<Omit<Weather, 'link'>> = {
	nodes: { allowed: 'a whole number from 1 to 20000', fits: (value) => COUNT.fits(value) && value !== 0 },
	streams: FLAG,
	badLinks: SHARE,
	badLinkLoss: SHARE,
	packetlessLinks: SHARE,
	streamlessLinks: SHARE,
	clockSkew: { allowed: 'a share between 0 and 0.5', fits: (value) => SHARE.fits(value) && Number(value) <= 0.5 },
	foreign: COUNT,
	partitions: RATE,
	cuts: RATE,
	stalls: RATE,
	stallMs: DURATION,
	slowness: RATE,
	slowMs: DURATION,
	crashes: RATE,
	restarts: SHARE,
	leaves: RATE,
	rollingRestart: { allowed: '0 or 1', fits: (value) => value === 0 || value === 1 },
	burstJoin: COUNT,
	tagUpdates: RATE,
	cutMs: DURATION,
};

/** What each fault says of itself beside `type` and `at`; a question mark = may be absent. */
const FAULTS: Readonly<Record<Fault['type'], Readonly<Record<string, Field>>>> = {
	partition: { forMs: DURATION, side: TEXTS, flapMs: DURATION },
	cut: { forMs: DURATION, 'from?': TEXT, 'to?': TEXT },
	stall: { forMs: DURATION, host: TEXT },
	slow: { forMs: DURATION, host: TEXT, costMs: DURATION },
	crash: { host: TEXT },
	leave: { host: TEXT },
	join: { hosts: TEXTS },
	tags: { host: TEXT },
};
const RETURN = { afterMs: DURATION, 'name?': TEXT, moves: FLAG } as const;

/**
 * A file that holds `weather`, `history`, `seed` and `durationMs`, all optional, or a whole document of `sim --json`, where
 * the first two stand under `drawn`. What the weather leaves out is as in `calm`.
 * @throws {ConfigError} naming the file, the path of each wrong value and what is allowed.
 */
export function readScenario(path: string): Scenario {
	const reader = new Reader(path);
	const root = reader.mapping(parsed(path), 'the file');
	const drawn = 'drawn' in root ? reader.mapping(root.drawn, 'drawn') : undefined;
	const inside = drawn ? 'drawn.' : '';
	const { weather, history } = drawn ?? root;
	if (!drawn) reader.known(root, ['weather', 'history', 'seed', 'durationMs', 'schema'], '');
	const scenario: Scenario = {
		weather: weather === undefined ? WEATHERS.calm : readWeather(reader, weather, `${inside}weather`),
		history: history === undefined ? undefined : readHistory(reader, history, `${inside}history`),
		seed: reader.optional(root.seed, 'seed', SEED) as number | undefined,
		durationMs: reader.optional(root.durationMs, 'durationMs', DURATION) as number | undefined,
	};
	reader.end();
	return scenario;
}

/** @throws {ConfigError} when a fault names a host that this run cannot have. */
export function checkHosts(path: string, weather: Weather, history: readonly Fault[]): void {
	const names = hostNames(weather, history);
	const problems = history.flatMap((fault, i) =>
		mentioned(fault)
			.filter(([, name]) => !names.has(name))
			.map(([key, name]) => {
				const near = nearest(name, names);
				return `--scenario ${path}: history[${i}].${key} ${JSON.stringify(name)}: a host of this run, as ${near ?? 'n0'}`;
			}),
	);
	if (problems.length > 0) throw new ConfigError(problems);
}

function mentioned(fault: Fault): readonly (readonly [key: string, name: string])[] {
	if ('host' in fault) return [['host', fault.host]];
	if (fault.type === 'partition') return fault.side.map((name, i) => [`side[${i}]`, name]);
	if (fault.type !== 'cut') return [];
	const { from, to } = fault;
	return [...(from === undefined ? [] : [['from', from] as const]), ...(to === undefined ? [] : [['to', to] as const])];
}

function readWeather(reader: Reader, value: unknown, path: string): Weather {
	const { link, ...rest } = reader.mapping(value, path);
	const { link: calmLink, ...calm } = WEATHERS.calm;
	const given = link === undefined ? {} : reader.mapping(link, `${path}.link`);
	const whole = { ...calm, ...rest };
	const wholeLink = { ...calmLink, ...given };
	reader.fields(whole, WEATHER, path);
	reader.fields(wholeLink, LINK, `${path}.link`);
	return { ...whole, link: wholeLink };
}

function readHistory(reader: Reader, value: unknown, path: string): Fault[] {
	return reader.list(value, path).map((item, i) => readFault(reader, item, `${path}[${i}]`));
}

function readFault(reader: Reader, value: unknown, path: string): Fault {
	const { type, back, tags, ...rest } = reader.mapping(value, path);
	const types = Object.keys(FAULTS);
	if (!types.includes(type as string)) reader.wrong(`${path}.type`, type, `one of ${types.join(', ')}`);
	const fields = FAULTS[type as Fault['type']] ?? {};
	reader.fields(rest, { at: DURATION, ...fields }, path);
	if (type === 'tags') checkTags(reader, tags, `${path}.tags`);
	if (back !== undefined) reader.fields(reader.mapping(back, `${path}.back`), RETURN, `${path}.back`);
	// Checked field by field, above.
	return value as Fault;
}

function checkTags(reader: Reader, value: unknown, path: string): void {
	for (const [key, text] of Object.entries(reader.mapping(value, path)))
		if (!TEXT.fits(text)) reader.wrong(`${path}.${key}`, text, TEXT.allowed);
}

function parsed(path: string): unknown {
	try {
		return JSON.parse(readFileSync(path, 'utf8'));
	} catch (error) {
		const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
		throw new ConfigError([`--scenario ${path}: a readable JSON file (${reason})`], { cause: error });
	}
}
