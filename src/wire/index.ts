// wire: memberlist's bytes, for packets and for streams.
export { type CodecOptions, createCodec, type MemberlistCodec } from './codec.ts';
export { type KeyChange, type KeyInfo, Keyring, type KeyringOptions, keyId } from './keyring.ts';
export { WIRE_LIMITS, type WireLimits } from './limits.ts';
export { MsgpackReader } from './msgpack-reader.ts';
export { fieldNames, MsgpackWriter } from './msgpack-writer.ts';
export type { PacketTap } from './packet-tap.ts';
export { decodeTags, encodeTags } from './tags.ts';
