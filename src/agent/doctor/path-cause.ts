// What silence on UDP most likely means, seen together with TCP and with what other members reach.

import { formatAddress } from '../../swim/index.ts';
import type { Path } from './paths.ts';

export interface PathCause {
	readonly code: 'udp-blocked' | 'gone' | 'hung' | 'not-ours' | 'path' | 'cut-off' | 'unknown';
	readonly why: string;
	readonly try: readonly string[];
}

/** Of a target that answered no ping over UDP. */
export function pathCause(path: Path): PathCause {
	const { target, tcp, helpers } = path;
	const where = formatAddress(target.address);
	const { port, host } = target.address;
	if (tcp === 'answered') {
		return {
			code: 'udp-blocked',
			why: 'It answers on TCP. Something between drops UDP: most often a NetworkPolicy or security group that lists TCP only.',
			try: [
				`kubectl get networkpolicy -A; allow protocol UDP, port ${port}, from the pods themselves (docs/operating.md#network-policy)`,
			],
		};
	}
	if (helpers.reached > 0) {
		return {
			code: 'path',
			why: `${helpers.reached} of ${helpers.asked} members that were asked reach it: only the path from this node to it is broken.`,
			try: [`routes and firewalls between this host and ${host}, one way each`],
		};
	}
	switch (tcp) {
		case 'refused':
			return {
				code: 'gone',
				why: `Nobody listens on ${where}: its process has ended, or listens on another port.`,
				try: ['start it again, or correct its address and port'],
			};
		case 'silent':
			return {
				code: 'hung',
				why: 'Its host takes the connection and its process says nothing: it is stopped, or hangs.',
				try: [`look at the process on ${host}: CPU limits, SIGSTOP, a debugger, long synchronous work`],
			};
		case 'hung-up':
			return {
				code: 'not-ours',
				why: `Something listens on ${where} and does not take us for one of its own: another label, other keys, or no mesh at all.`,
				try: [
					'compare LONGBOW_GOSSIP_LABEL and LONGBOW_GOSSIP_KEYS on both; longbow-mesh doctor --only label there counts what it refuses',
				],
			};
		case 'unreachable':
			return {
				code: 'cut-off',
				why: 'Neither UDP nor TCP gets through: the host is down, the address is wrong, or a firewall drops both.',
				try: [`ping ${host} from this host; NetworkPolicies and security groups between the two`],
			};
		default:
			return {
				code: 'unknown',
				why: 'This node uses no TCP, so nothing tells a process that has ended from a network that drops UDP.',
				try: [`is a process there? is UDP ${port} allowed both ways?`],
			};
	}
}
