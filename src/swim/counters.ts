// What a node counts since its start: plain numbers that only rise, read by whoever shows them.

import type { RejectCode } from './codec.ts';
import type { MemberState } from './member.ts';

/** What a packet is for: probes with their acks and what rides on them, gossip and goodbyes, state transfers, application messages. */
export type Traffic = 'probe' | 'gossip' | 'sync' | 'user';

/** All kinds of packets. */
export const TRAFFIC_KINDS: readonly Traffic[] = ['probe', 'gossip', 'sync', 'user'];

/** Packets and bytes of one kind since the start. */
export interface TrafficCounters {
	packetsSent: number;
	packetsReceived: number;
	/** Without IP and UDP headers, label and encryption included. */
	bytesSent: number;
	bytesReceived: number;
}

/** Who brought the ack of a probe: the member itself, in time or late; a helper; a stream; nobody within the window. */
export type ProbeAnswer = 'direct' | 'late' | 'helper' | 'stream' | 'none';

/** Upper bounds of the classes of round-trip times, in milliseconds; a last class has no bound. */
export const RTT_BOUNDS_MS: readonly number[] = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500];

/** The same for the time that news takes. */
export const PROPAGATION_BOUNDS_MS: readonly number[] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/** Kept by the machine itself, in the units of their names. */
export interface Counters {
	/** Messages of type ping on packets, ours and those we relay for others. */
	pingsSent: number;
	pingsReceived: number;
	/** Probes begun. */
	probes: number;
	/** Probes ended, by who answered. */
	readonly probeAnswers: Record<ProbeAnswer, number>;
	/** Round trips of direct acks: how many in each class of {@link RTT_BOUNDS_MS}, and their sum in milliseconds. */
	readonly rtt: { readonly classes: Uint32Array; sumMs: number };
	/** Ages of beacons when they came first (X17): how many in each class of {@link PROPAGATION_BOUNDS_MS}, and their sum. */
	readonly propagation: { readonly classes: Uint32Array; sumMs: number };
	readonly traffic: Readonly<Record<Traffic, TrafficCounters>>;
	/** Member updates that rode on packets: for the first time, and again. */
	updatesSent: number;
	updatesResent: number;
	/** Accusations by failed probes of this node. */
	accusations: number;
	/** Further accusers of running suspicions. */
	confirmations: number;
	refutations: number;
	stalls: number;
	streamsOpened: number;
	streamsAccepted: number;
	/** Bytes on streams, label and encryption included. */
	streamBytesSent: number;
	streamBytesReceived: number;
	/** Digests of others compared with ours (X2), and those that differed. */
	digestsCompared: number;
	digestMismatches: number;
	syncsStarted: number;
	syncsCompleted: number;
	pushPulls: number;
	/** Steps of other members from state to state, by `from>to` (the pairs of STATE_CHANGES); absent = 0. */
	readonly stateChanges: Partial<Record<`${MemberState}>${MemberState}`, number>>;
	/** Refused input by reason; absent = 0. */
	readonly rejected: Partial<Record<RejectCode, number>>;
}

/** All at 0. */
export function newCounters(): Counters {
	return {
		pingsSent: 0,
		pingsReceived: 0,
		probes: 0,
		probeAnswers: { direct: 0, late: 0, helper: 0, stream: 0, none: 0 },
		rtt: { classes: new Uint32Array(RTT_BOUNDS_MS.length + 1), sumMs: 0 },
		propagation: { classes: new Uint32Array(PROPAGATION_BOUNDS_MS.length + 1), sumMs: 0 },
		traffic: { probe: newTraffic(), gossip: newTraffic(), sync: newTraffic(), user: newTraffic() },
		updatesSent: 0,
		updatesResent: 0,
		accusations: 0,
		confirmations: 0,
		refutations: 0,
		stalls: 0,
		streamsOpened: 0,
		streamsAccepted: 0,
		streamBytesSent: 0,
		streamBytesReceived: 0,
		digestsCompared: 0,
		digestMismatches: 0,
		syncsStarted: 0,
		syncsCompleted: 0,
		pushPulls: 0,
		stateChanges: {},
		rejected: {},
	};
}

function newTraffic(): TrafficCounters {
	return { packetsSent: 0, packetsReceived: 0, bytesSent: 0, bytesReceived: 0 };
}

/** Takes one round trip into its class. */
export function countRtt({ rtt }: Counters, tookMs: number): void {
	classify(rtt, RTT_BOUNDS_MS, tookMs);
}

/** Takes the age of one beacon into its class. */
export function countPropagation({ propagation }: Counters, ageMs: number): void {
	classify(propagation, PROPAGATION_BOUNDS_MS, ageMs);
}

function classify(counts: Counters['rtt'], bounds: readonly number[], ms: number): void {
	let at = 0;
	while (at < bounds.length && ms > bounds[at]!) at++;
	counts.classes[at]!++;
	counts.sumMs += ms;
}

/** Packets or bytes of all kinds of traffic together. */
export function totalTraffic({ traffic }: Readonly<Counters>, key: keyof TrafficCounters): number {
	return traffic.probe[key] + traffic.gossip[key] + traffic.sync[key] + traffic.user[key];
}
