// What is to be said first: is the mesh well, and what happens next.

import type { LiveMember, LiveSnapshot } from '../../status/index.ts';
import { STATE_NAMES } from '../../swim/index.ts';
import { countdown } from './text.ts';

const POOR_HEALTH = 3;
const ZONE_MEMBERS = 100;
const ZONE_SHARE = 2 / 3;

/** One or two sentences: the first that fits. */
export function verdict(
	{ members, mesh, views, health, discovery, node }: LiveSnapshot,
	clock: (wallMs: number) => string,
): string {
	const { counts, split } = mesh;
	if (split !== null) return `The cluster is split: ${split.here} here, ${split.elsewhere} elsewhere.`;
	if (members.length === 1) {
		const found = discovery.reduce((sum, { addresses }) => sum + addresses, 0);
		return `This node is alone. Discovery found ${found} address${found === 1 ? '' : 'es'}.`;
	}
	if (counts.suspect + counts.dead > 0) return notAlive(members, counts, views);
	if (views.agree < views.of) {
		const differ = views.of - views.agree;
		return `${everybody(counts.alive)} alive, but ${differ} view${differ === 1 ? ' differs' : 's differ'}.`;
	}
	if (health.score >= POOR_HEALTH) return 'This node is slow; do not trust its suspicions.';
	const since = clock(mesh.changedAt ?? node.startedAt).slice(0, 8);
	return `${everybody(counts.alive)} alive. Nothing has changed since ${since}.`;
}

function everybody(alive: number): string {
	return alive === 1 ? 'The one member that is left is' : `All ${alive.toLocaleString('en')} members are`;
}

function notAlive(
	members: LiveSnapshot['members'],
	counts: LiveSnapshot['mesh']['counts'],
	views: LiveSnapshot['views'],
): string {
	const parts = (['suspect', 'dead'] as const)
		.filter((state) => counts[state] > 0)
		.map((state) => `${counts[state]} ${state}`);
	const where = zoneText(members);
	const others =
		views.agree === views.of ? agreeText(counts.alive) : `${views.of - views.agree} of ${views.of} views differ.`;
	return `${parts.join(', ')}. ${where ?? others}`;
}

function agreeText(alive: number): string {
	return alive === 1 ? 'The other one agrees.' : `The other ${alive.toLocaleString('en')} agree.`;
}

/** In a large mesh, whether one zone is behind most of it. */
function zoneText(members: readonly LiveMember[]): string | undefined {
	if (members.length < ZONE_MEMBERS) return undefined;
	const gone = members.filter(({ Status }) => STATE_NAMES[Status] === 'suspect' || STATE_NAMES[Status] === 'dead');
	const zones = new Map<string, number>();
	for (const { zone } of gone) if (zone !== null) zones.set(zone, (zones.get(zone) ?? 0) + 1);
	const [worst] = [...zones].sort((a, b) => b[1] - a[1]);
	if (worst === undefined || gone.length < 2 || worst[1] < gone.length * ZONE_SHARE) return undefined;
	return `${worst[1]} of the ${gone.length} are in ${worst[0]}.`;
}

/** What happens next, or happened last: `longbow-17 is declared dead in 3.1s`. `now` by the clock of the node. */
export function nextVerdict({ members }: LiveSnapshot, now: number): string {
	const suspects = members.filter(({ deadAt }) => deadAt !== null).sort((a, b) => (a.deadAt ?? 0) - (b.deadAt ?? 0));
	const [first, ...more] = suspects;
	if (first?.deadAt == null) return '';
	const others = more.length > 0 ? `, ${more.length} more to follow` : '';
	return `${first.ID} is declared dead in ${countdown(first.deadAt - now)}${others}`;
}
