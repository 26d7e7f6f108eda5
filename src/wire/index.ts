// wire: memberlist's bytes, for packets and for streams.
export { MsgpackReader } from './msgpack-reader.ts';
export { fieldNames, MsgpackWriter } from './msgpack-writer.ts';
