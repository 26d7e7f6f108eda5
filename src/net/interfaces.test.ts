// Which hosts are wildcards, which are loopback, and which address is told to others.

import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
	canReach,
	defaultAdvertiseHost,
	firstExternalHost,
	isLoopback,
	isOwnHost,
	isWildcard,
	unmapHost,
} from './interfaces.ts';

function address(host: string, internal = false): NetworkInterfaceInfo {
	const common = { address: host, netmask: '', mac: '', cidr: null, internal };
	return host.includes(':') ? { ...common, family: 'IPv6', scopeid: 0 } : { ...common, family: 'IPv4' };
}

const loopback = [address('127.0.0.1', true), address('::1', true)];

describe('isWildcard', () => {
	it.each(['0.0.0.0', '::', '::0', '0:0:0:0:0:0:0:0', '::ffff:0.0.0.0', ''])('%j is one', (host) => {
		expect(isWildcard(host)).toBe(true);
	});
	it.each(['0.0.0.1', '::1', '10.0.0.0', 'localhost', '*'])('%j is none', (host) => {
		expect(isWildcard(host)).toBe(false);
	});
});

describe('isLoopback', () => {
	it.each(['127.0.0.1', '127.8.9.10', '::1', '0:0::1', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST'])(
		'%j is',
		(host) => {
			expect(isLoopback(host)).toBe(true);
		},
	);
	it.each(['128.0.0.1', '0.0.0.0', '::', '::2', '10.127.0.1', '127.example.org', ''])('%j is not', (host) => {
		expect(isLoopback(host)).toBe(false);
	});
});

describe('firstExternalHost', () => {
	const eth0 = [
		address('fe80::1'),
		address('169.254.3.4'),
		address('fd00::5'),
		address('10.1.2.3'),
		address('10.1.2.4'),
	];
	it('is the first of its family that is neither loopback nor link-local', () => {
		expect(firstExternalHost('IPv4', { lo: loopback, eth0 })).toBe('10.1.2.3');
		expect(firstExternalHost('IPv6', { lo: loopback, eth0 })).toBe('fd00::5');
	});
	it('is nothing on a host without one', () => {
		const eth0 = [address('169.254.3.4'), address('fe80::1'), address('febf::1')];
		expect(firstExternalHost('IPv4', { lo: loopback, eth0, down: undefined })).toBeUndefined();
		expect(firstExternalHost('IPv6', { lo: loopback, eth0, down: undefined })).toBeUndefined();
	});
});

describe('defaultAdvertiseHost', () => {
	it.each(['0.0.0.0', '::'])('bound to %s: an external address of this host, or nothing', async (bindHost) => {
		const host = await defaultAdvertiseHost(bindHost);
		if (host === undefined) expect(firstExternalHost('IPv4')).toBeUndefined();
		else expect([isOwnHost(host), isLoopback(host), isWildcard(host)]).toEqual([true, false, false]);
		if (bindHost === '0.0.0.0') expect(host ?? '').not.toContain(':');
	});
});

describe('isOwnHost', () => {
	const eth0 = [address('10.1.2.3'), address('fd00::5')];
	it.each(['127.0.0.1', 'localhost', '10.1.2.3', '::ffff:10.1.2.3', 'FD00:0::5'])('%s is', (host) => {
		expect(isOwnHost(host, { lo: loopback, eth0 })).toBe(true);
	});
	it.each(['10.1.2.4', 'fd00::6', 'longbow-0.longbow'])('%s is not', (host) => {
		expect(isOwnHost(host, { lo: loopback, eth0, down: undefined })).toBe(false);
	});
});

describe('canReach', () => {
	it.each([
		['0.0.0.0', '10.0.0.1', true],
		['0.0.0.0', '::ffff:10.0.0.1', true],
		['0.0.0.0', 'fd00::1', false],
		['10.0.0.1', 'fd00::1', false],
		['::', '10.0.0.1', true],
		['0::0', 'fd00::1', true],
		['fd00::5', '10.0.0.1', false],
		['fd00::5', 'fd00::1', true],
		['memory', 'fd00::1', true],
	])('from %s to %s: %s', (bound, host, expected) => {
		expect(canReach(bound, host)).toBe(expected);
	});
});

describe('unmapHost', () => {
	it.each([
		['::ffff:10.0.0.1', '10.0.0.1'],
		['::ffff:abcd', '::ffff:abcd'],
		['10.0.0.1', '10.0.0.1'],
		['fd00::1', 'fd00::1'],
	])('%s is %s', (host, expected) => {
		expect(unmapHost(host)).toBe(expected);
	});
});
