// What both directions of a stream must agree on with the peer.

import type { Keyring } from './keyring.ts';
import type { WireLimits } from './limits.ts';

/** Which side opened the stream: the dialer alone writes the label header. */
export type StreamRole = 'dialer' | 'listener';

export interface StreamOptions {
	/** At most 255 bytes of UTF-8; none is the same as empty. */
	readonly label?: string | undefined;
	/** Present when encryption is configured. */
	readonly keyring?: Keyring | undefined;
	/** Refuse clear text when encryption is configured. False only while a cluster is being migrated. */
	readonly verifyIncoming: boolean;
	/** Encrypt when encryption is configured. False only while a cluster is being migrated. */
	readonly verifyOutgoing: boolean;
	/** Compress what we send. What we receive may always be either. */
	readonly compress: boolean;
	readonly limits: WireLimits;
}
