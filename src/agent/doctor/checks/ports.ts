// Check `ports`: the doors of this node, open or held by somebody else.

import type { HostPort } from '../../../config/index.ts';
import { createNodeTransport, TransportError } from '../../../net/index.ts';
import type { DoctorContext, Surroundings } from '../context.ts';
import { type Finding, fail, pass } from '../finding.ts';
import { listenProblem, portHolder } from '../port-holder.ts';

/** A running agent holds its ports: it would have ended otherwise. */
export function checkPorts({ config, source }: DoctorContext): Finding {
	const { gossip, metaAddr, metricsAddr } = config;
	const { port } = source.self.address;
	const ways = gossip.enabled ? `${port} udp${gossip.streams ? ' tcp' : ''}` : 'gossip off';
	return pass(`${ways}, ${doorText(metaAddr)}, ${doorText(metricsAddr)}`, {
		gossip: gossip.enabled ? port : null,
		status: metaAddr.port,
		metrics: metricsAddr.port,
	});
}

function doorText({ port }: HostPort): string {
	return port === 0 ? 'any free one' : String(port);
}

/** Without an agent: tries to bind each for a moment. */
export async function checkPortsOffline({ config }: Surroundings): Promise<Finding> {
	const { gossip, metaAddr, metricsAddr } = config;
	if (gossip.enabled) {
		const taken = await gossipTaken(gossip.bindAddr, gossip.port, gossip.streams);
		if (taken) return taken;
	}
	for (const [{ host, port }, variable] of [
		[metaAddr, 'LONGBOW_META_ADDR'],
		[metricsAddr, 'LONGBOW_METRICS_ADDR'],
	] as const) {
		const code = await listenProblem(host, port);
		if (code !== undefined) return refused('TCP', host, port, code, `${variable}=${host}:${port + 1}`);
	}
	return pass(`${gossip.enabled ? `${gossip.port}, ` : ''}${metaAddr.port} and ${metricsAddr.port} are free`);
}

async function gossipTaken(host: string, port: number, streams: boolean): Promise<Finding | undefined> {
	const transport = createNodeTransport({ host, port, streams });
	try {
		await transport.open(() => undefined);
		return undefined;
	} catch (error) {
		if (!(error instanceof TransportError)) throw error;
		const protocol = error.message.startsWith('TCP') ? 'TCP' : 'UDP';
		const remedy = `LONGBOW_GOSSIP_PORT=${port + 1} on every member`;
		const code = error.code === 'NET_ADDRESS_IN_USE' ? 'EADDRINUSE' : error.message;
		return refused(protocol, host, port, code, remedy);
	} finally {
		await transport.close();
	}
}

async function refused(
	protocol: 'UDP' | 'TCP',
	host: string,
	port: number,
	code: string,
	otherPort: string,
): Promise<Finding> {
	if (code !== 'EADDRINUSE') {
		return fail(`${protocol} ${port} cannot be bound on ${host}: ${code}`, {
			try: ['ip address; LONGBOW_GOSSIP_BIND_ADDR=0.0.0.0', otherPort],
		});
	}
	const holder = await portHolder(protocol, port);
	const by = holder ? `held by pid ${holder.pid} (${holder.command})` : `in use on ${host}`;
	return fail(`${protocol} ${port} is ${by}`, {
		why: 'An agent cannot start here while another process has its port. If that is your agent, ask it: longbow-mesh doctor.',
		try: [
			holder
				? `stop it, or ${otherPort}`
				: `ss -l${protocol === 'UDP' ? 'u' : 't'}np 'sport = :${port}', or ${otherPort}`,
		],
		data: { protocol, port, ...(holder && { holder }) },
	});
}
