// Flags, environment, file and defaults, in this order of precedence, become one configuration; or all that is wrong is told at once.

import { nearest } from '../words/index.ts';
import { crossChecks, isWildcard } from './checks.ts';
import { ConfigError } from './config-error.ts';
import { fileValues } from './file.ts';
import type { Kind } from './kinds.ts';
import { CLI_ENVIRONMENT, OPTION_NAMES, OPTIONS, type Option } from './options.ts';
import type { AgentConfig, OptionName } from './types.ts';

export interface ConfigSources {
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Texts of flags by the option's dotted name. */
	readonly flags?: Partial<Readonly<Record<OptionName, string>>>;
	/** A parsed file; `path` is for messages. */
	readonly file?: { readonly path: string; readonly values: unknown } | undefined;
	/** Default of `nodeId`. */
	readonly hostName: string;
}

/** Where a value came from. `name` is the flag, the variable or the file's path. */
export type Origin =
	| { readonly source: 'default' }
	| { readonly source: 'flag' | 'environment' | 'file'; readonly name: string };

export interface LoadedConfig {
	readonly config: AgentConfig;
	readonly origins: Readonly<Record<OptionName, Origin>>;
	/** One line each: names that nobody knows, values that contradict each other without harm. */
	readonly warnings: readonly string[];
}

/**
 * Pure: reads nothing but its argument. An empty text counts as absent, as Helm renders unset values.
 * @throws {ConfigError} with every problem of every value in force.
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
	const file = sources.file ? fileValues(sources.file.path, sources.file.values) : { texts: new Map(), warnings: [] };
	const origins = {} as Record<OptionName, Origin>;
	const values = new Map<OptionName, unknown>();
	const problems: string[] = [];
	for (const name of OPTION_NAMES) {
		const option = OPTIONS[name] as Option<unknown>;
		const given = findText(name, option, sources, file.texts) ?? fallbackText(option, sources, values);
		origins[name] = given?.origin ?? { source: 'default' };
		if (!given) {
			values.set(name, name === 'nodeId' ? sources.hostName : option.default);
			continue;
		}
		const parsed = option.kind.parse(given.text);
		if ('value' in parsed) values.set(name, parsed.value);
		else problems.push(`${labelled(name, option, given.origin, given.text)}: ${parsed.allowed}`);
	}
	const warnings = [...file.warnings, ...unknownVariables(sources.env)];
	if (problems.length > 0) throw new ConfigError(problems, { warnings });
	const config = nested(values);
	const checked = crossChecks(config, (name) => given(name, origins[name]));
	warnings.push(...checked.warnings);
	if (checked.problems.length > 0) throw new ConfigError(checked.problems, { warnings });
	return { config, origins, warnings };
}

/**
 * One value that stands alone, such as a flag of a command.
 * @throws {ConfigError} naming `label`, the text and what is allowed.
 */
export function readValue<V>(label: string, text: string, kind: Kind<V>): V {
	const parsed = kind.parse(text.trim());
	if ('value' in parsed) return parsed.value;
	throw new ConfigError([`${assigned(label, text)}: ${parsed.allowed}`]);
}

interface Given {
	readonly text: string;
	readonly origin: Exclude<Origin, { source: 'default' }>;
}

function findText(
	name: OptionName,
	option: Option<unknown>,
	sources: ConfigSources,
	file: ReadonlyMap<OptionName, string>,
): Given | undefined {
	const flag = sources.flags?.[name]?.trim();
	if (flag) return { text: flag, origin: { source: 'flag', name: option.flag ?? name } };
	const variable = sources.env[option.env]?.trim();
	if (variable) return { text: variable, origin: { source: 'environment', name: option.env } };
	const entry = file.get(name)?.trim();
	if (entry) return { text: entry, origin: { source: 'file', name: sources.file?.path ?? '' } };
	return undefined;
}

/** From the variables of others. The bound address stands before the options with a fallback, so it is known. */
function fallbackText(
	{ fallback = [] }: Option<unknown>,
	{ env }: ConfigSources,
	values: ReadonlyMap<OptionName, unknown>,
): Given | undefined {
	const bound = values.get('gossip.bindAddr');
	if (fallback.length === 0 || typeof bound !== 'string' || !isWildcard(bound)) return undefined;
	const name = fallback.find((each) => env[each]?.trim());
	const text = name === undefined ? undefined : env[name]?.trim();
	return name === undefined || !text ? undefined : { text, origin: { source: 'environment', name } };
}

/** What the user called the option where it was set, or its variable where it was not. */
function given(name: OptionName, origin: Origin): string {
	if (origin.source === 'flag' || origin.source === 'environment') return origin.name;
	return origin.source === 'file' ? `${origin.name}: ${name}` : OPTIONS[name].env;
}

function labelled(name: OptionName, option: Option<unknown>, origin: Origin, text: string): string {
	const label = given(name, origin);
	return option.secret ? label : assigned(label, text);
}

function assigned(label: string, text: string): string {
	return label.startsWith('--') ? `${label} ${JSON.stringify(text)}` : `${label}=${JSON.stringify(text)}`;
}

// Kubernetes sets variables for each Service of the namespace; a Service "longbow-gossip" makes names like ours.
const SERVICE_LINK = /_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP)(_|$)/;
const PREFIX = 'LONGBOW_GOSSIP_';

function unknownVariables(env: ConfigSources['env']): string[] {
	const known = [...OPTION_NAMES.map((name) => OPTIONS[name].env), ...Object.keys(CLI_ENVIRONMENT)];
	const warnings: string[] = [];
	for (const name of Object.keys(env).sort()) {
		if (known.includes(name) || SERVICE_LINK.test(name) || !name.startsWith('LONGBOW_')) continue;
		const near = nearestVariable(name, known);
		// Other parts of Longbow have variables of their own: outside our prefix only a near miss is worth a word.
		if (name.startsWith(PREFIX) || near) warnings.push(`${name} is not known${near ? `; did you mean ${near}?` : ''}`);
	}
	return warnings;
}

// Two edits, or in a long name one for every three letters after the prefix: SUSPECT_TIMEOUT is meant to be SUSPICION_TIMEOUT.
function nearestVariable(name: string, known: readonly string[]): string | undefined {
	if (!name.startsWith(PREFIX)) return nearest(name, known, 2);
	return nearest(name, known, Math.max(2, Math.floor((name.length - PREFIX.length) / 3)));
}

function nested(values: ReadonlyMap<OptionName, unknown>): AgentConfig {
	const root: Record<string, unknown> = {};
	for (const [name, value] of values) {
		const path = name.split('.');
		let group = root;
		for (const key of path.slice(0, -1)) {
			group[key] ??= {};
			group = group[key] as Record<string, unknown>;
		}
		group[path.at(-1) as string] = value;
	}
	return root as unknown as AgentConfig;
}
