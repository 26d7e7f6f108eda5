// The shape of a command: how it is described, and how it is run.

import { COLOURS, type Terminal } from './terminal.ts';

/** In the order of the first help screen. */
export const GROUPS = ['look', 'change', 'run', 'other'] as const;

/** What a shell may offer for a value: some words, the members that an agent knows, or files. */
export type Values = readonly string[] | 'member' | 'file';

export interface CommandOption {
	/** As commander reads it: `--expect <n>`, `-w, --watch`. */
	readonly flags: string;
	readonly about: string;
	readonly values?: Values;
	/** May be given several times; the values come as a list. */
	readonly repeated?: true;
}

export interface Invocation {
	/** Of the command. */
	readonly name: string;
	readonly args: readonly string[];
	/** Values by camelCase name: text, `true`, or a list where `repeated`. */
	readonly options: Readonly<Record<string, unknown>>;
	readonly terminal: Terminal;
	readonly json: boolean;
	readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Command {
	readonly name: string;
	readonly group: (typeof GROUPS)[number];
	/** One clause: what it does. */
	readonly summary: string;
	/** As commander reads it: `[key]`, `<peer...>`. */
	readonly args?: string;
	readonly argValues?: Values;
	/** Command line and what it is for. */
	readonly examples: readonly (readonly [line: string, use: string])[];
	readonly options?: readonly CommandOption[];
	/** What exit code 1 means here. */
	readonly exitOne: string;
	/** Resolves to the exit code; rejects with a CliError or ConfigError. */
	run(invocation: Invocation): Promise<number>;
}

/** Flags of every command. */
export const COMMON_OPTIONS: readonly CommandOption[] = [
	{ flags: '--addr <host:port>', about: 'status API of the agent to ask (localhost:3001; env LONGBOW_ADDR)' },
	{ flags: '--timeout <duration>', about: 'how long to wait for the agent (5s)' },
	{
		flags: '--token-file <path>',
		about: 'file with the admin token, for commands that change something',
		values: 'file',
	},
	{
		flags: '--tls-ca <path>',
		about: 'speak TLS; who may have signed the certificate (LONGBOW_META_TLS_CA)',
		values: 'file',
	},
	{ flags: '--tls-cert <path>', about: 'speak TLS and show this certificate (LONGBOW_META_TLS_CERT)', values: 'file' },
	{ flags: '--tls-key <path>', about: 'its private key (LONGBOW_META_TLS_KEY)', values: 'file' },
	{
		flags: '--tls-server-name <name>',
		about: "the certificate's name, if not the host (LONGBOW_META_TLS_SERVER_NAME)",
	},
	{ flags: '--json', about: 'one JSON document, or one object a line' },
	{ flags: '--color <when>', about: 'auto, always or never', values: COLOURS },
	{ flags: '--no-color', about: 'the same as --color never' },
	{ flags: '--ascii', about: 'no character beyond ASCII' },
	{ flags: '--utc', about: 'times in UTC' },
	{ flags: '-q, --quiet', about: 'no summaries and hints' },
];
