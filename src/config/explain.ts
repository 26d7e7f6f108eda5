// The configuration in force, row by row, for `--print-config`: each value, and where it came from.

import type { LoadedConfig, Origin } from './load.ts';
import { OPTION_NAMES, OPTIONS, type Option } from './options.ts';
import type { OptionName } from './types.ts';

export interface ConfigRow {
	readonly name: OptionName;
	readonly env: string;
	/** As it may be written in a file or variable; of a secret, only how much of it there is; empty when unset. */
	readonly value: string;
	readonly origin: Origin;
}

export function explainConfig(loaded: LoadedConfig): ConfigRow[] {
	return OPTION_NAMES.map((name) => {
		const value = name
			.split('.')
			.reduce<unknown>((group, key) => (group as Record<string, unknown>)[key], loaded.config);
		const option = OPTIONS[name] as Option<unknown>;
		return {
			name,
			env: option.env,
			value: value === undefined ? '' : option.kind.format(value),
			origin: loaded.origins[name],
		};
	});
}
