// Check `addr`: what we tell others to reach us at.

import { networkInterfaces } from 'node:os';
import { isLoopback, isWildcard } from '../../../net/index.ts';
import { type Address, formatAddress, ipBytes, sameAddress } from '../../../swim/index.ts';
import { type DoctorContext, noNetwork, type Surroundings } from '../context.ts';
import { type Finding, fail, pass, skip, warn } from '../finding.ts';
import { isLive } from '../targets.ts';
import { plural, someOf } from '../text.ts';

export async function checkAddr(context: DoctorContext): Promise<Finding> {
	const off = noNetwork(context);
	if (off !== undefined) return skip(off);
	const { source, discovery } = context;
	const own = source.self.address;
	const others = source.members.filter((member) => member.name !== source.self.name && isLive(member));
	const twin = others.find(({ address }) => sameAddress(address, own));
	if (twin) {
		return fail(`${formatAddress(own)} is also advertised by ${twin.name}`, {
			why: 'A reused pod IP, or one pod started twice. The other one may answer there.',
			try: [`longbow-mesh why ${twin.name}`],
		});
	}
	const elsewhere = [...others.map(({ address }) => address), ...discovery.flatMap(({ addresses }) => addresses)];
	const wrong = unreachableFor(own, elsewhere);
	if (wrong) return wrong;
	const views = await context.views();
	const asked = views.filter(({ seen }) => seen?.selfAddress !== undefined);
	const strays = asked.filter(({ seen }) => seen?.selfAddress !== formatAddress(own));
	if (strays.length > 0) {
		const names = someOf(strays.map(({ member }) => member.name));
		const where = someOf([...new Set(strays.map(({ seen }) => seen?.selfAddress ?? ''))]);
		return warn(
			`we advertise ${formatAddress(own)}, but ${names} ${strays.length === 1 ? 'knows' : 'know'} us at ${where}`,
			{
				why: 'News of the new address has not arrived there, or another process has our name.',
				try: ['longbow-mesh doctor --only peers'],
			},
		);
	}
	const seenThere = asked.length > 0 ? `; ${plural(asked.length, 'member knows', 'members know')} us there` : '';
	return pass(`${formatAddress(own)}, ${placeOf(own.host)}${seenThere}`, { advertised: formatAddress(own) });
}

/** Without a node: what the configuration says, or would find out. */
export function checkAddrOffline({ config, discovery }: Surroundings): Finding {
	const { advertiseAddr, bindAddr, port } = config.gossip;
	const elsewhere = discovery.flatMap(({ addresses }) => addresses);
	const given = advertiseAddr ?? (isWildcard(bindAddr) ? undefined : bindAddr);
	if (given === undefined) return pass('found out at the start, from the interfaces of this host');
	const host = hostOf(given);
	return unreachableFor({ host, port }, elsewhere) ?? pass(`${given}, ${placeOf(host)}`);
}

function unreachableFor(own: Address, others: readonly Address[]): Finding | undefined {
	const remote = others.filter(({ host }) => !isLoopback(host));
	if (isLoopback(own.host) && remote.length > 0) {
		return fail(`we advertise ${formatAddress(own)}; no other host can reach that`, {
			why: `Others are at ${someOf(remote.map(formatAddress), 3)}. They will find themselves there.`,
			try: [
				'LONGBOW_GOSSIP_ADVERTISE_ADDR=<address of this host>; in Kubernetes $(POD_IP), from fieldRef status.podIP',
			],
		});
	}
	if (isWildcard(own.host)) {
		return fail(`we advertise ${formatAddress(own)}, which is no address`, {
			try: ['LONGBOW_GOSSIP_ADVERTISE_ADDR=<address of this host>'],
		});
	}
	const family = ipBytes(own.host)?.length;
	const sameFamily = others.some(({ host }) => ipBytes(host)?.length === family);
	if (family === undefined || others.length === 0 || sameFamily) return undefined;
	return fail(`we advertise ${formatAddress(own)}, and all others have ${family === 4 ? 'IPv6' : 'IPv4'} addresses`, {
		try: ['LONGBOW_GOSSIP_ADVERTISE_ADDR and LONGBOW_GOSSIP_BIND_ADDR of their family'],
	});
}

/** `on eth0`, or that it is not of this host. */
function placeOf(host: string): string {
	for (const [name, addresses] of Object.entries(networkInterfaces())) {
		if (addresses?.some(({ address }) => address === host)) return `on ${name}`;
	}
	// All of 127.0.0.0/8 is this host, although only the first address is shown.
	return isLoopback(host) ? 'on this host alone' : 'on no interface here, so behind NAT';
}

function hostOf(text: string): string {
	const bracketed = /^\[([^\]]+)\]/.exec(text)?.[1];
	return bracketed ?? (ipBytes(text) ? text : text.replace(/:\d+$/, ''));
}
