// The configuration file, YAML or JSON, with the same names and nesting as the seed's Helm values.

import { readFile } from 'node:fs/promises';
import { nearest } from '../words/index.ts';
import { ConfigError } from './config-error.ts';
import { formatTags } from './kinds.ts';
import { OPTION_NAMES } from './options.ts';
import type { OptionName } from './types.ts';

/**
 * Reads and parses `--config`; JSON is YAML.
 * @throws {ConfigError} when the file cannot be read or is no YAML.
 */
export async function readConfigFile(path: string): Promise<{ path: string; values: unknown }> {
	try {
		const text = await readFile(path, 'utf8');
		const { parseYaml } = await import('./yaml.ts');
		return { path, values: parseYaml(text) };
	} catch (error) {
		const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
		const problem = `--config ${JSON.stringify(path)}: a readable YAML or JSON file (${reason})`;
		throw new ConfigError([problem], { cause: error });
	}
}

/** Flattens what was parsed to texts by dotted name; what nobody knows becomes a warning. */
export function fileValues(path: string, values: unknown): { texts: Map<OptionName, string>; warnings: string[] } {
	const texts = new Map<OptionName, string>();
	const warnings: string[] = [];
	if (values === null || values === undefined) return { texts, warnings };
	if (!isMapping(values)) throw new ConfigError([`--config ${JSON.stringify(path)}: a mapping of names to values`]);
	const visit = (mapping: Readonly<Record<string, unknown>>, prefix: string): void => {
		for (const [key, value] of Object.entries(mapping)) {
			const name = `${prefix}${key}`;
			const option = OPTION_NAMES.find((known) => known === name);
			if (option) texts.set(option, textOf(value, `${path}: ${name}`));
			else if (isGroup(name) && isMapping(value)) visit(value, `${name}.`);
			else if (!(isGroup(name) && value === null)) warnings.push(unknownEntry(path, name));
		}
	};
	visit(values, '');
	return { texts, warnings };
}

function unknownEntry(path: string, name: string): string {
	const near = nearest(name, OPTION_NAMES, Math.max(2, Math.floor((name.length - name.lastIndexOf('.')) / 3)));
	return `${path}: ${name} is not known${near ? `; did you mean ${near}?` : ''}`;
}

function isGroup(name: string): boolean {
	return OPTION_NAMES.some((known) => known.startsWith(`${name}.`));
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Every kind is read from text, so that a value means the same wherever it was set.
function textOf(value: unknown, label: string, depth = 0): string {
	if (value === null || value === undefined) return '';
	if (typeof value !== 'object') return String(value);
	// A list or a mapping of plain values is all that any option takes; an alias of YAML may even contain itself.
	if (depth > 0) throw new ConfigError([`${label}: a list or a mapping of plain values`]);
	const inner = (each: unknown): string => textOf(each, label, depth + 1);
	if (Array.isArray(value)) return value.map(inner).join(',');
	return formatTags(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inner(each)])));
}
