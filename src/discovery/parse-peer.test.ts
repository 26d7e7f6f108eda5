// Tests of the syntax of a peer.

import { describe, expect, it } from 'vitest';
import { parsePeer } from './parse-peer.ts';

describe('seed 15: the syntax of static peers', () => {
	it.each<[string, string, number, boolean]>([
		['longbow-0.longbow:7946', 'longbow-0.longbow', 7946, false],
		['longbow-0.longbow', 'longbow-0.longbow', 7000, false],
		['localhost:1', 'localhost', 1, false],
		['a.example.', 'a.example.', 7000, false],
		['_gossip.example:65535', '_gossip.example', 65_535, false],
		['  spaced:7946 ', 'spaced', 7946, false],
		['10.0.0.1:7946', '10.0.0.1', 7946, true],
		['10.0.0.1', '10.0.0.1', 7000, true],
		['[fd00::1]:7946', 'fd00::1', 7946, true],
		['[fd00::1]', 'fd00::1', 7000, true],
		['fd00::1', 'fd00::1', 7000, true],
		// No port: without brackets the last group belongs to the address.
		['fd00::1:7946', 'fd00::1:7946', 7000, true],
		['FD00:0:0:0:0:0:0:1', 'fd00::1', 7000, true],
		['[::ffff:10.0.0.1]:7946', '10.0.0.1', 7946, true],
		['::1', '::1', 7000, true],
		['[fe80::1%eth0]:7946', 'fe80::1%eth0', 7946, true],
	])('reads %j', (text, host, port, literal) => {
		expect(parsePeer(text, 7000)).toEqual({ host, port, literal });
	});

	it.each<[string, RegExp]>([
		['', /host is missing/],
		['   ', /host is missing/],
		[':7946', /host is missing/],
		['host:', /port/],
		['host:0', /port/],
		['host:65536', /port/],
		['host:-1', /port/],
		['host:79x', /port/],
		['host:1e3', /port/],
		['host:7946:7946', /IPv6/],
		['fd00::1::2', /IPv6/],
		['[fd00::1', /brackets/],
		['[fd00::1]7946', /brackets/],
		['[fd00::1]:', /port/],
		['[10.0.0.1]:7946', /brackets/],
		['[]:7946', /brackets/],
		['[fd00::zz]', /IPv6/],
		['10.0.0.256', /IPv4/],
		['10.0.0:7946', /IPv4/],
		['1234:7946', /IPv4/],
		['0.0.0.0:7946', /wildcard/],
		['[::]:7946', /wildcard/],
		['http://host', /host:port, without http:\/\/$/],
		['http://host:7946', /host:port, without http:\/\/$/],
		['host/path', /host name/],
		['-host', /host name/],
		['two words', /host name/],
		['a..b', /host name/],
		[`${'x'.repeat(64)}.example`, /host name/],
	])('refuses %j and names it', (text, reason) => {
		expect(() => parsePeer(text, 7000)).toThrow(RangeError);
		expect(() => parsePeer(text, 7000)).toThrow(reason);
		expect(() => parsePeer(text, 7000)).toThrow(`peer ${JSON.stringify(text)}`);
	});
});
