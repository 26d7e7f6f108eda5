// `agent`: runs a node until it is told to leave.

import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import {
	type ConfigRow,
	explainConfig,
	type LoadedConfig,
	loadConfig,
	OPTION_NAMES,
	OPTIONS,
	type OptionName,
	readConfigFile,
} from '../../config/index.ts';
import type { Agent } from '../agent.ts';
import { deferred } from '../deferred.ts';
import type { Log } from '../log.ts';
import type { Command, CommandOption, Invocation } from './command.ts';
import { warn } from './errors.ts';
import { type Column, tableLines } from './table.ts';
import { readToken } from './token.ts';
import { toldText } from './told.ts';

/** Kinds that hold several values: their flags may be repeated. */
const MANY: ReadonlySet<string> = new Set(['list', 'tags']);

export const agent: Command = {
	name: 'agent',
	group: 'run',
	summary: 'run a node: gossip, status API, metrics and health',
	examples: [
		['longbow-mesh agent', 'a first node'],
		['longbow-mesh agent --join 10.0.0.2:7946', 'join through another one'],
		['LONGBOW_GOSSIP_PORT=7950 longbow-mesh agent', 'every flag has a variable'],
		['longbow-mesh agent --config mesh.yaml', 'or stands in a file, named as the Helm values are'],
		['longbow-mesh agent --print-config', 'each value in force, and where it came from'],
	],
	options: [
		{ flags: '--config <file>', about: 'YAML or JSON file; flags and environment go before it', values: 'file' },
		{ flags: '--print-config', about: 'show the configuration and end' },
		...configFlags(),
	],
	exitOne: 'a port is taken, or it was stopped before it had left',
	async run(invocation) {
		const loaded = await load(invocation);
		if (invocation.options.printConfig === true) return printConfig(loaded, invocation);
		return runAgent(loaded, invocation);
	},
};

function configFlags(): CommandOption[] {
	const options: CommandOption[] = [];
	for (const name of OPTION_NAMES) {
		const { flag, kind, about, env } = OPTIONS[name];
		if (flag === undefined) continue;
		const repeated = MANY.has(kind.name) ? { repeated: true as const } : {};
		const values = kind.words ? { values: kind.words } : {};
		options.push({ flags: `${flag} <${kind.name}>`, about: `${about} ${env}`, ...repeated, ...values });
	}
	return options;
}

async function load({ options, env }: Invocation): Promise<LoadedConfig> {
	const flags: Partial<Record<OptionName, string>> = {};
	for (const name of OPTION_NAMES) {
		const { flag } = OPTIONS[name];
		const value = flag === undefined ? undefined : options[camelCase(flag)];
		if (Array.isArray(value)) flags[name] = value.join(',');
		else if (typeof value === 'string') flags[name] = value;
	}
	const file = typeof options.config === 'string' ? await readConfigFile(options.config) : undefined;
	return loadConfig({ env, flags, file, hostName: hostname() });
}

function camelCase(flag: string): string {
	return flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function printConfig(loaded: LoadedConfig, { json, terminal }: Invocation): number {
	warn(loaded.warnings, terminal);
	const rows = explainConfig(loaded);
	if (json) terminal.out(JSON.stringify({ schema: 1, values: rows }));
	else for (const line of tableLines(CONFIG_COLUMNS, rows, terminal)) terminal.out(line);
	return 0;
}

const CONFIG_COLUMNS: readonly Column<ConfigRow>[] = [
	{ title: 'NAME', text: ({ name }) => name },
	{ title: 'VALUE', text: ({ name, value }) => value || (OPTIONS[name].defaultText ?? '-') },
	{
		title: 'FROM',
		text: ({ origin }) => (origin.source === 'default' ? 'default' : `${origin.source} ${origin.name}`),
	},
];

async function runAgent(loaded: LoadedConfig, invocation: Invocation): Promise<number> {
	const { json, terminal } = invocation;
	const { config, warnings } = loaded;
	// All that the daemon needs and the other commands do not.
	const [{ startAgent }, { bannerLines, readyRecord }, { heldLog, jsonLog, textLog }, { networkReady }] =
		await Promise.all([import('../agent.ts'), import('../banner.ts'), import('../log.ts'), import('../network.ts')]);
	const asJson = json || config.log === 'json' || (config.log === 'auto' && !terminal.isTTY);
	const log = asJson ? jsonLog(config.nodeId) : textLog(terminal);
	if (asJson) for (const reason of warnings) log.write({ level: 'warn', event: 'config', reason });
	else warn(warnings, terminal);
	const held = heldLog(log);
	const { adminTokenFile } = config;
	const token = adminTokenFile === undefined ? undefined : await readToken('LONGBOW_ADMIN_TOKEN_FILE', adminTokenFile);
	await networkReady(config, log);
	const running = await startAgent(config, held, token);
	if (asJson) log.write(readyRecord(running));
	else for (const line of bannerLines(running, config, terminal)) terminal.out(line);
	held.release();
	return untilLeft(running, log);
}

const ASKER_ENDS_MS = 250;

/** Ends with the first signal, with a leave through the status API, or with the process that forked this one. */
async function untilLeft(running: Agent, log: Log): Promise<number> {
	const stop = deferred<'signal' | 'orphaned'>();
	let signals = 0;
	const onSignal = (): void => {
		signals++;
		if (signals === 1) stop.resolve('signal');
		else process.exit(1);
	};
	process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
	if (process.connected) process.once('disconnect', () => stop.resolve('orphaned'));
	const why = await Promise.race([stop.promise, running.left.then(() => 'left' as const)]);
	if (why === 'orphaned') {
		await running.close();
		return 1;
	}
	const { told, of, tookMs } = why === 'left' ? await running.left : await running.leave();
	log.write({ level: 'info', event: 'leaving', reason: toldText({ told, of, tookMs }), details: { told, of, tookMs } });
	await running.close();
	// Where this is the first process of a container, its end kills the command that asked, which is about to end well.
	if (why === 'left') await setTimeout(ASKER_ENDS_MS);
	process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
	if (process.connected) process.disconnect();
	return 0;
}
