// The verdict: one sentence that says whether the cluster is well, and a second one that says what happens next. First rule that fits.

import type { LiveMember, LiveSnapshot } from '../../status/index.ts';
import { State } from '../../swim/index.ts';
import { agoText, countText, leftText, plural, spanText, wholeSecond } from '../draw/index.ts';
import { problems } from './problems.ts';
import type { Clock } from './words.ts';

/** A piece of a sentence: plain, or with what it means beside it. */
export type Part = string | { readonly text: string; readonly tone: 'suspect' | 'dead' | 'strong' | 'member' };

export type VerdictKind =
	| 'loading'
	| 'disconnected'
	| 'split'
	| 'starting'
	| 'alone'
	| 'not-alive'
	| 'views-differ'
	| 'slow'
	| 'well';

export interface Verdict {
	readonly kind: VerdictKind;
	readonly line: readonly Part[];
	readonly detail: readonly Part[];
}

/** What the page knows beside the snapshot. */
export interface VerdictContext {
	/** By the node's clock. */
	readonly now: number;
	readonly times: Clock;
	/** Who is asked while nothing has come yet. */
	readonly host: string;
	/** Set while there is no news: for how long, and when the next try is (0 = it is under way). */
	readonly silence?: { readonly forMs: number; readonly nextTryMs: number; readonly reason: string | undefined };
	/** The node began a new life while the page was open. */
	readonly restartedAt?: number | undefined;
}

type Rule = (snapshot: LiveSnapshot, context: VerdictContext) => Verdict | undefined;

const RULES: readonly Rule[] = [disconnected, split, starting, alone, notAlive, viewsDiffer, slow, well];

export function verdictOf(snapshot: LiveSnapshot | undefined, context: VerdictContext): Verdict {
	if (snapshot === undefined) return loading(context);
	for (const rule of RULES) {
		const verdict = rule(snapshot, context);
		if (verdict) return withRestart(verdict, snapshot, context);
	}
	throw new Error('The last rule fits always.');
}

/** The sentence without its tones: for the page's title and for tests. */
export function plainText(parts: readonly Part[]): string {
	return parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}

function loading({ host, silence }: VerdictContext): Verdict {
	if (!silence) return { kind: 'loading', line: [`Asking ${host}…`], detail: [] };
	const line = [`${host} does not answer.`];
	return { kind: 'disconnected', line, detail: [nextTry(silence.nextTryMs), reasonText(silence.reason)] };
}

function disconnected({ at, node }: LiveSnapshot, { silence, times }: VerdictContext): Verdict | undefined {
	if (!silence) return undefined;
	return {
		kind: 'disconnected',
		line: ['No news from ', member(node.name), ` for ${Math.round(silence.forMs / 1_000)} s.`],
		detail: [`What you see is from ${times.second(at)}. `, nextTry(silence.nextTryMs), reasonText(silence.reason)],
	};
}

function split({ mesh }: LiveSnapshot, { times }: VerdictContext): Verdict | undefined {
	if (!mesh.split) return undefined;
	const { here, elsewhere, since, zone } = mesh.split;
	const where = zone === null ? '' : `The ${countText(elsewhere)} are all in ${zone}. `;
	return {
		kind: 'split',
		line: ['The cluster is ', dead('split'), `: ${countText(here)} here, ${countText(elsewhere)} elsewhere.`],
		detail: [`${where}The first was lost at ${times.second(since)}. It heals by itself when the path is back.`],
	};
}

const STARTING_MS = 10_000;

function starting(snapshot: LiveSnapshot, { now }: VerdictContext): Verdict | undefined {
	const ageMs = now - snapshot.node.startedAt;
	if (!isAlone(snapshot) || ageMs >= STARTING_MS) return undefined;
	const line = [member(snapshot.node.name), ' has just started and looks for the others.'];
	return { kind: 'starting', line, detail: [`It started ${agoText(ageMs)}.`] };
}

function alone(snapshot: LiveSnapshot, _context: VerdictContext): Verdict | undefined {
	if (!isAlone(snapshot)) return undefined;
	const { discovery } = snapshot;
	const found = discovery.reduce((sum, { addresses }) => sum + addresses, 0);
	const problem = discovery.find((provider) => provider.problem)?.problem?.text;
	if (discovery.length === 0) {
		const detail = ['It waits for others to join it: no discovery and no address to join was given.'];
		return { kind: 'alone', line: ['This node is alone.'], detail };
	}
	const line = [`This node is alone. Discovery found ${plural(found, 'address', 'addresses')}.`];
	return { kind: 'alone', line, detail: [problem ? `${problem} ` : 'Nobody else has answered yet. '] };
}

function notAlive(snapshot: LiveSnapshot, context: VerdictContext): Verdict | undefined {
	const { counts } = snapshot.mesh;
	if (counts.suspect + counts.dead === 0) return undefined;
	return {
		kind: 'not-alive',
		line: [...headCount(snapshot), ...zoneOrRest(snapshot)],
		// Two of them fill the line.
		detail: [nextVerdict(snapshot, context), oddView(snapshot), newestDeath(snapshot, context)]
			.filter((parts) => parts.length > 0)
			.slice(0, 2)
			.flat(),
	};
}

const LARGE = 100;

function headCount({ mesh, members }: LiveSnapshot): Part[] {
	const { suspect: suspects, dead: deaths } = mesh.counts;
	const both = suspects > 0 && deaths > 0;
	const of = ` of ${countText(members.length)}`;
	if (!both && members.length < LARGE) {
		const count = suspects + deaths;
		const mark = suspects > 0 ? suspect(suspects, 'suspect') : dead(`${countText(deaths)} dead`);
		if (count > 1) return [mark, '. '];
		return [`1${of} is `, suspects > 0 ? { text: 'suspect', tone: 'suspect' } : dead('dead'), '. '];
	}
	const parts: Part[] = [];
	if (suspects > 0) parts.push(suspect(suspects, 'suspect'));
	if (both) parts.push(', ');
	if (deaths > 0) parts.push(dead(`${countText(deaths)} dead`));
	return [...parts, members.length < LARGE ? '. ' : `${of}. `];
}

/** In a large mesh where it is, if it is one place; else that the others see the same. */
function zoneOrRest(snapshot: LiveSnapshot): Part[] {
	const { members, mesh } = snapshot;
	const zone = members.length < LARGE ? undefined : commonZone(members);
	if (zone) return [zone];
	const rest = mesh.counts.alive;
	if (rest === 0) return [];
	// Who has not been heard of yet may see anything.
	const agree = snapshot.views.agree >= rest;
	if (rest === 1) return ['Only this node is alive.'];
	return [`The other ${countText(rest)} ${agree ? 'agree' : 'are alive'}.`];
}

const MOST_SHARE = 2 / 3;

function commonZone(members: readonly LiveMember[]): string | undefined {
	const bad = problems(members).filter(({ Status }) => Status !== State.left);
	const perZone = new Map<string, number>();
	for (const { zone } of bad) if (zone !== null) perZone.set(zone, (perZone.get(zone) ?? 0) + 1);
	const [zone, count] = [...perZone].sort((a, b) => b[1] - a[1])[0] ?? [];
	if (zone === undefined || count === undefined || bad.length < 2 || count < bad.length * MOST_SHARE) return undefined;
	if (count === bad.length) return `All ${countText(count)} are in ${zone}.`;
	return `${countText(count)} of the ${countText(bad.length)} ${count === 1 ? 'is' : 'are'} in ${zone}.`;
}

function nextVerdict({ members }: LiveSnapshot, { now }: VerdictContext): Part[] {
	const [first, second] = problems(members);
	if (first?.Status !== State.suspect) return [];
	if (first.deadAt === null) return [member(first.ID), ' may still refute. '];
	const left: Part = { text: leftText(first.deadAt - now), tone: 'strong' };
	if (second?.Status === State.suspect) return ['Next verdict: ', member(first.ID), ' in ', left, '. '];
	return [member(first.ID), ' is declared dead in ', left, ' unless it refutes. '];
}

function newestDeath({ members, ring }: LiveSnapshot, { now }: VerdictContext): Part[] {
	const newest = problems(members).find(({ Status }) => Status === State.dead);
	if (!newest) return [];
	const keys = ring.owners > 0 ? '; its keys have moved' : '';
	return [member(newest.ID), ` died ${agoText(wholeSecond(now) - newest.since)}${keys}. `];
}

/** News takes a moment to travel: a view that differs for less than this is no oddity. */
const NEWS_MS = 2_000;

/** Views that really differ: they did when they were heard of again. */
export function oddViews({ views }: LiveSnapshot): LiveSnapshot['views']['differing'] {
	return views.differing.filter(({ since, heardAt }) => heardAt - since >= NEWS_MS);
}

function oddView(snapshot: LiveSnapshot): Part[] {
	const odd = oddViews(snapshot);
	const [first] = odd;
	if (!first) return [];
	if (odd.length === 1) return ['One view differs from the rest: ', member(first.member), '. '];
	return [`${countText(odd.length)} views differ, first `, member(first.member), '. '];
}

function viewsDiffer(snapshot: LiveSnapshot, { now }: VerdictContext): Verdict | undefined {
	const odd = oddViews(snapshot);
	const [first] = odd;
	if (!first) return undefined;
	const views = odd.length === 1 ? '1 view differs' : `${countText(odd.length)} views differ`;
	const { alive } = snapshot.mesh.counts;
	return {
		kind: 'views-differ',
		line: [`All ${countText(alive)} are alive, but `, { text: views, tone: 'suspect' }, '.'],
		detail: [member(first.member), ` has seen it otherwise for ${spanText(now - first.since)}.`],
	};
}

const SLOW_SCORE = 3;

function slow({ health }: LiveSnapshot): Verdict | undefined {
	if (health.score < SLOW_SCORE) return undefined;
	const loop = health.loop ? ` Its event loop is up to ${spanText(health.loop.maxMs)} late.` : '';
	return {
		kind: 'slow',
		line: [{ text: 'This node is slow', tone: 'suspect' }, '; do not trust its suspicions.'],
		detail: [`Local health is ${health.word}, ${health.score} of ${health.worst}.${loop} Look at its CPU limit.`],
	};
}

function well({ mesh, node }: LiveSnapshot, { now, times }: VerdictContext): Verdict {
	const { alive, left } = mesh.counts;
	const since = mesh.changedAt ?? node.startedAt;
	const quietMs = now - since;
	const day = 86_400_000;
	const when = quietMs < day ? times.second(since) : times.full(since).slice(0, 16);
	const gone = left > 0 ? `${countText(left)} left in good order. ` : '';
	return {
		kind: 'well',
		line: [`All ${countText(alive)} members are alive.`],
		detail: [gone, `Nothing has changed since ${when}${quietMs >= 60_000 ? `, ${agoText(quietMs)}` : ''}.`],
	};
}

const RESTART_SHOWN_MS = 60_000;

function withRestart(verdict: Verdict, { node }: LiveSnapshot, { now, restartedAt }: VerdictContext): Verdict {
	if (restartedAt === undefined || now - restartedAt > RESTART_SHOWN_MS) return verdict;
	if (verdict.kind === 'disconnected' || verdict.kind === 'starting') return verdict;
	const restart = [member(node.name), ` restarted ${agoText(wholeSecond(now) - restartedAt)}. `];
	return { ...verdict, detail: [...restart, ...verdict.detail] };
}

function isAlone({ members, node }: LiveSnapshot): boolean {
	return members.every(({ ID, Status }) => ID === node.name || Status === State.left);
}

function reasonText(reason: string | undefined): string {
	return reason === undefined ? '' : ` ${reason}`;
}

function nextTry(ms: number): string {
	return ms <= 0 ? 'Trying again now.' : `Trying again in ${Math.ceil(ms / 1_000)} s.`;
}

function member(text: string): Part {
	return { text, tone: 'member' };
}

function dead(text: string): Part {
	return { text, tone: 'dead' };
}

function suspect(count: number, word: string): Part {
	return { text: `${countText(count)} ${word}`, tone: 'suspect' };
}
