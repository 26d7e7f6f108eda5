// config: LONGBOW_* environment, flags and a file become one validated, typed configuration.

export { ConfigError } from './config-error.ts';
export { formatDuration } from './duration.ts';
export { type ConfigRow, explainConfig } from './explain.ts';
export { readConfigFile } from './file.ts';
export { KEYS_FILE_BYTES_MAX, type KeysFile, parseKeysFile } from './keys-file.ts';
export {
	duration,
	formatHostPort,
	type HostPort,
	hostPort,
	integer,
	type Kind,
	oneOf,
	splitHostPort,
} from './kinds.ts';
export { type LoadedConfig, loadConfig, readValue } from './load.ts';
export { CLI_ENVIRONMENT, OPTION_NAMES, OPTIONS } from './options.ts';
export type { AgentConfig, OptionName, ProviderName } from './types.ts';
