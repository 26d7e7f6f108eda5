// mesh: the embeddable node, and the package's front door.

export type { Discovery, DiscoveryHealth, DiscoveryProblem, DiscoveryProblemCode } from '../discovery/index.ts';
export type { FileJournalOptions } from '../journal/index.ts';
export { createHashRing, type HashRing, type RingShare, type RingView } from '../ring/index.ts';
export type { StatusSource } from '../status/index.ts';
export type {
	Address,
	Delegate,
	DelegateHost,
	JoinAnswer,
	Member,
	MemberState,
	MeshEvent,
	Why,
} from '../swim/index.ts';
export type { KeyChange, KeyInfo, Keyring } from '../wire/index.ts';
export { createMesh } from './create-mesh.ts';
export type { CommandMessage, DiagnosticMessages } from './diagnostics.ts';
export { MeshError, type MeshErrorCode } from './errors.ts';
export type { EventDelegate, ExplainedWhy, Mesh, MeshListeners, MeshOptions } from './mesh.ts';
