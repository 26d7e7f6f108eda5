// Each part against false deaths can be taken out of the machine: the edits still apply, and what goes is that part and no other.
import { describe, expect, it } from 'vitest';
import { clusterWith } from '../../bench/support/without.ts';
import { editsOf, PARTS, type PartName, VARIANTS } from '../../bench/support/without-list.ts';
import { hostName, type LinkRule, type SimHost } from '../../src/sim/index.ts';
import type { MeshEvent } from '../../src/swim/index.ts';
import { messagesOf } from '../support/stranger.ts';

type ClusterClass = Awaited<ReturnType<typeof clusterWith>>;
type StateEvent = Extract<MeshEvent, { type: 'state' }>;

/** What the tiny runs look at. */
interface Seen {
	readonly events: { readonly host: SimHost; readonly event: MeshEvent; readonly at: number }[];
	readonly packets: { readonly from: SimHost; readonly types: readonly string[]; readonly at: number }[];
}

const PERIOD_MS = 200;

/** Some hosts that know each other, at one instant after their first probes. */
function acquainted(
	Cluster: ClusterClass,
	count: number,
): Seen & {
	readonly cluster: InstanceType<ClusterClass>;
	readonly hosts: readonly SimHost[];
} {
	const cluster = new Cluster({ seed: 1, host: { streams: false, suspicionTimeoutMs: 'auto' } });
	const seen: Seen = { events: [], packets: [] };
	cluster.observe({
		event: (host, event, at) => seen.events.push({ host, event, at }),
		packet: (from, _to, bytes, at) => {
			seen.packets.push({ from, types: messagesOf(bytes).map(({ type }) => type), at });
		},
	});
	const hosts = cluster.addAcquainted(Array.from({ length: count }, (_, i) => hostName(i)));
	cluster.run(1_000);
	return { cluster, hosts, ...seen };
}

/** Nothing comes in at the host. */
function deaf(name: string): LinkRule {
	return { applies: (_from, to) => to.name === name, packetLoss: 1, streams: false };
}

function suspicions({ events }: Seen): (StateEvent & { readonly by: string })[] {
	return events.flatMap(({ host, event }) =>
		event.type === 'state' && event.to === 'suspect' ? [{ ...event, by: host.name }] : [],
	);
}

/** For each part a tiny run that shows whether it is there, whichever other parts are. */
const IS_THERE: Readonly<Record<PartName, (Cluster: ClusterClass) => boolean>> = {
	awareness: (Cluster) => {
		const { cluster, hosts } = acquainted(Cluster, 8);
		cluster.network.impose(deaf('n1'));
		cluster.run(2_000);
		return hosts[1]!.machine.health > 0;
	},
	'dynamic suspicion': (Cluster) => {
		const run = acquainted(Cluster, 8);
		run.cluster.kill(run.hosts[1]!);
		run.cluster.run(3_000);
		const { at, deadAt } = suspicions(run)[0]!;
		// 4 × period for eight members, and up to six times that for a suspicion that nobody confirms.
		expect([4 * PERIOD_MS, 24 * PERIOD_MS]).toContain(Math.round(deadAt! - at));
		return deadAt! - at > 5 * PERIOD_MS;
	},
	buddy: (Cluster) => {
		const run = acquainted(Cluster, 2);
		run.cluster.kill(run.hosts[1]!);
		run.cluster.run(700);
		expect(suspicions(run)).toHaveLength(1);
		// Gossip may bring a suspicion along behind a ping, the buddy's stands before it.
		return run.packets.some(({ types }) => types[0] === 'suspect' && types[1] === 'ping');
	},
	X4: (Cluster) => {
		const { cluster, hosts } = acquainted(Cluster, 8);
		cluster.network.impose(deaf('n1'));
		cluster.run(4_000);
		return hosts.some(({ machine }) => (machine.counters.rejected['accuser-not-alive'] ?? 0) > 0);
	},
	repetition: (Cluster) => {
		const { cluster, hosts, events } = acquainted(Cluster, 8);
		const { machine } = hosts[1]!;
		const refuted = (): boolean => events.some(({ host, event }) => host.name === 'n1' && event.type === 'refuted');
		// Cut off for so long that it suspects others and others suspect it, and for too short that anybody died.
		const heal = cluster.network.impose({
			applies: (from, to) => (from.name === 'n1') !== (to.name === 'n1'),
			packetLoss: 1,
			streams: false,
		});
		cluster.run(700);
		heal();
		expect(cluster.runUntil(refuted, 1_000)).toBeDefined();
		const open = machine.members().flatMap(({ name, state }) => (state === 'suspect' ? [machine.deadAt(name)!] : []));
		expect(open.length).toBeGreaterThan(0);
		const fresh = [4 * PERIOD_MS, 24 * PERIOD_MS].map((termMs) => Math.round(cluster.now + termMs));
		return open.every((deadAt) => fresh.includes(Math.round(deadAt)));
	},
	X8: (Cluster) => {
		const { cluster, hosts, packets } = acquainted(Cluster, 8);
		cluster.kill(hosts[1]!);
		cluster.run(2_000);
		const asked = packets.find(({ types }) => types.includes('indirectPing'))!;
		const nack = packets.find(({ types }) => types.includes('nackResp'))!;
		return nack.at - asked.at < PERIOD_MS / 2;
	},
	X9: (Cluster) => {
		const run = acquainted(Cluster, 8);
		// Stopped right after it has sent a ping: the ack waits with all else that arrives, and the verdict is long due.
		const pinged = (): boolean => {
			const last = run.packets.at(-1)!;
			return last.from === run.hosts[1] && last.types.includes('ping');
		};
		expect(run.cluster.runUntil(pinged, 1_000)).toBeDefined();
		run.cluster.stall(run.hosts[1]!, 2_000);
		run.cluster.run(2_100);
		return !suspicions(run).some(({ by }) => by === 'n1');
	},
	X15: (Cluster) => {
		const run = acquainted(Cluster, 2);
		run.cluster.kill(run.hosts[1]!);
		run.cluster.run(700);
		const verdictAt = suspicions(run)[0]!.at;
		const pings = run.packets.filter(({ types, at }) => types.includes('ping') && at < verdictAt);
		return pings.filter(({ at }) => at >= verdictAt - PERIOD_MS).length > 1;
	},
	X16: (Cluster) => {
		const nodes = 32;
		const run = acquainted(Cluster, nodes);
		const asked: number[] = [];
		const victim = run.hosts[1]!;
		run.cluster.observe({
			packet: (_from, { host }, _bytes, at) => {
				if (host === victim.address.host) asked.push(at);
			},
		});
		run.cluster.kill(victim);
		const isDead = (): boolean => run.events.some(({ event }) => event.type === 'state' && event.to === 'dead');
		expect(run.cluster.runUntil(isDead, 20_000)).toBeDefined();
		return asked.filter((at) => at > run.cluster.now - PERIOD_MS * 1.5).length > nodes;
	},
};

describe('without', () => {
	it.each(VARIANTS)(
		'$name: that is gone, and all else is there',
		async (variant) => {
			const Cluster = await clusterWith(editsOf(variant));
			const gone = variant.without.map(({ name }) => name);
			for (const { name } of PARTS) expect(IS_THERE[name](Cluster), name).toBe(!gone.includes(name));
		},
		60_000,
	);

	it('repetition: whoever is alone with a suspicion tells the suspect again', async () => {
		const told = async (variant: string): Promise<number> => {
			const run = acquainted(await clusterWith(editsOf(VARIANTS.find(({ name }) => name === variant)!)), 8);
			run.cluster.network.impose(deaf('n1'));
			run.cluster.run(4_000);
			return run.packets.filter(({ from, types }) => from.name === 'n1' && types[0] === 'suspect').length;
		};
		expect(await told('all on')).toBeGreaterThan(await told('without repetition'));
	}, 60_000);

	it('a text that has gone from the source is reported', async () => {
		const gone = { file: 'swim/member.ts', find: 'no such text', replace: '' };
		await expect(clusterWith([gone])).rejects.toThrow('swim/member.ts has 0 times: no such text');
	});
});
