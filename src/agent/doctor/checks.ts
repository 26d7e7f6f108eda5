// All checks of a running node, by the name under which they are shown and asked for.

import { checkAddr } from './checks/addr.ts';
import { checkClock } from './checks/clock.ts';
import { checkConfig } from './checks/config.ts';
import { checkDiscovery } from './checks/discovery.ts';
import { checkDns } from './checks/dns.ts';
import { checkK8s } from './checks/k8s.ts';
import { checkLabel } from './checks/label.ts';
import { checkMtu } from './checks/mtu.ts';
import { checkPeers } from './checks/peers.ts';
import { checkPorts } from './checks/ports.ts';
import { checkTcp } from './checks/tcp.ts';
import { checkTiming } from './checks/timing.ts';
import { checkUdpIn } from './checks/udp-in.ts';
import { checkUdpOut } from './checks/udp-out.ts';
import { checkViews } from './checks/views.ts';
import type { Check, CheckId } from './context.ts';

export const CHECKS: Readonly<Record<CheckId, Check>> = {
	config: checkConfig,
	addr: checkAddr,
	ports: checkPorts,
	discovery: checkDiscovery,
	dns: checkDns,
	k8s: checkK8s,
	'udp-out': checkUdpOut,
	'udp-in': checkUdpIn,
	tcp: checkTcp,
	mtu: checkMtu,
	label: checkLabel,
	clock: checkClock,
	timing: checkTiming,
	views: checkViews,
	peers: checkPeers,
};
