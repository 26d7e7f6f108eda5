// `doctor`: the troubleshooting section of the manual as checks, each with its verdict, its evidence and the next step.

import { hostname } from 'node:os';
import { ConfigError, loadConfig, readConfigFile } from '../../config/index.ts';
import type { CheckId } from '../doctor/context.ts';
import type { DoctorReport } from '../doctor/report.ts';
import { agentClient } from './client.ts';
import type { Command, Invocation } from './command.ts';
import { doctorLines, doctorSummary } from './doctor-lines.ts';
import { CliError, usageError } from './errors.ts';
import { noMember } from './no-member.ts';

/** The agent promises ten seconds. */
const TIMEOUT = '15s';

export const doctor: Command = {
	name: 'doctor',
	group: 'look',
	summary: 'what is wrong, how it is known, and what to do',
	examples: [
		['longbow-mesh doctor', 'all checks, made by the agent on this machine'],
		['longbow-mesh doctor --peer longbow-2', 'the path to one member'],
		['longbow-mesh doctor --only udp-in,views', 'some checks'],
		['longbow-mesh doctor --offline', 'what can be checked without an agent: configuration, ports, discovery'],
		['longbow-mesh doctor --strict --json', 'for scripts'],
	],
	options: [
		{ flags: '--peer <member>', about: 'look at this member alone', values: 'member' },
		{ flags: '--only <checks>', about: 'names of checks, separated by commas' },
		{ flags: '--offline', about: 'without an agent: what one would meet here' },
		{ flags: '--config <file>', about: 'with --offline: the file that the agent reads', values: 'file' },
		{ flags: '--strict', about: 'exit 1 for warnings too' },
	],
	exitOne: 'a check fails, with --strict also when one warns; or no agent answers',
	async run(invocation) {
		const { json, options, terminal } = invocation;
		const report = options.offline === true ? await examineHere(invocation) : await askAgent(invocation);
		if (json) terminal.out(JSON.stringify(report));
		else {
			for (const line of doctorLines(report, terminal)) terminal.out(line);
			terminal.note(doctorSummary(report));
		}
		const warns = report.checks.some(({ result }) => result === 'warn');
		return report.ok && !(options.strict === true && warns) ? 0 : 1;
	},
};

async function askAgent(invocation: Invocation): Promise<DoctorReport> {
	const { options } = invocation;
	const client = await agentClient({ ...invocation, options: { timeout: TIMEOUT, ...options } });
	const only = await onlyOf(invocation);
	const peer = typeof options.peer === 'string' ? options.peer : undefined;
	if (peer !== undefined) {
		const names = (await client.members().catch(offlineHint)).map(({ ID }) => ID);
		if (!names.includes(peer)) throw noMember(peer, names, 'doctor --peer');
	}
	const body = { ...(only && { only }), ...(peer !== undefined && { peer }) };
	return client.call<DoctorReport>('MeshDoctor', body).catch(offlineHint);
}

/** Who finds no agent may have one that could not start: what stops it can be looked for without one. */
function offlineHint(error: unknown): never {
	if (!(error instanceof CliError) || error.code !== 'NO_AGENT') throw error;
	const { message, code, why, hints, exitCode } = error;
	throw new CliError(message, {
		code,
		cause: error,
		exitCode,
		...(why !== undefined && { why }),
		hints: ['longbow-mesh doctor --offline        what can be checked without one', ...hints],
	});
}

async function examineHere(invocation: Invocation): Promise<DoctorReport> {
	const { env, options } = invocation;
	if (options.peer !== undefined)
		throw usageError('--peer needs an agent, --offline has none', 'longbow-mesh doctor --offline');
	const only = await onlyOf(invocation);
	const [{ examineOffline, OFFLINE_IDS }, { discoveryProviders }] = await Promise.all([
		import('../doctor/offline.ts'),
		import('../providers.ts'),
	]);
	const file = typeof options.config === 'string' ? await readConfigFile(options.config) : undefined;
	const read = (): ReturnType<typeof loadConfig>['config'] | ConfigError => {
		try {
			return loadConfig({ env, file, hostName: hostname() }).config;
		} catch (error) {
			if (error instanceof ConfigError) return error;
			throw error;
		}
	};
	return examineOffline(only ?? OFFLINE_IDS, { config: read(), env, providers: discoveryProviders });
}

async function onlyOf({ options }: Invocation): Promise<readonly CheckId[] | undefined> {
	if (typeof options.only !== 'string') return undefined;
	const { CHECK_IDS } = await import('../doctor/context.ts');
	const names = options.only.split(',').map((name) => name.trim());
	const unknown = names.find((name) => !(CHECK_IDS as readonly string[]).includes(name));
	if (unknown === undefined) return names as CheckId[];
	throw usageError(
		`--only ${JSON.stringify(unknown)}: one of ${CHECK_IDS.join(', ')}`,
		'longbow-mesh doctor --only udp-in,views',
	);
}
