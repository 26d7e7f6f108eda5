// Which hosts are wildcards, which are loopback, and which address is told to others.

import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { defaultAdvertiseHost, isLoopback, isWildcard, unmapHost } from './interfaces.ts';

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

describe('defaultAdvertiseHost', () => {
	it('takes the first external IPv4 address, also after an IPv6 one', () => {
		const eth0 = [address('fd00::5'), address('10.1.2.3'), address('10.1.2.4')];
		expect(defaultAdvertiseHost({ lo: loopback, eth0 })).toBe('10.1.2.3');
	});
	it('takes an IPv6 address when there is no IPv4 one', () => {
		expect(defaultAdvertiseHost({ lo: loopback, eth0: [address('fe80::1'), address('fd00::5')] })).toBe('fd00::5');
	});
	it('never takes a link-local address', () => {
		const eth0 = [address('169.254.3.4'), address('fe80::1'), address('febf::1')];
		expect(defaultAdvertiseHost({ lo: loopback, eth0, down: undefined })).toBeUndefined();
	});
	it('has no answer on a host with loopback alone', () => {
		expect(defaultAdvertiseHost({ lo: loopback })).toBeUndefined();
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
