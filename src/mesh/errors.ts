// What may go wrong with a mesh through nobody's fault in the code: the world refused.

/**
 * | code | when | state afterwards | what to do |
 * |---|---|---|---|
 * | `MESH_START_FAILED` | the address could not be bound (`cause` says why) | nothing is open | choose another port or host, then `createMesh` again |
 * | `MESH_NOT_REACHABLE` | a loopback address would be advertised, and a seed is on another host | nothing is open | bind or advertise an address that the others can reach |
 * | `MESH_NOT_ALLOWED` | the address that would be advertised is not in `allowCidrs` | nothing is open | advertise another one, or extend the list on all members |
 * | `MESH_JOURNAL_FAILED` | the file of the journal could not be made (`cause` says why) | nothing is open | choose another path, or none |
 * | `MESH_JOIN_FAILED` | none of the peers given to `join` answered | the mesh runs on, and knows the peers for later | check addresses, UDP and TCP between the hosts, label and keys |
 * | `MESH_STOPPED` | the mesh is leaving or has closed, or closed while this was under way | closed | `createMesh` again |
 * | `MESH_BUSY` | the same is being done already, or too much at a time | unchanged | wait for the other to end |
 * | `MESH_TAGS_TOO_LARGE` | all tags together exceed 512 bytes encoded | nothing is open after `createMesh`; after `setTags` the tags are those from before | shorten tags |
 * | `MESH_NO_MEMBER` | `remove` was given a name that nobody here knows | unchanged | look at `status.members` |
 * | `MESH_MEMBER_ALIVE` | `remove` was given a member that is alive or suspect, or this node itself | unchanged | stop it first, or let it `leave` |
 * | `MESH_LAGGED` | a reader of `events()` lags more than 10,000 events behind | the mesh runs on; this reader has ended | read `status.members`, then `events()` again |
 */
export type MeshErrorCode =
	| 'MESH_START_FAILED'
	| 'MESH_NOT_REACHABLE'
	| 'MESH_NOT_ALLOWED'
	| 'MESH_JOURNAL_FAILED'
	| 'MESH_JOIN_FAILED'
	| 'MESH_STOPPED'
	| 'MESH_BUSY'
	| 'MESH_TAGS_TOO_LARGE'
	| 'MESH_NO_MEMBER'
	| 'MESH_MEMBER_ALIVE'
	| 'MESH_LAGGED';

/** Rejects the promise that asked. Switch on `code`, never on the text. */
export class MeshError extends Error {
	readonly code: MeshErrorCode;

	constructor(code: MeshErrorCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'MeshError';
		this.code = code;
	}
}

export function stoppedError(): MeshError {
	return new MeshError('MESH_STOPPED', 'the mesh has closed');
}

/** The same in the words of a mesh. */
export function causedBy(code: MeshErrorCode, cause: Error): MeshError {
	return new MeshError(code, cause.message, { cause });
}
