// The environment of the seed, flags and files, and every sentence that a bad value earns.

import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { explainConfig } from './explain.ts';
import { type ConfigSources, loadConfig } from './load.ts';
import { OPTION_NAMES, OPTIONS } from './options.ts';

const load = (sources: Partial<ConfigSources>) => loadConfig({ env: {}, hostName: 'host-1', ...sources });

function problems(sources: Partial<ConfigSources>): readonly string[] {
	try {
		load(sources);
	} catch (error) {
		if (error instanceof ConfigError) return error.problems;
		throw error;
	}
	return [];
}

describe('seed 11: the environment of the seed', () => {
	it.each([
		['LONGBOW_GOSSIP_ENABLED', 'false', 'enabled', false],
		['LONGBOW_GOSSIP_ENABLED', 'true', 'enabled', true],
		['LONGBOW_GOSSIP_PORT', '7950', 'port', 7950],
		['LONGBOW_GOSSIP_PROTOCOL_PERIOD', '500ms', 'protocolPeriod', 500],
		['LONGBOW_GOSSIP_ACK_TIMEOUT', '150ms', 'ackTimeout', 150],
		['LONGBOW_GOSSIP_SUSPICION_TIMEOUT', '1m30s', 'suspicionTimeout', 90_000],
		['LONGBOW_GOSSIP_SUSPICION_TIMEOUT', 'auto', 'suspicionTimeout', 'auto'],
	] as const)('seed 11: %s=%s', (name, text, key, value) => {
		const { config, origins, warnings } = load({ env: { [name]: text } });
		expect(config.gossip[key]).toBe(value);
		expect(origins[`gossip.${key}`]).toEqual({ source: 'environment', name });
		expect(warnings).toEqual([]);
	});

	it('seed 11: the defaults are those of the seed', () => {
		const { config } = load({});
		expect(config.gossip).toMatchObject({
			enabled: true,
			port: 7946,
			protocolPeriod: 200,
			ackTimeout: 100,
			suspicionTimeout: 5_000,
			discovery: { provider: ['static'], labelSelector: 'app.kubernetes.io/name=longbow' },
		});
		expect(config.nodeId).toBe('host-1');
	});

	it.each([
		['static', ['static']],
		['dns', ['dns']],
		['k8s', ['k8s']],
		['static,k8s', ['static', 'k8s']],
		[' K8S , static, k8s ', ['k8s', 'static']],
	])('seed 11: LONGBOW_GOSSIP_DISCOVERY_PROVIDER=%s', (text, providers) => {
		const env = { LONGBOW_GOSSIP_DISCOVERY_PROVIDER: text, LONGBOW_GOSSIP_DNS_RECORD: 'mesh.example' };
		expect(load({ env }).config.gossip.discovery.provider).toEqual(providers);
	});
});

describe('seed 14: dns', () => {
	it('seed 14: needs a record, and may name its servers', () => {
		const env = { LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'dns' };
		expect(problems({ env })).toEqual([
			'LONGBOW_GOSSIP_DNS_RECORD is not set: provider dns needs a record, for example _gossip._udp.longbow.example',
		]);
		const { discovery } = load({
			env: {
				...env,
				LONGBOW_GOSSIP_DNS_RECORD: '_gossip._udp.longbow.default.svc.cluster.local',
				LONGBOW_GOSSIP_DNS_SERVERS: '127.0.0.1:5353, [fd00::53], 10.0.0.53',
			},
		}).config.gossip;
		expect(discovery.dnsRecord).toBe('_gossip._udp.longbow.default.svc.cluster.local');
		expect(discovery.dnsServers).toEqual(['127.0.0.1:5353', '[fd00::53]', '10.0.0.53']);
	});
});

describe('the advertised address', () => {
	const address = (env: Record<string, string>) => {
		const { config, origins } = load({ env });
		return [config.gossip.advertiseAddr, origins['gossip.advertiseAddr']];
	};
	const from = (name: string) => ({ source: 'environment', name });
	const downward = { POD_IP: '10.42.0.11', NODE_IP: '192.168.7.2' };

	it('is the one that was set, else that of the pod, else that of its node', () => {
		expect(address({ ...downward, LONGBOW_GOSSIP_ADVERTISE_ADDR: '203.0.113.5:9999' })).toEqual([
			'203.0.113.5:9999',
			from('LONGBOW_GOSSIP_ADVERTISE_ADDR'),
		]);
		expect(address(downward)).toEqual(['10.42.0.11', from('POD_IP')]);
		expect(address({ ...downward, POD_IP: '' })).toEqual(['192.168.7.2', from('NODE_IP')]);
		expect(address({})).toEqual([undefined, { source: 'default' }]);
	});

	it('is the bound one where the port is bound to one address', () => {
		expect(address({ ...downward, LONGBOW_GOSSIP_BIND_ADDR: '127.0.0.1' })).toEqual([undefined, { source: 'default' }]);
		expect(address({ ...downward, LONGBOW_GOSSIP_BIND_ADDR: '::0' })).toEqual(['10.42.0.11', from('POD_IP')]);
	});

	it('is refused by the name of its variable', () => {
		expect(problems({ env: { POD_IP: 'pod-1' } })).toEqual([
			'POD_IP="pod-1": an IP address with or without a port, for example 10.0.0.5 or 10.0.0.5:7946',
		]);
	});
});

describe('seed 15: static peers', () => {
	it('seed 15: host:port,host:port', () => {
		const { config } = load({
			env: { LONGBOW_GOSSIP_STATIC_PEERS: 'longbow-0.longbow:7946, 10.0.0.2:7946,[fd00::1]:7946' },
		});
		expect(config.gossip.discovery.staticPeers).toEqual(['longbow-0.longbow:7946', '10.0.0.2:7946', '[fd00::1]:7946']);
	});
});

describe('bad values', () => {
	it.each([
		['LONGBOW_GOSSIP_ACK_TIMEOUT', '100', 'a duration with a unit, for example 100ms, 5s, 1m30s'],
		['LONGBOW_GOSSIP_ACK_TIMEOUT', '2h', 'a duration from 1ms to 30s'],
		['LONGBOW_GOSSIP_SUSPICION_TIMEOUT', '5', 'a duration with a unit, for example 100ms, 5s, 1m30s, or auto'],
		['LONGBOW_GOSSIP_SUSPICION_TIMEOUT', '2d', 'a duration from 10ms to 1d, or auto'],
		['LONGBOW_GOSSIP_PORT', '70000', 'a port from 0 (any free one) to 65535, for example 7946'],
		['LONGBOW_GOSSIP_PORT', '7946.5', 'a port from 0 (any free one) to 65535, for example 7946'],
		[
			'LONGBOW_GOSSIP_PORT',
			'udp://10.0.0.1:7946',
			'a port; Kubernetes set this for a Service of that name, so set enableServiceLinks: false',
		],
		['LONGBOW_GOSSIP_ENABLED', 'yes', 'true or false'],
		['LONGBOW_GOSSIP_INDIRECT_PROBES', '-1', 'a whole number from 0 to 16'],
		['LONGBOW_GOSSIP_PACKET_BYTES', '100', 'a whole number from 1100 to 65000'],
		['LONGBOW_GOSSIP_COMPAT', 'consul', 'one of none, serf'],
		['LONGBOW_GOSSIP_BIND_ADDR', 'eth0', 'an IP address, for example 0.0.0.0 or ::'],
		[
			'LONGBOW_GOSSIP_ADVERTISE_ADDR',
			'nat.example',
			'an IP address with or without a port, for example 10.0.0.5 or 10.0.0.5:7946',
		],
		['LONGBOW_META_ADDR', '0.0.0.0:0', 'host:port, for example 0.0.0.0:3001 or [::]:3001'],
		['LONGBOW_META_ADDR', '3001', 'host:port, for example 0.0.0.0:3001 or [::]:3001'],
		['LONGBOW_METRICS_ADDR', '10.0.0.300:9090', 'host:port, for example 0.0.0.0:3001 or [::]:3001'],
		[
			'LONGBOW_GOSSIP_STATIC_PEERS',
			'a:1,b:99999',
			'host:port,host:port, for example longbow-0.longbow:7946,10.0.0.2:7946',
		],
		['LONGBOW_GOSSIP_DISCOVERY_PROVIDER', 'consul', 'one or more of static, dns, k8s, separated by commas'],
		['LONGBOW_GOSSIP_DISCOVERY_PROVIDER', 'k8s,mdns', 'one or more of static, dns, k8s, separated by commas'],
		['LONGBOW_GOSSIP_DISCOVERY_PROVIDER', ',', 'one or more of static, dns, k8s, separated by commas'],
		[
			'LONGBOW_GOSSIP_ADVERTISE_ADDR',
			'0.0.0.0:7946',
			'an IP address with or without a port, for example 10.0.0.5 or 10.0.0.5:7946',
		],
		[
			'LONGBOW_GOSSIP_DNS_RECORD',
			'10.0.0.1',
			'a DNS name, for example _gossip._udp.longbow.example (SRV) or longbow.example (A, AAAA)',
		],
		[
			'LONGBOW_GOSSIP_DNS_SERVERS',
			'dns.example:53',
			'IP addresses with or without a port, separated by commas, for example 10.0.0.10,10.0.0.11:5353',
		],
	])('%s=%j', (name, text, allowed) => {
		expect(problems({ env: { [name]: text } })).toEqual([`${name}="${text}": ${allowed}`]);
	});

	it('are told all at once', () => {
		const found = problems({
			env: { LONGBOW_GOSSIP_ACK_TIMEOUT: '100', LONGBOW_GOSSIP_PORT: 'x' },
			flags: { metaAddr: 'nowhere' },
			file: { path: 'mesh.yaml', values: { gossip: { weight: 2_000 } } },
		});
		expect(found).toEqual([
			'--meta-addr "nowhere": host:port, for example 0.0.0.0:3001 or [::]:3001',
			'LONGBOW_GOSSIP_PORT="x": a port from 0 (any free one) to 65535, for example 7946',
			'LONGBOW_GOSSIP_ACK_TIMEOUT="100": a duration with a unit, for example 100ms, 5s, 1m30s',
			'mesh.yaml: gossip.weight="2000": a whole number from 0 to 1000',
		]);
	});

	it('of secrets are not shown', () => {
		const [line] = problems({ env: { LONGBOW_GOSSIP_KEYS: 'c2VjcmV0' } });
		expect(line).toMatch(/^LONGBOW_GOSSIP_KEYS: base64 keys of 16, 24 or 32 bytes/);
		expect(line).not.toContain('c2VjcmV0');
	});

	it('contradict each other', () => {
		expect(problems({ env: { LONGBOW_GOSSIP_ACK_TIMEOUT: '300ms' } })).toEqual([
			'LONGBOW_GOSSIP_ACK_TIMEOUT="300ms": shorter than the protocol period, which is 200ms (LONGBOW_GOSSIP_PROTOCOL_PERIOD)',
		]);
		expect(problems({ env: { LONGBOW_META_ADDR: '127.0.0.1:9090' } })).toEqual([
			'LONGBOW_METRICS_ADDR="0.0.0.0:9090": a port of its own; LONGBOW_META_ADDR has 9090 too',
		]);
		expect(problems({ env: { LONGBOW_GOSSIP_PORT: '3001', LONGBOW_GOSSIP_STREAMS: 'false' } })).toEqual([]);
		expect(problems({ env: { LONGBOW_GOSSIP_PORT: '3001' } })).toHaveLength(1);
	});
});

describe('warnings', () => {
	it('name the nearest variable', () => {
		const { warnings } = load({
			env: {
				LONGBOW_GOSSIP_SUSPECT_TIMEOUT: '5s',
				LONGBOW_GOSSIP_PROT: '7946',
				LONGBOW_GOSSIP_COLOUR_OF_THE_SKY: 'blue',
				LONGBOW_META_ADR: 'x',
				LONGBOW_STORAGE_PATH: '/data',
				LONGBOW_ADDR: 'localhost:3001',
				LONGBOW_GOSSIP_SERVICE_HOST: '10.96.0.7',
				LONGBOW_GOSSIP_PORT_7946_UDP_ADDR: '10.96.0.7',
			},
		});
		expect(warnings).toEqual([
			'LONGBOW_GOSSIP_COLOUR_OF_THE_SKY is not known',
			'LONGBOW_GOSSIP_PROT is not known; did you mean LONGBOW_GOSSIP_PORT?',
			'LONGBOW_GOSSIP_SUSPECT_TIMEOUT is not known; did you mean LONGBOW_GOSSIP_SUSPICION_TIMEOUT?',
			'LONGBOW_META_ADR is not known; did you mean LONGBOW_META_ADDR?',
		]);
	});

	it('speak of harmless contradictions', () => {
		const { warnings } = load({ env: { LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '500ms' } });
		expect(warnings).toEqual([
			'LONGBOW_GOSSIP_SUSPICION_TIMEOUT="500ms" is less than 5 protocol periods; members that are only slow will be declared dead',
		]);
		expect(load({ env: { LONGBOW_GOSSIP_COMPAT: 'serf', LONGBOW_GOSSIP_STREAMS: 'false' } }).warnings).toHaveLength(1);
	});
});

describe('sources', () => {
	const file = {
		path: 'mesh.yaml',
		values: { nodeId: 'from-file', gossip: { port: 1, ackTimeout: '50ms', weight: 3 } },
	};

	it('go before each other: flag, environment, file, default', () => {
		const { config, origins } = load({
			flags: { nodeId: 'from-flag' },
			env: { LONGBOW_NODE_ID: 'from-env', LONGBOW_GOSSIP_PORT: '2' },
			file,
		});
		expect([config.nodeId, config.gossip.port, config.gossip.ackTimeout, config.gossip.packetBytes]).toEqual([
			'from-flag',
			2,
			50,
			1_400,
		]);
		expect(origins.nodeId).toEqual({ source: 'flag', name: '--node-id' });
		expect(origins['gossip.port']).toEqual({ source: 'environment', name: 'LONGBOW_GOSSIP_PORT' });
		expect(origins['gossip.ackTimeout']).toEqual({ source: 'file', name: 'mesh.yaml' });
		expect(origins['gossip.packetBytes']).toEqual({ source: 'default' });
	});

	it('an empty text is no value, as Helm renders it', () => {
		const { config, origins } = load({ env: { LONGBOW_GOSSIP_NAMESPACE: '', LONGBOW_NODE_ID: ' ' } });
		expect(config.gossip.discovery.namespace).toBeUndefined();
		expect(config.nodeId).toBe('host-1');
		expect(origins['gossip.discovery.namespace'].source).toBe('default');
	});

	it('a file may write lists, maps and numbers', () => {
		const values = {
			gossip: {
				enabled: false,
				tags: { zone: 'eu-1a', rank: 1 },
				discovery: { staticPeers: ['a:1', 'b:2'], namespace: null },
			},
		};
		const { config, warnings } = load({ file: { path: 'x.json', values } });
		expect(config.gossip.enabled).toBe(false);
		expect(config.gossip.tags).toEqual({ zone: 'eu-1a', rank: '1' });
		expect(config.gossip.discovery.staticPeers).toEqual(['a:1', 'b:2']);
		expect(warnings).toEqual([]);
	});

	it('a file with a name that nobody knows is warned about', () => {
		const values = { gossip: { ackTimout: '1s', discovery: { staticPeer: 'a' } }, colour: 'blue' };
		expect(load({ file: { path: 'x.yaml', values } }).warnings).toEqual([
			'x.yaml: gossip.ackTimout is not known; did you mean gossip.ackTimeout?',
			'x.yaml: gossip.discovery.staticPeer is not known; did you mean gossip.discovery.staticPeers?',
			'x.yaml: colour is not known',
		]);
	});

	it('a file that is no mapping is refused', () => {
		expect(problems({ file: { path: 'x.yaml', values: ['a'] } })).toEqual([
			'--config "x.yaml": a mapping of names to values',
		]);
	});
});

describe('tags and keys', () => {
	it('reads tags', () => {
		expect(load({ env: { LONGBOW_GOSSIP_TAGS: 'role=store, url=http://x?a=b ,empty=' } }).config.gossip.tags).toEqual({
			role: 'store',
			url: 'http://x?a=b',
			empty: '',
		});
		for (const bad of ['role', '=x', 'a=1,a=2', 'grpc=1.2.3.4:5', 'w=2']) {
			expect(problems({ env: { LONGBOW_GOSSIP_TAGS: bad } }), bad).toHaveLength(1);
		}
	});

	it('reads keys of 16, 24 and 32 bytes', () => {
		const key = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64');
		const { config } = load({ env: { LONGBOW_GOSSIP_KEYS: `${key(16)},${key(24)},${key(32)}` } });
		expect(config.gossip.keys.map((bytes) => bytes.length)).toEqual([16, 24, 32]);
		for (const good of [key(32).replace('=', ''), Buffer.alloc(32, 255).toString('base64url')]) {
			expect(load({ env: { LONGBOW_GOSSIP_KEYS: good } }).config.gossip.keys).toHaveLength(1);
		}
		const changed = [`${key(24)}x`, key(32).slice(0, -2), key(32).replace('=', 'w=')];
		for (const bad of [key(15), key(33), 'not base64!', 'abcd', ...changed]) {
			expect(problems({ env: { LONGBOW_GOSSIP_KEYS: bad } }), bad).toHaveLength(1);
		}
	});
});

describe('keys and lists together', () => {
	const key = Buffer.alloc(16, 7).toString('base64');

	it('has the keys in one place', () => {
		const env = { LONGBOW_GOSSIP_KEYS: key, LONGBOW_GOSSIP_KEYS_FILE: '/etc/keys' };
		expect(problems({ env })).toEqual([
			'LONGBOW_GOSSIP_KEYS_FILE: the keys are in LONGBOW_GOSSIP_KEYS already; set one of them',
		]);
		expect(load({ env: { LONGBOW_GOSSIP_KEYS_FILE: '/etc/keys' } }).config.gossip.keysFile).toBe('/etc/keys');
	});

	it('warns of switches that mean nothing, and of those that shut this node out', () => {
		const off = { LONGBOW_GOSSIP_VERIFY_INCOMING: 'false', LONGBOW_GOSSIP_VERIFY_OUTGOING: 'false' };
		expect(load({ env: off }).warnings).toEqual([
			'LONGBOW_GOSSIP_VERIFY_INCOMING="false" means nothing without keys',
			'LONGBOW_GOSSIP_VERIFY_OUTGOING="false" means nothing without keys',
		]);
		const keyed = { LONGBOW_GOSSIP_KEYS: key };
		expect(load({ env: { ...keyed, ...off } }).warnings).toEqual([]);
		const { warnings } = load({ env: { ...keyed, LONGBOW_GOSSIP_VERIFY_OUTGOING: 'false' } });
		expect(warnings).toEqual([expect.stringContaining('sends what others with the same settings refuse')]);
	});

	it('reads allow lists, and refuses those that keep this node out', () => {
		const env = { LONGBOW_GOSSIP_ALLOW_CIDRS: '10.0.0.0/8, fd00::/8', LONGBOW_GOSSIP_ALLOW_NAMES: 'longbow-*,db' };
		const { gossip } = load({ env: { ...env, LONGBOW_NODE_ID: 'longbow-1' } }).config;
		expect(gossip.allowCidrs).toEqual(['10.0.0.0/8', 'fd00::/8']);
		expect(gossip.allowNames).toEqual(['longbow-*', 'db']);
		for (const bad of ['10.0.0.0/33', 'example.org', '10.0.0.0/8;fd00::/8']) {
			expect(problems({ env: { LONGBOW_GOSSIP_ALLOW_CIDRS: bad } }), bad).toHaveLength(1);
		}
		const outside = { ...env, LONGBOW_NODE_ID: 'web', LONGBOW_GOSSIP_ADVERTISE_ADDR: '192.0.2.1:7946' };
		expect(problems({ env: outside })).toEqual([
			'LONGBOW_GOSSIP_ALLOW_NAMES="longbow-*,db": a pattern for LONGBOW_NODE_ID too, which is "web"',
			'LONGBOW_GOSSIP_ALLOW_CIDRS="10.0.0.0/8,fd00::/8": a network with LONGBOW_GOSSIP_ADVERTISE_ADDR too, which is 192.0.2.1',
		]);
	});
});

describe('the table', () => {
	it('derives no name twice', () => {
		const envs = OPTION_NAMES.map((name) => OPTIONS[name].env);
		const flags = OPTION_NAMES.map((name) => OPTIONS[name].flag).filter((flag) => flag !== undefined);
		expect(new Set(envs).size).toBe(envs.length);
		expect(new Set(flags).size).toBe(flags.length);
	});

	it('has no flag for a secret and a sentence for everything', () => {
		for (const name of OPTION_NAMES) {
			const option = OPTIONS[name];
			if (option.secret) expect(option.flag, name).toBeUndefined();
			expect(option.about, name).toMatch(/^[A-Za-z].*\.$/);
		}
	});

	it('explains the values in force without telling secrets', () => {
		const secret = Buffer.alloc(16, 9).toString('base64');
		const loaded = load({
			env: { LONGBOW_GOSSIP_KEYS: secret, LONGBOW_GOSSIP_TAGS: 'a=b' },
			flags: { 'gossip.port': '0' },
		});
		const rows = explainConfig(loaded);
		const row = (name: string) => rows.find((r) => r.name === name);
		expect(row('gossip.keys')?.value).toBe('(1 key)');
		expect(JSON.stringify(rows)).not.toContain(secret);
		expect(row('gossip.port')).toEqual({
			name: 'gossip.port',
			env: 'LONGBOW_GOSSIP_PORT',
			value: '0',
			origin: { source: 'flag', name: '--gossip-port' },
		});
		expect(row('gossip.suspicionTimeout')?.value).toBe('5s');
		expect(row('gossip.tags')?.value).toBe('a=b');
		expect(row('metaAddr')?.value).toBe('0.0.0.0:3001');
	});
});
