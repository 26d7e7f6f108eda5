// The doctor on hosts of their own: what firewalls, overlays and partitions do to packets, and what it says of that.

import { execFile } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { BINARY, eventually } from '../support/cli.ts';
import { type CheckReport, checkOf, reportOf, those } from '../support/doctor.ts';
import { Agent } from './support/agent.ts';
import { Cluster } from './support/cluster.ts';
import { describeInNamespaces } from './support/describe.ts';
import { type Host, run } from './support/namespaces.ts';

type Report = ReturnType<typeof reportOf>;

/** Runs the command on the host, with the agent that it finds there. */
function examine({ namespace }: Host, ...args: string[]): Promise<Report> {
	const command = ['netns', 'exec', namespace, process.execPath, BINARY, 'doctor', '--json', ...args];
	return new Promise((resolve, reject) => {
		execFile('ip', command, (error, out, err) => {
			const code = typeof error?.code === 'number' ? error.code : null;
			try {
				resolve(reportOf({ code: error ? code : 0, out, err }));
			} catch (failure) {
				reject(failure);
			}
		});
	});
}

/** The firewall of one host, in the rules of nftables; it replaces the one before. */
async function firewall(
	{ namespace }: Host,
	{ input = [], output = [] }: { readonly input?: readonly string[]; readonly output?: readonly string[] },
): Promise<void> {
	const chain = (hook: string, rules: readonly string[]): string =>
		[`chain ${hook} {`, `type filter hook ${hook} priority 0`, ...rules, '}'].join('\n');
	const tables = ['table inet doctor', 'delete table inet doctor', 'table inet doctor {'];
	const lines = [...tables, chain('input', input), chain('output', output), '}', ''];
	await run('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], lines.join('\n'));
}

describeInNamespaces('the doctor on four hosts', () => {
	let cluster: Cluster;
	let hosts: readonly [Host, Host, Host, Host, Host];

	beforeAll(async () => {
		cluster = await Cluster.start({ hosts: 5, agents: 4, env: { LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '1s' } });
		hosts = cluster.network.hosts as typeof hosts;
	});
	beforeEach(async () => {
		await Promise.all(cluster.network.hosts.map((host) => firewall(host, {})));
		await cluster.mend();
	});
	afterAll(() => cluster?.close());

	/** One check, as soon as it says something else than that all is well. */
	function complaint(host: Host, id: string, ...args: string[]): Promise<CheckReport> {
		return eventually(`${id} complains`, async () => {
			const check = checkOf(await examine(host, '--only', id, ...args), id);
			return check.result === 'fail' || check.result === 'warn' ? check : undefined;
		});
	}

	it('nothing is wrong', async () => {
		const report = await eventually('nothing is wrong', async () => {
			const found = await examine(hosts[0]);
			// A loaded machine may be slow, of which these two tell.
			const wrong = [...those(found, 'fail'), ...those(found, 'warn')].filter(
				(id) => id !== 'clock' && id !== 'timing',
			);
			return wrong.length === 0 ? found : undefined;
		});
		expect(checkOf(report, 'addr').text).toMatch(
			/^10\.77\.0\.1:7946, on eth0; (1 member knows|[23] members know) us there$/,
		);
		expect(checkOf(report, 'udp-out').text).toMatch(/^3 of 3 answer, p50 /);
	});

	it('seed 23: UDP passes one way only: we reach them, they do not reach us', async () => {
		await firewall(hosts[0], { input: ['udp dport 7946 drop'] });
		const report = await examine(hosts[0], '--only', 'udp-out,udp-in');
		expect(checkOf(report, 'udp-out').result).toBe('pass');
		const check = checkOf(report, 'udp-in');
		expect(check.result).toBe('fail');
		expect(check.text).toMatch(/^0 of 3 members reach us at 10\.77\.0\.1:7946; we reach 3 of 3$/);
		expect(check.why).toMatch(/^One way only\./);
		expect(check.try.join()).toContain('an ingress rule for UDP 7946');
	});

	it('seed 23: UDP is blocked and TCP is not', async () => {
		await firewall(hosts[1], { input: ['meta l4proto udp drop'], output: ['meta l4proto udp drop'] });
		const check = checkOf(await examine(hosts[1], '--only', 'udp-out'), 'udp-out');
		expect(check.result).toBe('fail');
		expect(check.text).toBe('0 of 3 members answer on UDP 7946; 3 of 3 answer on TCP');
		expect(check.try.join()).toContain('kubectl get networkpolicy -A');
	});

	it('the path to one member alone is cut one way: the others reach it', async () => {
		const [, b, c] = hosts;
		await cluster.switchboard.cut([b], [c]);
		const check = checkOf(await examine(b, '--only', 'udp-out', '--peer', 'a3'), 'udp-out');
		expect(check.text).toContain('0 of 1 member answer on UDP 7946');
		expect((await complaint(b, 'udp-out')).why).toMatch(/2 of 2 members that were asked reach it/);
	});

	it('TCP is blocked and UDP is not', async () => {
		await firewall(hosts[0], { input: ['tcp dport 7946 drop', 'tcp sport 7946 drop'] });
		const check = checkOf(await examine(hosts[0], '--only', 'tcp'), 'tcp');
		expect(check).toMatchObject({ result: 'warn', text: '0 of 3 answer on TCP 7946; UDP works' });
		expect(check.why).toContain('serf and memberlist members do');
	});

	it('packets beyond 1,300 bytes vanish', async () => {
		await firewall(hosts[0], { output: ['udp dport 7946 meta length > 1300 drop'] });
		const check = checkOf(await examine(hosts[0], '--only', 'mtu'), 'mtu');
		expect(check.result).toBe('fail');
		expect(check.text).toMatch(/^1200 bytes pass, 1400 do not \(to /);
		expect(check.try[0]).toBe('LONGBOW_GOSSIP_PACKET_BYTES=1200 on every member, now');
	});

	it('seed 25: a split of the mesh, while the status of the other side can still be asked', async () => {
		const [a, b, c, d] = hosts;
		const without = (...others: Host[]): { readonly input: readonly string[] } => {
			const sources = `ip saddr { ${others.map(({ address }) => address).join(', ')} } meta l4proto { tcp, udp }`;
			return { input: [`${sources} th dport 7946 drop`, `${sources} th sport 7946 drop`] };
		};
		await Promise.all([a, b].map((host) => firewall(host, without(c, d))));
		await Promise.all([c, d].map((host) => firewall(host, without(a, b))));
		await eventually(
			'both sides are apart',
			async () => `${cluster.agents[0]?.those('alive')}` === 'a2' || undefined,
			60_000,
		);
		await eventually(
			'on the other side too',
			async () => `${cluster.agents[3]?.those('alive')}` === 'a3' || undefined,
			60_000,
		);
		const check = await eventually('the doctor sees two sides', async () => {
			const found = checkOf(await examine(a, '--only', 'views'), 'views');
			return found.text === '2 views: a1, a2 see 2; a3, a4 see 2 members' ? found : undefined;
		});
		expect(check.result).toBe('fail');
		expect(check.why).toMatch(/a partition/i);
		expect(check.try[0]).toMatch(/^longbow-mesh doctor --peer a[34]$/);
		await Promise.all(hosts.map((host) => firewall(host, {})));
		await cluster.isWhole(60_000);
		await eventually('all agree again', async () => {
			const { text } = checkOf(await examine(a, '--only', 'views'), 'views');
			return text === '3 of 3 agree, one ring' || undefined;
		});
	});

	it('seed 25: a partition through which nothing passes', async () => {
		const [a, b, c, d] = hosts;
		await cluster.switchboard.part([a, b], [c, d]);
		await eventually(
			'the other side is dead',
			async () => `${cluster.agents[0]?.those('dead')}` === 'a3,a4' || undefined,
			60_000,
		);
		const report = await examine(a, '--only', 'udp-out,views');
		const views = checkOf(report, 'views');
		expect(views.result).toBe('warn');
		expect(views.text).toMatch(/^2 members died within 30\.0s of each other, [\d.]+m?s ago: a3, a4$/);
		expect(views.why).toContain('or a partition lies between');
		expect(checkOf(report, 'udp-out').why).toMatch(/is dead for [\d.]+m?s\. Neither UDP nor TCP gets through/);
	});

	it('seed 23: a node that advertises loopback, and was let join by hand', async () => {
		const { namespace } = hosts[4];
		const env = { LONGBOW_GOSSIP_ADVERTISE_ADDR: '127.0.0.1' };
		const stray = await Agent.start(hosts[4], { name: 'a5', env });
		await run('ip', ['netns', 'exec', namespace, process.execPath, BINARY, 'join', `${hosts[0].address}:7946`]);
		const check = checkOf(await examine(hosts[4], '--only', 'addr'), 'addr');
		await stray.kill();
		expect(check.result).toBe('fail');
		expect(check.text).toBe('we advertise 127.0.0.1:7946; no other host can reach that');
	});
});
