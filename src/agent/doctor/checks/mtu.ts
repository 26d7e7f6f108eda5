// Check `mtu`: how long a packet may be before the network swallows it.

import { type DoctorContext, noNetwork, pingWaitMs } from '../context.ts';
import { type Finding, fail, pass, skip, warn } from '../finding.ts';
import { answers, type Path } from '../paths.ts';
import { plural, someOf } from '../text.ts';

const MOST_ASKED = 3;
const TRIES = 2;
/** What every network passes; the least that `packetBytes` may be; a usual overlay; Ethernet less IP and UDP heads. */
const SIZES = [508, 1_100, 1_200, 1_472];
/** The least that LONGBOW_GOSSIP_PACKET_BYTES may be. */
const LEAST_PACKET_BYTES = 1_100;

/** The longest packet that is sent. */
export function longestPing(packetBytes: number): number {
	return Math.max(packetBytes, ...SIZES);
}

export async function checkMtu(context: DoctorContext): Promise<Finding> {
	const off = noNetwork(context);
	if (off !== undefined) return skip(off);
	const asked = (await context.paths()).filter(answers).slice(0, MOST_ASKED);
	if (asked.length === 0) return skip('nobody answers on UDP: see udp-out');
	const { packetBytes } = context.config.gossip;
	const passed = await Promise.all(asked.map((path) => largest(context, path, packetBytes)));
	const least = Math.min(...passed);
	const data = { packetBytes, passed: asked.map(({ target }, i) => ({ name: target.name, bytes: passed[i] })) };
	if (least >= packetBytes)
		return pass(`${least} bytes pass to ${plural(asked.length, 'member')} (we send at most ${packetBytes})`, data);
	const narrow = asked.filter((_, i) => (passed[i] as number) < packetBytes).map(({ target }) => target.name);
	const next = sizesFor(packetBytes).find((size) => size > least);
	// Short pings have come through before, so the shortest of these can only have been lost by chance.
	if (least === 0)
		return warn(`no ping of ${next} bytes came back (from ${someOf(narrow)})`, { why: 'Packets are lost.', data });
	return fail(`${least} bytes pass, ${next} do not (to ${someOf(narrow)})`, {
		why: 'Large packets vanish: most often an overlay with a smaller MTU that drops fragments.',
		try: [
			...(least >= LEAST_PACKET_BYTES ? [`LONGBOW_GOSSIP_PACKET_BYTES=${least} on every member, now`] : []),
			"set the MTU of the interface to the overlay's, or let fragments pass",
		],
		data,
	});
}

async function largest(context: DoctorContext, { target }: Path, packetBytes: number): Promise<number> {
	const pinger = await context.pinger();
	const waitMs = pingWaitMs(context.config);
	const sizes = sizesFor(packetBytes);
	const passes = async (bytes: number): Promise<boolean> => {
		for (let i = 0; i < TRIES; i++) {
			if ((await pinger.ping(target.address, target.name, { waitMs, bytes })) !== undefined) return true;
		}
		return false;
	};
	const passed = await Promise.all(sizes.map(passes));
	const first = passed.indexOf(false);
	return first < 0 ? (sizes.at(-1) as number) : (sizes[first - 1] ?? 0);
}

function sizesFor(packetBytes: number): number[] {
	return [...new Set([...SIZES, packetBytes])].sort((a, b) => a - b);
}
