// What the log hears of discovery: news, once.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DiscoveryHealth } from '../discovery/index.ts';
import { followDiscovery } from './discovery-log.ts';
import type { LogRecord } from './log-record.ts';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

describe('followDiscovery', () => {
	it('tells each change once, failures as warnings, all as component discovery', () => {
		const health = (change: Partial<DiscoveryHealth>): DiscoveryHealth => ({
			provider: 'static',
			addresses: [],
			answeredAtMs: undefined,
			errors: 0,
			problem: undefined,
			...change,
		});
		const records: LogRecord[] = [];
		const mesh = { address: { host: '10.0.0.9', port: 7946 }, discovery: [health({})] };
		const stop = followDiscovery(mesh, '0.0.0.0', { write: (record) => records.push(record) });
		const look = (change: Partial<DiscoveryHealth>): void => {
			mesh.discovery = [health(change)];
			vi.advanceTimersByTime(3_000);
		};
		look({});
		expect(records).toEqual([]);
		look({ problem: { code: 'unresolved', text: 'ENOTFOUND a' }, errors: 1 });
		look({ problem: { code: 'unresolved', text: 'ENOTFOUND a' }, errors: 9 });
		look({ answeredAtMs: 1, addresses: [{ host: '10.0.0.1', port: 7946 }] });
		stop();
		look({ problem: { code: 'unresolved', text: 'unheard' } });
		expect(records.map(({ level, component, reason }) => [level, component, reason])).toEqual([
			['warn', 'discovery', 'static: ENOTFOUND a; last good answer: 0 addresses'],
			['info', 'discovery', 'static: 1 address'],
		]);
	});

	it('tells that peers elsewhere cannot reach what is advertised', () => {
		const records: LogRecord[] = [];
		const remote = { host: '10.255.255.1', port: 7946 };
		const health = { provider: 'dns', answeredAtMs: 1, errors: 0, problem: undefined };
		const mesh = {
			address: { host: '127.0.0.1', port: 7946 },
			discovery: [{ ...health, addresses: [{ host: '127.0.0.1', port: 7947 }] }],
		};
		const stop = followDiscovery(mesh, '0.0.0.0', { write: (record) => records.push(record) });
		vi.advanceTimersByTime(1_000);
		mesh.discovery = [{ ...health, addresses: [remote] }];
		vi.advanceTimersByTime(5_000);
		stop();
		expect(records.map(({ level, reason }) => [level, reason])).toEqual([
			['info', 'dns: 1 address'],
			[
				'error',
				'dns: 1 address; 10.255.255.1:7946 is on another host and cannot reach this node, which advertises 127.0.0.1:7946; set LONGBOW_GOSSIP_ADVERTISE_ADDR',
			],
		]);
	});

	it('tells that no address is of a family that this node can send to', () => {
		const records: LogRecord[] = [];
		const health = { provider: 'dns', answeredAtMs: 1, errors: 0, problem: undefined };
		const mesh = {
			address: { host: '10.0.0.9', port: 7946 },
			discovery: [{ ...health, addresses: [{ host: 'fd00::1', port: 7946 }] }],
		};
		const stop = followDiscovery(mesh, '0.0.0.0', { write: (record) => records.push(record) });
		vi.advanceTimersByTime(1_000);
		mesh.discovery = [{ ...health, addresses: ['10.0.0.1', 'fd00::1'].map((host) => ({ host, port: 7946 })) }];
		vi.advanceTimersByTime(1_000);
		stop();
		expect(records.map(({ level, reason }) => [level, reason])).toEqual([
			[
				'error',
				'dns: 1 address; gossip is bound to 0.0.0.0, from where [fd00::1]:7946 cannot be reached; set LONGBOW_GOSSIP_BIND_ADDR=::',
			],
			['info', 'dns: 2 addresses'],
		]);
	});
});
