// Discovery by DNS against a real BIND 9: a mesh out of SRV records alone, live changes, and a server that is gone.

import { afterEach, expect, it } from 'vitest';
import { createDnsDiscovery, type Discovery } from '../../src/discovery/index.ts';
import { callAction } from '../../src/flight/index.ts';
import type { DiscoveryObject, MemberObject } from '../../src/status/index.ts';
import { formatAddress, State } from '../../src/swim/index.ts';
import { type AgentProcess, startAgentProcess } from '../support/agent-process.ts';
import { eventually } from '../support/cli.ts';
import { until } from '../support/until.ts';
import { Bind, ZONE } from './support/bind.ts';
import { freePort } from './support/ports.ts';
import { describeWith } from './support/programs.ts';
import { staysFor } from './support/quiet.ts';

const SERVICE = `_gossip._udp.${ZONE}`;
const OUTAGE_MS = 30_000;
const agents: AgentProcess[] = [];

afterEach(async () => {
	await Promise.all(agents.splice(0).map((agent) => agent.end()));
});

/** An agent whose SRV record may be added, with its port. */
async function start(name: string, env: NodeJS.ProcessEnv): Promise<{ agent: AgentProcess; records: string[] }> {
	const port = await freePort();
	const agent = await startAgentProcess(name, { env: { LONGBOW_GOSSIP_PORT: String(port), ...env } });
	agents.push(agent);
	const host = `${name}.${ZONE}.`;
	return { agent, records: [`${host} 1 A 127.0.0.1`, `${SERVICE}. 1 SRV 0 0 ${port} ${host}`] };
}

function ask<T>({ status }: AgentProcess, action: string): Promise<T> {
	return callAction(status, action, undefined, { timeoutMs: 10_000 }) as Promise<T>;
}

async function view(agent: AgentProcess): Promise<string> {
	const members = await ask<MemberObject[]>(agent, 'MeshStatus');
	return members.map(({ ID, Status }) => (Status === State.alive ? ID : `${ID}=${Status}`)).join(' ');
}

/** Until all of them see all of them alive. */
async function whole(): Promise<void> {
	const names = agents
		.map(({ name }) => name)
		.sort()
		.join(' ');
	await eventually(
		`all see ${names}`,
		async () => {
			const views = await Promise.all(agents.map(view));
			return views.every((text) => text === names) || undefined;
		},
		60_000,
	);
}

describeWith('named', 'seed 14: dns', () => {
	it('seed 14: a mesh by SRV records alone follows them as they change, and needs no server to live', async () => {
		const bind = await Bind.start();
		const dns = {
			LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'dns',
			LONGBOW_GOSSIP_DNS_RECORD: SERVICE,
			LONGBOW_GOSSIP_DNS_SERVERS: bind.address,
		};
		const five = await Promise.all(['n1', 'n2', 'n3', 'n4', 'n5'].map((name) => start(name, dns)));
		const first = five[0]?.agent as AgentProcess;
		const discovery = (): Promise<DiscoveryObject> => ask(first, 'DiscoveryStatus');
		// Nobody has a record yet, so nobody is found: an answer like any other.
		expect(await discovery()).toMatchObject({ provider: 'dns', peers: [], providers: [{ provider: 'dns' }] });
		await bind.add(...five.flatMap(({ records }) => records));
		await whole();
		await eventually('dns is well', async () => (await discovery()).providers[0]?.problem === null || undefined);
		expect((await discovery()).peers).toHaveLength(5);

		// A sixth one that looks for nobody: it is the others that read of it, 1.2 s later at most, and join it in turn.
		const sixth = await start('n6', {});
		await bind.add(...sixth.records);
		const added = performance.now();
		await whole();
		expect(performance.now() - added).toBeLessThan(30_000);

		await bind.stop();
		await staysFor(OUTAGE_MS, async () => {
			expect(await view(first)).not.toMatch(/=[23]/);
		});
		await whole();
		const { peers, providers } = await discovery();
		expect(peers).toHaveLength(6);
		expect(providers[0]?.problem).toMatchObject({ code: 'unreachable', text: expect.stringContaining('ECONNREFUSED') });

		await bind.resume();
		const seventh = await start('n7', {});
		await bind.add(...seventh.records);
		await whole();
		// The pause grows to 36 s while nobody answers.
		const isWell = async (): Promise<true | undefined> =>
			(await discovery()).providers[0]?.problem === null || undefined;
		await eventually('dns is well again', isWell, 60_000);
	}, 240_000);

	it('seed 14: what BIND says is read as it is meant', async () => {
		const bind = await Bind.start();
		await bind.add(
			`${SERVICE}. 1 SRV 10 5 7001 both.${ZONE}.`,
			`${SERVICE}. 1 SRV 20 0 7002 alias.${ZONE}.`,
			`both.${ZONE}. 1 A 127.0.0.2`,
			`both.${ZONE}. 1 AAAA fd00::2`,
			`alias.${ZONE}. 1 CNAME real.${ZONE}.`,
			`real.${ZONE}. 1 A 127.0.0.3`,
			`text.${ZONE}. 1 TXT "no address"`,
		);
		const read = async (record: string): Promise<Discovery['health']> => {
			const discovery = createDnsDiscovery({ record, defaultPort: 7946, servers: [bind.address] });
			const stop = new AbortController();
			const reading = (async () => {
				for await (const _ of discovery.watch(stop.signal)) if (stop.signal.aborted) return;
			})();
			const { health } = discovery;
			await until(`${record} is answered`, () => {
				const { answeredAtMs, problem } = discovery.health;
				return answeredAtMs !== health.answeredAtMs || problem !== undefined;
			});
			stop.abort();
			await reading;
			return discovery.health;
		};
		const addresses = async (record: string): Promise<string> =>
			(await read(record)).addresses.map(formatAddress).join(' ');
		expect(await addresses(SERVICE)).toBe('127.0.0.2:7001 127.0.0.3:7002 [fd00::2]:7001');
		expect(await addresses(`both.${ZONE}`)).toBe('127.0.0.2:7946 [fd00::2]:7946');
		expect(await addresses(`alias.${ZONE}`)).toBe('127.0.0.3:7946');
		expect((await read(`nobody.${ZONE}`)).problem?.code).toBe('unresolved');
		expect((await read(`text.${ZONE}`)).problem?.code).toBe('no-record');
		// BIND refuses names that are not its own.
		expect((await read('mesh.example')).problem?.code).toBe('unreachable');
	});
});
