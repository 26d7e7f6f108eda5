// The caps on what a peer may make us read, in one table, each with its precedent.

/** All sizes are bytes. A peer that goes beyond one is refused with `too-large` (or `too-deep`). */
export interface WireLimits {
	/** An encrypted or compressed message as it stands on the stream. */
	readonly frameBytes: number;
	/** What a compressed stream message may become; also all entries of a push/pull that is not compressed. */
	readonly messageBytes: number;
	/** What one compressed packet part may become. */
	readonly packetMessageBytes: number;
	/** Entries of a push/pull. */
	readonly nodes: number;
	/** The application's state at the end of a push/pull. */
	readonly userStateBytes: number;
	/** The body of a user message on a stream. */
	readonly userMessageBytes: number;
	/** One msgpack map of a stream: a push/pull entry, a header, a ping. */
	readonly mapBytes: number;
	/** Parts of a packet, in all its layers together. */
	readonly parts: number;
	/** Layers inside layers of a packet. */
	readonly depth: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/** The limits that hold where none are given. */
export const WIRE_LIMITS: WireLimits = {
	// memberlist net.go: maxPushStateBytes, 20 MiB.
	frameBytes: 20 * MIB,
	// memberlist after v0.6.0 decompresses no more than 40 MiB.
	messageBytes: 40 * MIB,
	// A UDP datagram has at most 64 KiB; memberlist compresses only what it would have sent in one packet.
	packetMessageBytes: 64 * KIB,
	// memberlist after v0.6.0 takes 1,048,576; ours is four times the largest member table we keep.
	nodes: 65_536,
	// memberlist after v0.6.0 takes 20 MiB; the fullest state of a serf agent stays below 1 MiB.
	userStateBytes: 4 * MIB,
	// memberlist after v0.6.0 takes 20 MiB; Alertmanager's largest message is one silence or log entry.
	userMessageBytes: 4 * MIB,
	// No precedent: name, address, Meta (512 bytes) and Vsn, with ample room for keys of later versions.
	mapBytes: 16 * KIB,
	// memberlist packs at most 255 into a compound (127 before v0.2.4), and nests none: twice that.
	parts: 512,
	// No precedent, real peers recurse freely; they nest twice (a compound inside compression).
	depth: 8,
};
