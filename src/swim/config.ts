// Every knob of the protocol with its formula, its default and its range.

import { Admission } from './admission.ts';
import { utf8 } from './bytes.ts';

/** All durations are milliseconds. */
export interface Config {
	/** Unique in the cluster, 1 to 128 bytes of UTF-8. */
	readonly name: string;
	/** This node's tags, without those that the machine adds (`lb`). At most 512 bytes encoded. */
	readonly tags: Readonly<Record<string, string>>;
	/** One member is probed a period (SWIM §3.1). */
	readonly protocolPeriodMs: number;
	/** A direct ping waits so long before helpers are asked. Below `protocolPeriodMs`. */
	readonly ackTimeoutMs: number;
	/** K of SWIM §3.1: helpers of an indirect ping. */
	readonly indirectProbes: number;
	/** How long a confirmed suspicion waits (X7); `auto`: 4 × log10(n) × period, memberlist's formula. */
	readonly suspicionTimeoutMs: number | 'auto';
	/** An unconfirmed suspicion waits up to this many times longer (Lifeguard §IV-B). */
	readonly suspicionMaxTimeoutMult: number;
	/** The health score stays below this; the probe window is period × (score + 1) (Lifeguard §IV-A). */
	readonly awarenessMax: number;
	/** Pending news is offered to `gossipNodes` members an interval. */
	readonly gossipIntervalMs: number;
	readonly gossipNodes: number;
	/** News is sent mult × ⌈log10(n + 1)⌉ times (SWIM §4.1). */
	readonly retransmitMult: number;
	/** The dead still get gossip for so long, to hear that they are dead and refute. */
	readonly gossipToTheDeadMs: number;
	/** Member updates in a packet that carries broadcasts (X10). */
	readonly updatesPerPacket: number;
	/** Largest packet in bytes, all layers included. */
	readonly packetBytes: number;
	/** Whether streams (TCP) may be used beside packets. */
	readonly streams: boolean;
	/** Every so often one member sends a beacon off, which measures how long news takes (X17). 0 = this node never does. */
	readonly beaconIntervalMs: number;
	/** Whether our extensions are spoken (X1); without them this is a plain memberlist node, as a foreign one. */
	readonly extensions: boolean;
	/** Full exchange over a stream with a foreign member, scaled up from 32 members on; only with `streams`. */
	readonly pushPullIntervalMs: number;
	/** For one exchange over a stream, opening included. */
	readonly streamTimeoutMs: number;
	/** About one contact a cluster an interval to an address that is not a live member (X11). */
	readonly reconnectIntervalMs: number;
	/** How long a visible dead or left member is shown (X5). */
	readonly tombstoneMs: number;
	/** How long an invisible tombstone refuses stale news (X5). */
	readonly silentTombstoneMs: number;
	/** A goodbye waits at most so long for acknowledgements. */
	readonly leaveTimeoutMs: number;
	/** Delegate versions dmin, dmax, dcur, and protocol 1, 5, 2 (wire spec §7). */
	readonly vsn: readonly [number, number, number, number, number, number];
	/** Networks that packets, streams and members may come from: `10.0.0.0/8`, `fd00::/8`. Empty: any. Alike on all members. */
	readonly allowCidrs: readonly string[];
	/** Names that members may have, `*` for any run of characters, `?` for one. Empty: any. Alike on all members. */
	readonly allowNames: readonly string[];
	readonly limits: Limits;
}

/** Caps of every table that input from the network can fill. */
export interface Limits {
	/** Known members, the dead included: 16,384. */
	readonly members: number;
	/** Members that are no longer shown and still refuse stale news: 10,000. */
	readonly silentTombstones: number;
	/** Addresses in the book: 4,096. */
	readonly bookAddresses: number;
	/** Indirect pings for others at a time: 512. */
	readonly relays: number;
	/** And a second: 1,000. */
	readonly relaysPerSecond: number;
	/** Open at a time: dialed by us, and apart from them opened by others (shares: streams.ts). */
	readonly streams: number;
	/** Memory of all incomplete messages on streams that others opened, in bytes. */
	readonly streamBytes: number;
	/** Hosts of which something was refused. */
	readonly sources: number;
	/** Nonsense of one host in a second, after which it is not read for a second unless it is a known member's. */
	readonly nonsensePerSecond: number;
	/** Application messages that wait to be spread: 1,024. */
	readonly userBroadcasts: number;
}

/** Delegate-version presets: what a foreign cluster expects in `Vsn` (wire spec §7). */
export const VSN_PRESETS = {
	none: [1, 5, 2, 0, 0, 0],
	serf: [1, 5, 2, 2, 5, 5],
} as const;

/** What holds where nothing is given. */
export const DEFAULTS: Omit<Config, 'name'> = {
	tags: {},
	protocolPeriodMs: 200,
	ackTimeoutMs: 100,
	indirectProbes: 3,
	suspicionTimeoutMs: 5_000,
	suspicionMaxTimeoutMult: 6,
	awarenessMax: 8,
	gossipIntervalMs: 200,
	gossipNodes: 3,
	retransmitMult: 4,
	gossipToTheDeadMs: 30_000,
	updatesPerPacket: 5,
	packetBytes: 1_400,
	streams: true,
	beaconIntervalMs: 0,
	extensions: true,
	pushPullIntervalMs: 30_000,
	streamTimeoutMs: 10_000,
	reconnectIntervalMs: 5_000,
	tombstoneMs: 3_600_000,
	silentTombstoneMs: 86_400_000,
	leaveTimeoutMs: 3_000,
	vsn: VSN_PRESETS.none,
	allowCidrs: [],
	allowNames: [],
	limits: {
		members: 16_384,
		silentTombstones: 10_000,
		bookAddresses: 4_096,
		relays: 512,
		relaysPerSecond: 1_000,
		// memberlist serves 127 push/pulls at a time.
		streams: 128,
		// Three of the largest states that memberlist sends (20 MiB).
		streamBytes: 64 * 1024 * 1024,
		sources: 1_024,
		// A member with a wrong key or label sends tens a second.
		nonsensePerSecond: 200,
		userBroadcasts: 1_024,
	},
};

/**
 * Defaults filled in and ranges checked.
 * @throws {RangeError} naming the option, its value and what is allowed.
 */
export function resolveConfig(options: Partial<Config> & { readonly name: string }): Config {
	const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
	const config: Config = {
		// First: an object that begins with a property of its own has its shape in common with all that are made here, and one
		// that begins as a copy has not. A packet looks at a dozen knobs.
		name: options.name,
		...DEFAULTS,
		...given,
		limits: options.limits ? { ...DEFAULTS.limits, ...options.limits } : DEFAULTS.limits,
	};
	for (const [name, low, high] of RANGES) {
		const value = config[name];
		if (value === 'auto' && name === 'suspicionTimeoutMs') continue;
		if (typeof value !== 'number' || !(value >= low && value <= high)) {
			throw new RangeError(`${name}: ${String(value)} is not a number from ${low} to ${high}`);
		}
	}
	const nameBytes = utf8(config.name).length;
	if (nameBytes === 0 || nameBytes > NAME_BYTES_MAX) {
		throw new RangeError(`name: ${JSON.stringify(config.name)} is not 1 to ${NAME_BYTES_MAX} bytes long`);
	}
	checkAdmission(config);
	if (config.ackTimeoutMs >= config.protocolPeriodMs) {
		throw new RangeError(
			`ackTimeoutMs: ${config.ackTimeoutMs} is not below protocolPeriodMs (${config.protocolPeriodMs})`,
		);
	}
	return config;
}

/** A node that it would not let in itself is a mistake of whoever wrote the list. */
function checkAdmission({ name, allowCidrs, allowNames }: Config): void {
	try {
		if (new Admission(allowCidrs, allowNames).allowsName(utf8(name))) return;
	} catch (error) {
		throw new RangeError(`allowCidrs: ${(error as Error).message}`, { cause: error });
	}
	throw new RangeError(
		`allowNames: ${allowNames.join(', ')} does not allow this node's own name, ${JSON.stringify(name)}`,
	);
}

const NAME_BYTES_MAX = 128;
const DAY_MS = 86_400_000;
const RANGES: readonly (readonly [keyof Config, low: number, high: number])[] = [
	['protocolPeriodMs', 10, 60_000],
	['ackTimeoutMs', 1, 30_000],
	['indirectProbes', 0, 16],
	['suspicionTimeoutMs', 10, DAY_MS],
	['suspicionMaxTimeoutMult', 1, 100],
	['awarenessMax', 1, 64],
	['gossipIntervalMs', 10, 60_000],
	['gossipNodes', 0, 64],
	['retransmitMult', 1, 64],
	['gossipToTheDeadMs', 0, DAY_MS],
	['updatesPerPacket', 1, 126],
	// The request of a state transfer, 1,035 bytes and its layers, must pass whole (X3).
	['packetBytes', 1_100, 65_000],
	['beaconIntervalMs', 0, DAY_MS],
	['pushPullIntervalMs', 100, DAY_MS],
	['streamTimeoutMs', 10, 600_000],
	['reconnectIntervalMs', 10, DAY_MS],
	['tombstoneMs', 0, 30 * DAY_MS],
	['silentTombstoneMs', 0, 30 * DAY_MS],
	['leaveTimeoutMs', 0, 600_000],
];
