// Packed names are told apart as exactly as names compared byte by byte.

import { expect, it } from 'vitest';
import { WireError } from '../swim/index.ts';
import { ALIVE, INDIRECT_PING, PING } from './fields.ts';
import { MsgpackReader } from './msgpack-reader.ts';
import { fieldNames } from './msgpack-writer.ts';
import { PackedNames } from './packed-names.ts';

const LONG = fieldNames('A', 'Four', 'ElevenBytes', 'TwelveBytes!', 'ThisOneIsMuchLonger');

it.each([[PING], [INDIRECT_PING], [ALIVE], [LONG]])(
	'finds each name of a table, from any hint, and nothing that differs in a byte',
	(names) => {
		const packed = new PackedNames(names);
		const reader = new MsgpackReader();
		for (const [index, name] of names.entries()) {
			for (let hint = 0; hint <= names.length; hint++) {
				reader.reset(name);
				expect(reader.field(packed, hint)).toBe(index);
				expect(reader.done).toBe(true);
			}
			for (let i = 1; i < name.length; i++) {
				const other = new Uint8Array(name);
				other[i]! ^= 0x01;
				const known = names.findIndex((candidate) => Buffer.from(candidate).equals(other));
				reader.reset(other);
				expect(reader.field(packed, index)).toBe(known);
			}
			reader.reset(name, 0, name.length - 1);
			expect(() => reader.field(packed, index)).toThrow(WireError);
		}
	},
);
