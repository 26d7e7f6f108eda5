// The address book (X11): where members may be found; bounded, never aged.
import { describe, expect, it } from 'vitest';
import type { Address } from './address.ts';
import { AddressBook } from './address-book.ts';
import { seededRandom } from './random.ts';

function at(n: number): Address {
	return { host: `10.0.0.${n}`, port: 7946 };
}

const all = (): boolean => true;

describe('X11: the address book', () => {
	it('tells whether a hint was news', () => {
		const book = new AddressBook(10);
		expect(book.addSeed(at(1))).toBe(true);
		expect(book.addSeed({ ...at(1) })).toBe(false);
		book.addVerified(at(2));
		expect(book.addSeed(at(2))).toBe(false);
		expect(book.size).toBe(2);
		expect(book.addresses).toEqual([at(1), at(2)]);
	});

	it('goes round, over those that are wanted', () => {
		const book = new AddressBook(10);
		for (const n of [1, 2, 3, 4]) book.addSeed(at(n));
		const hosts = Array.from({ length: 5 }, () => book.next(all)!.host.slice(-1));
		expect(hosts.join('')).toBe('12341');
		expect(book.next((address) => address.host === '10.0.0.4')).toEqual(at(4));
		expect(book.next(all)).toEqual(at(1));
		expect(book.next(() => false)).toBeUndefined();
		expect(new AddressBook(1).next(all)).toBeUndefined();
	});

	it('picks at random among those that are wanted', () => {
		const book = new AddressBook(10);
		for (const n of [1, 2, 3, 4]) book.addSeed(at(n));
		const notTwo = (address: Address): boolean => address.host !== '10.0.0.2';
		const random = seededRandom(1);
		const seen = new Set<string>();
		for (let i = 0; i < 50; i++) {
			const picked = book.some(2, random, notTwo).map(({ host }) => host);
			expect(new Set(picked).size).toBe(2);
			for (const host of picked) seen.add(host);
		}
		expect([...seen].sort()).toEqual(['10.0.0.1', '10.0.0.3', '10.0.0.4']);
		expect(book.some(9, random, notTwo)).toHaveLength(3);
		expect(book.some(2, random, () => false)).toEqual([]);
	});

	it('gives up what was only verified before any seed, the oldest first', () => {
		const book = new AddressBook(3);
		book.addVerified(at(1));
		book.addSeed(at(2));
		book.addVerified(at(3));
		book.addVerified(at(4));
		expect(book.addresses).toEqual([at(2), at(3), at(4)]);
		book.addSeed(at(5));
		book.addSeed(at(6));
		expect(book.addresses).toEqual([at(2), at(5), at(6)]);
		book.addSeed(at(7));
		expect(book.addresses).toEqual([at(5), at(6), at(7)]);
	});

	it('a verified address that discovery names too is a seed', () => {
		const book = new AddressBook(2);
		book.addVerified(at(1));
		book.addVerified(at(2));
		book.addSeed(at(1));
		book.addVerified(at(3));
		expect(book.addresses).toEqual([at(1), at(3)]);
	});

	it('never holds more than it may', () => {
		const book = new AddressBook(5);
		for (let n = 0; n < 100; n++) {
			if (n % 2) book.addSeed(at(n));
			else book.addVerified(at(n));
		}
		expect(book.size).toBe(5);
	});

	it('forgets an address that turned out to be our own', () => {
		const book = new AddressBook(5);
		book.addSeed(at(1));
		book.remove(at(1));
		expect(book.size).toBe(0);
		expect(book.next(all)).toBeUndefined();
	});
});
