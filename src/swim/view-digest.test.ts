// The view digest (X2): sums that depend on what is known, and on nothing else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipBytes } from './address.ts';
import { utf8 } from './bytes.ts';
import { type Identity, IdentityPool } from './identity.ts';
import { BUCKETS, bucketOf, bucketStart, DigestSums } from './view-digest.ts';
import { xxHash32 } from './xxhash32.ts';

const pool = new IdentityPool(() => ({}));

function identity(name: string, host = '10.0.0.1', port = 7946, meta = ''): Identity {
	return pool.identity({
		name: utf8(name),
		addr: ipBytes(host)!,
		port,
		meta: utf8(meta),
		vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
	});
}

const member = fc.record({
	name: fc.string({ minLength: 1, maxLength: 20 }),
	meta: fc.string({ maxLength: 20 }),
	incarnation: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

describe('X2: the view digest', () => {
	it('is the sum of the hashes of name, 0, incarnation, mapped address, port and Meta', () => {
		const record = Buffer.concat([
			Buffer.from('node-1\0'),
			Buffer.from('0bebc201', 'hex'),
			Buffer.from('00000000000000000000ffff0a000001', 'hex'),
			Buffer.from('1f0a', 'hex'),
			Buffer.from('meta'),
		]);
		const sums = new DigestSums();
		sums.add(identity('node-1', '10.0.0.1', 7946, 'meta'), 200_000_001);
		expect(sums.digest).toEqual({ a: xxHash32(record), b: xxHash32(record, 0x9e3779b9) });
	});

	it('does not know the order of arrival', () => {
		fc.assert(
			fc.property(
				fc
					.array(member, { maxLength: 10 })
					.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
				([members, shuffled]) => {
					const [one, other] = [new DigestSums(), new DigestSums()];
					for (const { name, meta, incarnation } of members) one.add(identity(name, '10.0.0.1', 1, meta), incarnation);
					for (const { name, meta, incarnation } of shuffled)
						other.add(identity(name, '10.0.0.1', 1, meta), incarnation);
					expect(other.digest).toEqual(one.digest);
					expect(other.sums).toEqual(one.sums);
					expect(other.equals(one.digest.a, one.digest.b)).toBe(true);
				},
			),
		);
	});

	it('forgets what was removed', () => {
		fc.assert(
			fc.property(fc.array(member, { maxLength: 6 }), member, (members, gone) => {
				const sums = new DigestSums();
				for (const { name, incarnation } of members) sums.add(identity(name), incarnation);
				const [digest, buckets, version] = [sums.digest, sums.sums.slice(), sums.version];
				sums.add(identity(gone.name), gone.incarnation);
				sums.remove(identity(gone.name), gone.incarnation);
				expect(sums.digest).toEqual(digest);
				expect(sums.sums).toEqual(buckets);
				expect(sums.version).toBe(version + 2);
			}),
		);
	});

	it('counts an IPv4 address alike in 4 and in 16 bytes', () => {
		const [short, long] = [new DigestSums(), new DigestSums()];
		short.add(identity('a', '10.0.0.1'), 5);
		long.add(identity('a', '::ffff:10.0.0.1'), 5);
		expect(long.digest).toEqual(short.digest);
	});

	it.each([
		['the name', identity('b'), 5],
		['the incarnation', identity('a'), 6],
		['the address', identity('a', '10.0.0.2'), 5],
		['the port', identity('a', '10.0.0.1', 7947), 5],
		['Meta', identity('a', '10.0.0.1', 7946, 'x'), 5],
	])('differs with %s', (_, other, incarnation) => {
		const [one, two] = [new DigestSums(), new DigestSums()];
		one.add(identity('a'), 5);
		two.add(other, incarnation);
		expect(two.digest).not.toEqual(one.digest);
	});

	it('is the sum of its buckets, each of which holds the members of its range of hashes', () => {
		const sums = new DigestSums();
		const alone = new Map<number, DigestSums>();
		for (let i = 0; i < 500; i++) {
			const one = identity(`m${i}`);
			const bucket = bucketOf(one.nameHash);
			expect(one.nameHash).toBeGreaterThanOrEqual(bucketStart(bucket));
			expect(one.nameHash).toBeLessThan(bucketStart(bucket + 1));
			if (!alone.has(bucket)) alone.set(bucket, new DigestSums());
			alone.get(bucket)!.add(one, i);
			sums.add(one, i);
		}
		let [a, b] = [0, 0];
		for (let bucket = 0; bucket < BUCKETS; bucket++) {
			const digest = alone.get(bucket)?.digest ?? { a: 0, b: 0 };
			expect([sums.sums[bucket * 2], sums.sums[bucket * 2 + 1]]).toEqual([digest.a, digest.b]);
			a = (a + digest.a) >>> 0;
			b = (b + digest.b) >>> 0;
		}
		expect(sums.digest).toEqual({ a, b });
	});

	it('takes names and Meta longer than its first scratch', () => {
		const long = identity('x'.repeat(3_000), '10.0.0.1', 1, 'y'.repeat(3_000));
		const sums = new DigestSums();
		sums.add(long, 1);
		sums.remove(long, 1);
		expect(sums.digest).toEqual({ a: 0, b: 0 });
	});
});
