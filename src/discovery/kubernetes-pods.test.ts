// Tests of the pod table: which pods are peers, at which address, and what a list and single events make of the table.

import { describe, expect, it } from 'vitest';
import { formatAddress } from '../swim/index.ts';
import { type Pod, PodTable, peerAddress } from './kubernetes-pods.ts';

const RULE = { portName: 'gossip', defaultPort: 7946 };

function pod(uid: string, podIP: string, over: Partial<Pod> = {}): Pod {
	return { metadata: { uid }, spec: { containers: [{}] }, status: { phase: 'Running', podIP }, ...over };
}

function text(each: Pod): string | undefined {
	const address = peerAddress(each, RULE);
	return address && formatAddress(address);
}

describe('the address of a pod', () => {
	it('is its primary IP, in the shortest form', () => {
		expect(text(pod('a', '10.0.0.1'))).toBe('10.0.0.1:7946');
		expect(text(pod('a', 'FD00:0000::0012'))).toBe('[fd00::12]:7946');
	});

	it.each(['Pending', 'Succeeded', 'Failed', 'Unknown', undefined])('is none in the phase %s', (phase) => {
		expect(text(pod('a', '10.0.0.1', { status: { podIP: '10.0.0.1', ...(phase !== undefined && { phase }) } }))).toBe(
			undefined,
		);
	});

	it('is none without an IP, and none while the pod terminates', () => {
		expect(text(pod('a', ''))).toBeUndefined();
		expect(text({ status: { phase: 'Running' } })).toBeUndefined();
		expect(text(pod('a', 'not-an-ip'))).toBeUndefined();
		expect(text(pod('a', '10.0.0.1', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }))).toBeUndefined();
		expect(text(pod('a', '10.0.0.1', { metadata: { deletionTimestamp: null } }))).toBe('10.0.0.1:7946');
	});

	it('has the port of that name, in whichever container it stands', () => {
		const other = { ports: [{ name: 'http', containerPort: 80 }, { containerPort: 81 }] };
		const named = { ports: [{ name: 'gossip', containerPort: 9000 }] };
		expect(text(pod('a', '10.0.0.1', { spec: { containers: [other, named] } }))).toBe('10.0.0.1:9000');
		expect(text(pod('a', '10.0.0.1', { spec: { containers: [other] } }))).toBe('10.0.0.1:7946');
		expect(text(pod('a', '10.0.0.1', { spec: {} }))).toBe('10.0.0.1:7946');
	});
});

describe('the table', () => {
	const addresses = (table: PodTable): string => table.addresses.map(formatAddress).join(' ');

	it('does not depend on the order of events, and tells an address once', () => {
		const table = new PodTable(RULE);
		table.replace([pod('b', '10.0.0.2'), pod('a', '10.0.0.1'), pod('host-network-too', '10.0.0.1')]);
		expect(addresses(table)).toBe('10.0.0.1:7946 10.0.0.2:7946');
		expect(table.size).toBe(3);
	});

	it('keeps a pod that came again under its name apart from the one that goes', () => {
		const table = new PodTable(RULE);
		table.replace([pod('first', '10.0.0.1')]);
		table.put(pod('second', '10.0.0.1'));
		table.delete(pod('first', '10.0.0.1'));
		expect(addresses(table)).toBe('10.0.0.1:7946');
	});

	it('forgets with a list what the list does not have', () => {
		const table = new PodTable(RULE);
		table.put(pod('a', '10.0.0.1'));
		table.replace([pod('b', '10.0.0.2')]);
		expect(addresses(table)).toBe('10.0.0.2:7946');
	});
});
