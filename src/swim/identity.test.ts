// Identities: made once, copied, compared field by field, and what their tags say.
import { describe, expect, it } from 'vitest';
import { ipBytes } from './address.ts';
import { utf8 } from './bytes.ts';
import { fieldsOf, type IdentityFields, IdentityPool, sameIdentity } from './identity.ts';

function fields(change: Partial<IdentityFields> = {}): IdentityFields {
	return {
		name: utf8('node-1'),
		addr: Uint8Array.of(10, 0, 0, 1),
		port: 7946,
		meta: utf8('meta'),
		vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
		...change,
	};
}

const OTHERS: [string, Partial<IdentityFields>][] = [
	['name', { name: utf8('node-2') }],
	['address', { addr: Uint8Array.of(10, 0, 0, 2) }],
	['form of the address', { addr: ipBytes('::ffff:10.0.0.1')! }],
	['port', { port: 7947 }],
	['Meta', { meta: utf8('atem') }],
	['versions', { vsn: Uint8Array.of(1, 5, 2, 2, 5, 5) }],
];

describe('IdentityPool', () => {
	it('gives the same object for the same fields', () => {
		const pool = new IdentityPool(() => ({}));
		const one = pool.identity(fields());
		expect(pool.identity(fields())).toBe(one);
		expect(pool.identity(fieldsOf(one))).toBe(one);
		expect(sameIdentity(one, fields())).toBe(true);
	});

	it.each(OTHERS)('gives another for another %s', (_, change) => {
		const pool = new IdentityPool(() => ({}));
		const one = pool.identity(fields());
		const other = pool.identity(fields(change));
		expect(other).not.toBe(one);
		expect(sameIdentity(one, fields(change))).toBe(false);
		expect(sameIdentity(other, fields(change))).toBe(true);
	});

	it('is right for more identities than it remembers', () => {
		const pool = new IdentityPool(() => ({}));
		const names = Array.from({ length: 70_000 }, (_, i) => `n${i}`);
		expect(names.filter((name) => pool.identity(fields({ name: utf8(name) })).name !== name)).toEqual([]);
	});

	it('copies what it is given, out of a Node Buffer too', () => {
		const [name, addr, meta, vsn] = ['6e31', '0a000001', '6d31', '010502000000'].map((hex) =>
			Buffer.from(hex, 'hex'),
		) as [Buffer, Buffer, Buffer, Buffer];
		const made = new IdentityPool(() => ({})).identity({ name, addr, port: 1, meta, vsn });
		for (const bytes of [name, addr, meta, vsn]) bytes.fill(0xee);
		expect([...made.nameBytes, ...made.addressBytes, ...made.meta, ...made.vsn]).not.toContain(0xee);
		expect(made.address).toEqual({ host: '10.0.0.1', port: 1 });
	});

	it('refuses an address that is none', () => {
		expect(() => new IdentityPool(() => ({})).identity(fields({ addr: new Uint8Array(5) }))).toThrow(
			new RangeError('address of 5 bytes'),
		);
	});

	it.each([
		[{ lb: '1' }, 1],
		[{ lb: '12' }, 12],
		[{}, 0],
		[{ lb: '' }, 0],
		[{ lb: '0' }, 0],
		[{ lb: '01' }, 0],
		[{ lb: '100' }, 0],
		[{ lb: '1 ' }, 0],
		[{ lb: 'x' }, 0],
	])('X14: tags %j mean extension version %i', (tags: Record<string, string>, extension) => {
		expect(new IdentityPool(() => tags).identity(fields())).toMatchObject({ extension, tags });
	});
});
