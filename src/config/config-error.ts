// The one error of the configuration: the user's values cannot be used.

/** The user's values cannot be used. Nothing was started; correct what `problems` names, one line each. */
export class ConfigError extends Error {
	readonly code = 'CONFIG_INVALID';
	readonly exitCode = 2;
	readonly problems: readonly string[];
	readonly warnings: readonly string[];
	constructor(problems: readonly string[], options?: ErrorOptions & { readonly warnings?: readonly string[] }) {
		super(problems.join('\n'), options);
		this.name = 'ConfigError';
		this.problems = problems;
		this.warnings = options?.warnings ?? [];
	}
}
