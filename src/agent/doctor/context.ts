// What the checks look at: facts that are at hand, and measurements that are made once for all of them.

import type { AgentConfig } from '../../config/index.ts';
import type { DiscoveryHealth } from '../../discovery/index.ts';
import type { LoopDelay } from '../../metrics/index.ts';
import type { StatusSource } from '../../status/index.ts';
import type { Member } from '../../swim/index.ts';
import type { Keyring } from '../../wire/index.ts';
import type { Finding } from './finding.ts';
import type { Path } from './paths.ts';
import type { PeerView } from './peer-views.ts';
import type { Pinger } from './pinger.ts';

/** In the order in which they are shown. */
export const CHECK_IDS = [
	'config',
	'addr',
	'ports',
	'discovery',
	'dns',
	'k8s',
	'udp-out',
	'udp-in',
	'tcp',
	'mtu',
	'label',
	'clock',
	'timing',
	'views',
	'peers',
] as const;
export type CheckId = (typeof CHECK_IDS)[number];

/** Of checks that need no running node. */
export interface Surroundings {
	readonly config: AgentConfig;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly discovery: readonly DiscoveryHealth[];
}

export interface DoctorContext extends Surroundings {
	readonly source: StatusSource;
	/** Undefined = the node does not encrypt. */
	readonly keyring: Keyring | undefined;
	/** The one member that is asked about; undefined = all of them. */
	readonly peer: Member | undefined;
	/** Milliseconds by which the wall clock has left the monotonic one since the agent's start. */
	readonly wallJumpMs: number;
	/** Of the event loop since the doctor began. */
	loopDelay(): LoopDelay;
	pinger(): Promise<Pinger>;
	paths(): Promise<readonly Path[]>;
	views(): Promise<readonly PeerView[]>;
	/** Asks members for their view, now. */
	ask(members: readonly Member[]): Promise<readonly PeerView[]>;
}

/** One look at one thing. It waits no longer than some seconds, and changes nothing. */
export type Check = (context: DoctorContext) => Finding | Promise<Finding>;

/** Why checks of the network have nothing to do; undefined where they have. */
export function noNetwork({ config }: Surroundings): string | undefined {
	return config.gossip.enabled ? undefined : 'gossip is off (LONGBOW_GOSSIP_ENABLED=false)';
}

/** How long the doctor waits for an answer to a ping: long enough for a slow network, short enough for its own promise. */
export function pingWaitMs({ gossip }: AgentConfig): number {
	return Math.min(1_200, Math.max(500, 2 * gossip.ackTimeout));
}
