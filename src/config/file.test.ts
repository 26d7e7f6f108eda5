// The configuration file as it lies on a disk.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfigFile } from './file.ts';
import { loadConfig } from './load.ts';

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'longbow-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function loadText(name: string, text: string) {
	const path = join(folder, name);
	await writeFile(path, text);
	return loadConfig({ env: {}, hostName: 'h', file: await readConfigFile(path) });
}

describe('readConfigFile', () => {
	it("reads the seed's Helm values as they stand, but for the provider", async () => {
		const { config, warnings } = await loadText(
			'values.yaml',
			`gossip:
  enabled: true
  port: 7946                    # UDP port for gossip
  protocolPeriod: "200ms"
  ackTimeout: "100ms"
  suspicionTimeout: "5s"
  discovery:
    provider: "static"
    namespace: ""
    labelSelector: "app.kubernetes.io/name=longbow"
    staticPeers: "host1:7946,host2:7946"
    dnsRecord: "_gossip._udp.longbow.default.svc.cluster.local"
`,
		);
		expect(warnings).toEqual([]);
		expect(config.gossip.discovery.staticPeers).toEqual(['host1:7946', 'host2:7946']);
		expect(config.gossip.discovery.dnsRecord).toBe('_gossip._udp.longbow.default.svc.cluster.local');
	});

	it('reads JSON', async () => {
		expect((await loadText('mesh.json', '{"gossip":{"port":7000}}')).config.gossip.port).toBe(7_000);
	});

	it('reads an empty file as no values', async () => {
		expect((await loadText('empty.yaml', '# nothing yet\n')).config.gossip.port).toBe(7_946);
	});

	it('says which file cannot be read, and why', async () => {
		await expect(readConfigFile(join(folder, 'absent.yaml'))).rejects.toThrow(
			/^--config ".*absent.yaml": a readable YAML or JSON file \(ENOENT/,
		);
		await expect(loadText('broken.yaml', 'a: [1,')).rejects.toThrow(/broken.yaml": a readable YAML or JSON file \(/);
	});

	it('refuses a value that contains itself', async () => {
		await expect(loadText('loop.yaml', 'gossip: {ackTimeout: &a [*a]}')).rejects.toThrow(
			/loop.yaml: gossip.ackTimeout: a list or a mapping of plain values/,
		);
	});
});
