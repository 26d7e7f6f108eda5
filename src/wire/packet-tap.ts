// Where packets are clear text: between encryption and label on one side and the messages on the other.

import type { ByteRange, RejectCode } from '../swim/index.ts';

/** Is shown each packet without label and encryption. What it is shown is valid only during the call. */
export interface PacketTap {
	/** A packet that came in was opened. */
	opened(clear: Uint8Array): void;
	/** A packet that came in could not be opened. */
	refused(code: RejectCode, detail: string): void;
	/** An application message was found in it, perhaps inside compression. */
	user?(body: ByteRange): void;
	/** A packet goes out. */
	sealing(clear: Uint8Array): void;
}
