// Tests of the options: every mistake is named with its option and its value.

import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { MeshOptions } from './mesh.ts';
import { checkOptions } from './options.ts';
import { ownTags } from './tags.ts';

describe('options', () => {
	it('need none', () => {
		expect(checkOptions({})).toMatchObject({ name: hostname(), protocolPeriodMs: 200, vsn: [1, 5, 2, 0, 0, 0] });
	});

	it('reach the machine', () => {
		const config = checkOptions({
			name: 'a',
			suspicionTimeoutMs: 'auto',
			indirectProbes: 5,
			compat: 'serf',
			tags: { role: 'x' },
		});
		expect(config).toMatchObject({
			name: 'a',
			suspicionTimeoutMs: 'auto',
			indirectProbes: 5,
			vsn: [1, 5, 2, 2, 5, 5],
			tags: { role: 'x' },
		});
	});

	it('may be undefined, which is absent', () => {
		const absent = { name: undefined, port: undefined, protocolPeriodMs: undefined } as unknown as MeshOptions;
		expect(checkOptions(absent)).toMatchObject({ name: hostname(), protocolPeriodMs: 200 });
	});

	it.each<[unknown, 'TypeError' | 'RangeError', string]>([
		[{ seed: [] }, 'TypeError', 'seed: no such option; did you mean seeds?'],
		[{ bind: '0.0.0.0' }, 'TypeError', 'bind: no such option; did you mean bindHost?'],
		[{ bindPort: 7946 }, 'TypeError', 'bindPort: no such option; did you mean port?'],
		[{ gosipInterval: 200 }, 'TypeError', 'gosipInterval: no such option; did you mean gossipIntervalMs?'],
		[{ na: 'a' }, 'TypeError', 'na: no such option'],
		[{ protocolPeriod: 200 }, 'TypeError', 'protocolPeriod: no such option; did you mean protocolPeriodMs?'],
		[{ vsn: [] }, 'TypeError', 'vsn: no such option'],
		[{ completelyDifferent: 1 }, 'TypeError', 'completelyDifferent: no such option'],
		[null, 'TypeError', 'options: null is not an object'],
		[{ name: 7 }, 'TypeError', 'name: 7 is not a string'],
		[{ name: '' }, 'RangeError', 'name: ""'],
		[{ bindHost: 'localhost' }, 'TypeError', 'bindHost: "localhost" is not an IP literal'],
		[{ port: -1 }, 'RangeError', 'port: -1 is not a whole number from 0 to 65535'],
		[{ port: 65_536 }, 'RangeError', 'port: 65536'],
		[{ port: '7946' }, 'TypeError', 'port: "7946" is not a number'],
		[{ advertise: 'example.org' }, 'TypeError', 'advertise: "example.org" is not an IP literal'],
		[{ advertise: '0.0.0.0' }, 'RangeError', 'advertise: peer "0.0.0.0": a wildcard'],
		[{ seeds: 'a:1' }, 'TypeError', 'seeds: "a:1" is not an array'],
		[{ seeds: ['fine', 'bad:port'] }, 'RangeError', 'seeds: peer "bad:port"'],
		[{ seeds: [7] }, 'TypeError', "seeds: 7 is not a string, for example '10.0.0.2:7946'"],
		[{ discovery: 'dns' }, 'TypeError', 'discovery: "dns" is not an array of providers'],
		[{ discovery: [1] }, 'TypeError', 'discovery: 1 is not a provider with name, health and watch, for example'],
		[{ discovery: [{ name: 'mine' }] }, 'TypeError', 'discovery: [object Object] is not a provider'],
		[{ weight: 0.5 }, 'RangeError', 'weight: 0.5 is not a whole number from 0 to 1000'],
		[{ keys: [new Uint8Array(17)] }, 'TypeError', 'keys: must be an array of Uint8Arrays'],
		[{ keys: 'secret' }, 'TypeError', 'keys: must be an array of Uint8Arrays'],
		[{ grpcAddress: 'nowhere' }, 'RangeError', 'grpcAddress: "nowhere"'],
		[{ metaAddress: '0.0.0.0:0' }, 'RangeError', 'metaAddress: "0.0.0.0:0"'],
		[{ compat: 'consul' }, 'TypeError', 'compat: "consul"'],
		[{ compat: 'serf', delegate: {} }, 'TypeError', 'delegate: compat'],
		[{ streams: 'yes' }, 'TypeError', 'streams: "yes" is not a boolean'],
		[{ signal: {} }, 'TypeError', 'signal:'],
		[{ tags: null }, 'TypeError', 'tags: null is not an object'],
		[{ tags: { w: '3' } }, 'TypeError', 'tags: w is a tag that the mesh sets itself'],
		[{ tags: { lb: '1' } }, 'TypeError', 'tags: lb'],
		[{ tags: { grpc: 'a' } }, 'TypeError', 'tags: grpc'],
		[{ tags: { meta: 'a' } }, 'TypeError', 'tags: meta'],
		[{ tags: { replicas: 3 } }, 'TypeError', 'tags: replicas is 3, not a string'],
		[{ ackTimeoutMs: 300 }, 'RangeError', 'ackTimeoutMs: 300'],
		[{ protocolPeriodMs: 1 }, 'RangeError', 'protocolPeriodMs: 1'],
	])('%j is a %s', (options, kind, text) => {
		const check = () => checkOptions(options as MeshOptions);
		expect(check).toThrow(kind === 'TypeError' ? TypeError : RangeError);
		expect(check).toThrow(text);
	});

	it('never shows a key', () => {
		expect(() => checkOptions({ keys: [new Uint8Array(3).fill(171)] })).not.toThrow(/171|ab/);
	});
});

describe('own tags (X14)', () => {
	it.each<[string, string, string]>([
		['0.0.0.0:3001', '10.0.0.5', '10.0.0.5:3001'],
		['[::]:3001', '10.0.0.5', '10.0.0.5:3001'],
		[':3001', '10.0.0.5', '10.0.0.5:3001'],
		['127.0.0.1:3001', '10.0.0.5', '10.0.0.5:3001'],
		['localhost:3001', '10.0.0.5', '10.0.0.5:3001'],
		['[::1]:3001', 'fd00::5', '[fd00::5]:3001'],
		// All of the mesh is on this host, so loopback is where the service is.
		['127.0.0.1:3001', '127.0.0.1', '127.0.0.1:3001'],
		['localhost:3001', '::1', 'localhost:3001'],
		['0.0.0.0:3001', '127.0.0.1', '127.0.0.1:3001'],
		['10.9.9.9:3001', '10.0.0.5', '10.9.9.9:3001'],
		['api.example.org:443', '10.0.0.5', 'api.example.org:443'],
		['[fd00::7]:443', '10.0.0.5', '[fd00::7]:443'],
	])('a service at %s of a node at %s is advertised at %s', (service, host, advertised) => {
		expect(ownTags({ grpcAddress: service }, host)).toEqual({ grpc: advertised });
		expect(ownTags({ metaAddress: service }, host)).toEqual({ meta: advertised });
	});

	it('carry the weight only when it is not 1', () => {
		expect(ownTags({}, '10.0.0.5')).toEqual({});
		expect(ownTags({ weight: 1 }, '10.0.0.5')).toEqual({});
		expect(ownTags({ weight: 0 }, '10.0.0.5')).toEqual({ w: '0' });
		expect(ownTags({ weight: 12 }, '10.0.0.5')).toEqual({ w: '12' });
	});
});
