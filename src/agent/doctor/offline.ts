// The checks that need no agent: configuration, address, ports, and one question to each discovery provider.

import type { AgentConfig, ConfigError } from '../../config/index.ts';
import type { Discovery, DiscoveryHealth } from '../../discovery/index.ts';
import { checkAddrOffline } from './checks/addr.ts';
import { badConfig, checkConfig } from './checks/config.ts';
import { checkDiscoveryOffline } from './checks/discovery.ts';
import { checkDns } from './checks/dns.ts';
import { checkK8s } from './checks/k8s.ts';
import { checkPortsOffline } from './checks/ports.ts';
import { CHECK_IDS, type CheckId, type Surroundings } from './context.ts';
import { type Finding, skip } from './finding.ts';
import { checkReport, type DoctorReport, doctorReport } from './report.ts';

type OfflineCheck = (surroundings: Surroundings) => Finding | Promise<Finding>;

const CHECKS: Readonly<Partial<Record<CheckId, OfflineCheck>>> = {
	config: checkConfig,
	addr: checkAddrOffline,
	ports: checkPortsOffline,
	discovery: checkDiscoveryOffline,
	dns: checkDns,
	k8s: checkK8s,
};

/** What can be looked at without an agent. */
export const OFFLINE_IDS: readonly CheckId[] = CHECK_IDS.filter((id) => CHECKS[id] !== undefined);

/** How long providers have for a first answer or a first problem. */
const ANSWER_MS = 9_000;
const LOOK_MS = 50;

export interface OfflineParts {
	/** What was read, or why it could not be. */
	readonly config: AgentConfig | ConfigError;
	readonly env: Surroundings['env'];
	/** The providers that an agent with this configuration would follow. */
	providers(config: AgentConfig): readonly Discovery[];
}

/** Examines what an agent on this host would meet. */
export async function examineOffline(
	ids: readonly CheckId[],
	{ config, env, providers }: OfflineParts,
): Promise<DoctorReport> {
	const startedAt = performance.now();
	const wanted = CHECK_IDS.filter((id) => ids.includes(id) && CHECKS[id] !== undefined);
	if (config instanceof Error) {
		const checks = wanted.map((id) =>
			checkReport(id, id === 'config' ? badConfig(config) : skip('the configuration cannot be read')),
		);
		return doctorReport(null, checks, startedAt);
	}
	const asks = wanted.some((id) => id !== 'config' && id !== 'ports') && config.gossip.enabled;
	const discovery = asks ? await firstAnswers(providers(config)) : [];
	const surroundings: Surroundings = { config, env, discovery };
	const checks = await Promise.all(
		wanted.map(async (id) => checkReport(id, await (CHECKS[id] as OfflineCheck)(surroundings))),
	);
	return doctorReport(null, checks, startedAt);
}

/** Follows all providers until each has answered or has a problem. */
async function firstAnswers(providers: readonly Discovery[]): Promise<readonly DiscoveryHealth[]> {
	const stop = new AbortController();
	const following = providers.map((provider) => follow(provider, stop.signal));
	const end = performance.now() + ANSWER_MS;
	const isWaiting = ({ health }: Discovery): boolean =>
		health.answeredAtMs === undefined && health.problem === undefined;
	while (providers.some(isWaiting) && performance.now() < end) {
		await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
	}
	const health = providers.map((provider) => provider.health);
	stop.abort();
	await Promise.all(following);
	return health;
}

async function follow(provider: Discovery, signal: AbortSignal): Promise<void> {
	for await (const _ of provider.watch(signal)) if (signal.aborted) return;
}
