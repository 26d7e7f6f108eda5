// Check `discovery`: whether each provider answers, and whether anybody else is among its addresses.

import type { DiscoveryHealth } from '../../../discovery/index.ts';
import { durationText } from '../../../status/index.ts';
import { type Address, sameAddress } from '../../../swim/index.ts';
import { type DoctorContext, noNetwork, type Surroundings } from '../context.ts';
import { type Finding, fail, pass, skip, warn } from '../finding.ts';
import { isLive } from '../targets.ts';
import { plural, verdictAndStep } from '../text.ts';

export function checkDiscovery(context: DoctorContext): Finding {
	const { source } = context;
	const members = source.members.filter((member) => member.name !== source.self.name && isLive(member)).length;
	return conclude(context, source.self.address, members);
}

/** Without a node nobody knows its own address, nor any member. */
export function checkDiscoveryOffline(surroundings: Surroundings): Finding {
	return conclude(surroundings, undefined, 0);
}

function conclude(surroundings: Surroundings, self: Address | undefined, members: number): Finding {
	const off = noNetwork(surroundings);
	if (off !== undefined) return skip(off);
	const { discovery } = surroundings;
	if (discovery.length === 0) return notUsed(members);
	const troubled = discovery.find(({ problem }) => problem !== undefined);
	if (troubled) return failing(troubled, members);
	const empty = discovery.find(({ addresses }) => addresses.length === 0);
	if (empty) {
		return fail(
			`${empty.provider} ${empty.answeredAtMs === undefined ? 'has not answered yet' : 'answers, but 0 addresses'}`,
			{
				try: [`longbow-mesh doctor --only ${checkOf(empty)}`],
			},
		);
	}
	const all = discovery.flatMap(({ addresses }) => addresses);
	const own = all.filter((address) => self !== undefined && sameAddress(address, self)).length;
	const text = discovery
		.map(({ provider, addresses }) => `${provider} answers: ${plural(addresses.length, 'address', 'addresses')}`)
		.join('; ');
	return pass(`${text}${own > 0 ? ', us among them' : ''}`, {
		providers: discovery.map(({ provider, addresses }) => ({ provider, addresses: addresses.length })),
	});
}

function notUsed(members: number): Finding {
	if (members > 0) return pass(`no peers are configured; ${plural(members, 'member')} found by their own join`);
	return warn('no peers are configured, and nobody has joined', {
		why: 'This node waits for others. Two nodes that both wait never meet.',
		try: ['LONGBOW_GOSSIP_STATIC_PEERS=<host>:7946, or longbow-mesh join <host>:7946'],
	});
}

function failing({ provider, problem, answeredAtMs, addresses, errors }: DiscoveryHealth, members: number): Finding {
	const since =
		problem?.code === 'no-match'
			? 'answers, and nothing is meant'
			: answeredAtMs === undefined
				? 'has not answered yet'
				: `has not answered for ${durationText(Date.now() - answeredAtMs)}`;
	const data = { provider, code: problem?.code, errors, addresses: addresses.length };
	const hint = [`longbow-mesh doctor --only ${provider === 'k8s' ? 'k8s' : 'dns'}`];
	const text = `${provider} ${since}: ${verdictAndStep(problem?.text ?? '').verdict}`;
	if (members === 0 && addresses.length === 0) return fail(text, { why: 'Nobody is found this way.', try: hint, data });
	const why = 'The mesh runs on; new members are found only by those who know them.';
	// A list may name members that are not there yet, or not any more.
	return (provider === 'static' ? warn : fail)(text, { why, try: hint, data });
}

function checkOf({ provider }: DiscoveryHealth): string {
	return provider === 'k8s' ? 'k8s' : 'dns';
}
