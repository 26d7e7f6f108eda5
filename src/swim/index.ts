// swim: membership, failure detection and dissemination as one pure state machine.

export { type Address, formatAddress, ipBytes, ipText, sameAddress } from './address.ts';
export { Admission } from './admission.ts';
export { ByteRange, compareBytes, EMPTY, sameBytes, utf8, utf8Text } from './bytes.ts';
export {
	type Codec,
	type PacketHandler,
	type PacketWriter,
	type RejectCode,
	type StreamDecoder,
	type StreamHandler,
	WireError,
} from './codec.ts';
export { type Config, DEFAULTS, type Limits, resolveConfig, VSN_PRESETS } from './config.ts';
export {
	type Counters,
	newCounters,
	PROPAGATION_BOUNDS_MS,
	type ProbeAnswer,
	RTT_BOUNDS_MS,
	TRAFFIC_KINDS,
	type Traffic,
	type TrafficCounters,
	totalTraffic,
} from './counters.ts';
export type { Delegate, DelegateHost } from './delegate.ts';
export {
	EXTENSION_TAG,
	EXTENSION_VERSION,
	type Identity,
	type IdentityFields,
	IdentityPool,
	sameIdentity,
} from './identity.ts';
export type {
	Command,
	CommandResult,
	HelperAnswer,
	Input,
	JoinAnswer,
	MeshEvent,
	MeshEventType,
	NetworkInput,
	NetworkOutput,
	Output,
	StreamId,
	Why,
} from './io.ts';
export { KnownMembers } from './known-members.ts';
export {
	type Instant,
	type Member,
	type MemberState,
	STATE_CHANGES,
	STATE_NAMES,
	State,
	supersedes,
} from './member.ts';
export { Memberlist, type MemberlistOptions, pushPullIntervalMs } from './memberlist.ts';
export {
	Accusation,
	Ack,
	Alive,
	BeaconMessage,
	IndirectPing,
	MessageType,
	Nack,
	Ping,
	type PushPull,
	type PushPullNode,
	type SyncCursor,
	SyncPage,
	SyncRequest,
	type ViewDigest,
} from './message.ts';
export { disseminationMs } from './node.ts';
export { type Random, randomBelow, seededRandom, shuffle } from './random.ts';
export type { RefusedSource } from './sources.ts';
export { suspicionMinMs } from './suspicion.ts';

export { xxHash32, xxHash32Words } from './xxhash32.ts';
