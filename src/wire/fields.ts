// The field names of memberlist's messages, encoded, in wire order (wire spec §4.1).

import { fieldNames } from './msgpack-writer.ts';

/** `lb` is ours (X1); small letters come after capitals, so it is last. */
export const PING: readonly Uint8Array[] = fieldNames('Node', 'SeqNo', 'SourceAddr', 'SourceNode', 'SourcePort', 'lb');
export const INDIRECT_PING: readonly Uint8Array[] = fieldNames(
	'Nack',
	'Node',
	'Port',
	'SeqNo',
	'SourceAddr',
	'SourceNode',
	'SourcePort',
	'Target',
);
export const ACK: readonly Uint8Array[] = fieldNames('Payload', 'SeqNo', 'lb');
export const NACK: readonly Uint8Array[] = fieldNames('SeqNo');
export const ACCUSATION: readonly Uint8Array[] = fieldNames('From', 'Incarnation', 'Node');
export const ALIVE: readonly Uint8Array[] = fieldNames('Addr', 'Incarnation', 'Meta', 'Node', 'Port', 'Vsn');
export const PUSH_PULL_HEADER: readonly Uint8Array[] = fieldNames('Join', 'Nodes', 'UserStateLen');
export const PUSH_PULL_NODE: readonly Uint8Array[] = fieldNames(
	'Addr',
	'Incarnation',
	'Meta',
	'Name',
	'Port',
	'State',
	'Vsn',
);
export const USER_HEADER: readonly Uint8Array[] = fieldNames('UserMsgLen');
export const COMPRESS: readonly Uint8Array[] = fieldNames('Algo', 'Buf');
export const ERROR: readonly Uint8Array[] = fieldNames('Error');
