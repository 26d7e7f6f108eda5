// The way to each target, measured once for all checks: pings over UDP, a ping over TCP, and others' word where UDP is silent.

import type { Pinger } from './pinger.ts';
import { pingStream, type StreamAnswer } from './stream-ping.ts';
import type { Target } from './targets.ts';

export interface Path {
	readonly target: Target;
	/** Pings sent to it over UDP. */
	readonly sent: number;
	/** Milliseconds of those that were answered. */
	readonly rttsMs: readonly number[];
	/** Undefined: this node uses no streams. */
	readonly tcp: StreamAnswer | undefined;
	/** Of members that were asked because UDP was silent: how many, and how many of them reach it. */
	readonly helpers: { readonly asked: number; readonly reached: number };
}

export interface PathOptions {
	/** How long a ping is waited for. */
	readonly waitMs: number;
	readonly streams: boolean;
}

/** More than one, because one may be lost. */
const PINGS = 3;
const MOST_HELPERS = 2;
const TCP_WAIT_MS = 1_500;

/** Takes `PINGS` waits at most, and two more where somebody is silent. */
export async function measurePaths(
	pinger: Pinger,
	targets: readonly Target[],
	options: PathOptions,
): Promise<readonly Path[]> {
	const paths = await Promise.all(targets.map((target) => measure(pinger, target, options)));
	const helpers = paths.filter(({ target, rttsMs }) => target.kind === 'member' && rttsMs.length > 0);
	return Promise.all(
		paths.map(async (path) => {
			if (path.rttsMs.length > 0 || path.target.kind === 'address') return path;
			return { ...path, helpers: await askHelpers(pinger, path.target, helpers.slice(0, MOST_HELPERS), options) };
		}),
	);
}

/** Whether any ping over UDP was answered. */
export function answers({ rttsMs }: Path): boolean {
	return rttsMs.length > 0;
}

async function measure(pinger: Pinger, target: Target, { waitMs, streams }: PathOptions): Promise<Path> {
	const { address, name } = target;
	const [rttsMs, tcp] = await Promise.all([
		pingInTurn(pinger, target, waitMs),
		streams ? pingStream(pinger.codec, address, name, TCP_WAIT_MS) : undefined,
	]);
	return { target, sent: PINGS, rttsMs, tcp, helpers: { asked: 0, reached: 0 } };
}

async function pingInTurn(pinger: Pinger, { address, name }: Target, waitMs: number): Promise<number[]> {
	const rttsMs: number[] = [];
	for (let i = 0; i < PINGS; i++) {
		const rttMs = await pinger.ping(address, name, { waitMs });
		if (rttMs !== undefined) rttsMs.push(rttMs);
	}
	return rttsMs;
}

async function askHelpers(
	pinger: Pinger,
	{ name, address }: Target,
	helpers: readonly Path[],
	{ waitMs }: PathOptions,
): Promise<Path['helpers']> {
	const answered = await Promise.all(
		helpers.map(({ target }) => pinger.pingThrough(target.address, { name, address }, 2 * waitMs)),
	);
	return { asked: answered.length, reached: answered.filter((answer) => answer === 'ack').length };
}
