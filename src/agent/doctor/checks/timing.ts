// Check `timing`: measured round trips against `ackTimeout`, suspicions that were wrong, and the values to set.

import { durationText } from '../../../status/index.ts';
import type { Config, MeshEvent } from '../../../swim/index.ts';
import { type DoctorContext, noNetwork } from '../context.ts';
import { type Finding, pass, skip, warn } from '../finding.ts';
import { isLive } from '../targets.ts';
import { plural, quantile, rttText } from '../text.ts';

const RECENT_MS = 600_000;
/** So many wrong suspicions in ten minutes are no chance any more. */
const MANY_SUSPICIONS = 3;
/** A round trip this near to the timeout is too near. */
const NEAR = 0.7;

export interface Timing {
	/** Milliseconds of a round trip to each member. */
	readonly rttsMs: readonly number[];
	/** Suspicions of members in ten minutes, and how many of them turned out to be wrong. */
	readonly suspicions: number;
	readonly refuted: number;
	/** Share of probes whose ping or its ack never arrived, since the start. */
	readonly lost: number;
}

type Periods = Pick<Config, 'ackTimeoutMs' | 'protocolPeriodMs' | 'suspicionTimeoutMs'>;

export async function checkTiming(context: DoctorContext): Promise<Finding> {
	const off = noNetwork(context);
	if (off !== undefined) return skip(off);
	const timing = await measured(context);
	if (timing.rttsMs.length === 0) return skip('no member answers, so there is no round trip to judge by');
	return judgeTiming(timing, context.source.config);
}

export function judgeTiming(timing: Timing, config: Periods): Finding {
	const { rttsMs, suspicions, refuted, lost } = timing;
	const p99Ms = quantile(rttsMs, 0.99) ?? 0;
	const wrong =
		refuted > 0
			? `; ${plural(suspicions, 'suspicion')} in 10m, ${refuted === suspicions ? 'all' : refuted} refuted`
			: '';
	const against = `rtt p99 ${rttText(p99Ms)}`;
	const data = { rttP50Ms: round(quantile(rttsMs, 0.5)), rttP99Ms: round(p99Ms), suspicions, refuted, lost };
	const limit = `ackTimeout ${durationText(config.ackTimeoutMs)}`;
	if (p99Ms > NEAR * config.ackTimeoutMs) {
		const relation = p99Ms > config.ackTimeoutMs ? 'above' : 'close to';
		return warn(`${against} is ${relation} ${limit}${wrong}`, {
			why: 'Acks come too late for the direct probe: helpers are asked each time, and members that are well get suspected.',
			try: advice(p99Ms, config),
			data,
		});
	}
	if (refuted >= MANY_SUSPICIONS) {
		const suspicionMs = typeof config.suspicionTimeoutMs === 'number' ? config.suspicionTimeoutMs : 5_000;
		return warn(`${against} is well below ${limit}, but ${wrong.slice(2)}`, {
			why: 'The network is fast enough: packets are lost, or processes stall. More time for a refutation avoids false deaths meanwhile.',
			try: [
				`LONGBOW_GOSSIP_SUSPICION_TIMEOUT=${settingText(2 * suspicionMs)} on every member`,
				'longbow-mesh doctor --only clock,mtu there; then look for packet loss',
			],
			data,
		});
	}
	return pass(`${against} against ${limit}; lost ${percent(lost)}${wrong}`, data);
}

const STEP_MS = 50;
/** Room above the slowest ack. */
const ROOM = 1.4;
/** A refutation travels with probes and gossip: so many timeouts leave it time. */
const SUSPICION_TIMEOUTS = 50;

/** All three fit together: ackTimeout below the period, the suspicion many of both. */
function advice(p99Ms: number, config: Periods): string[] {
	const ackMs = Math.ceil((p99Ms * ROOM) / STEP_MS) * STEP_MS;
	const settings = [`LONGBOW_GOSSIP_ACK_TIMEOUT=${settingText(ackMs)}`];
	const periodMs = Math.max(config.protocolPeriodMs, 2 * ackMs);
	if (periodMs > config.protocolPeriodMs) settings.push(`LONGBOW_GOSSIP_PROTOCOL_PERIOD=${settingText(periodMs)}`);
	const suspicionMs = Math.ceil((SUSPICION_TIMEOUTS * ackMs) / 1_000) * 1_000;
	if (config.suspicionTimeoutMs !== 'auto' && suspicionMs > config.suspicionTimeoutMs) {
		settings.push(`LONGBOW_GOSSIP_SUSPICION_TIMEOUT=${settingText(suspicionMs)}`);
	}
	const flags = `--rtt ${settingText(Math.ceil(p99Ms))} --ack-timeout ${settingText(ackMs)} --period ${settingText(periodMs)}`;
	return [
		`${settings.join(' ')} on every member (from what was measured here)`,
		`longbow-mesh sim ${flags} shows detection and false suspicions with them`,
	];
}

async function measured(context: DoctorContext): Promise<Timing> {
	const { source } = context;
	const pinged = new Map((await context.paths()).map(({ target, rttsMs }) => [target.name, rttsMs]));
	const others = source.members.filter((member) => member.name !== source.self.name && isLive(member));
	// The shortest of some pings is the network's: what is longer waited for a processor, of which `clock` tells.
	const rttsMs = others.flatMap(({ name }) => {
		const own = pinged.get(name) ?? [];
		return own.length > 0 ? [Math.min(...own)] : (source.rttMs(name) ?? []);
	});
	const events = source.members.flatMap(({ name }) => source.evidence.about(name));
	const recent = events.filter(({ at }) => at > source.now() - RECENT_MS);
	const { probes, probeAnswers } = source.counters;
	const unanswered = probeAnswers.helper + probeAnswers.stream + probeAnswers.none;
	return {
		rttsMs,
		suspicions: recent.filter((event) => isStep(event, 'suspect')).length,
		refuted: recent.filter((event) => isStep(event, 'alive') && event.from === 'suspect').length,
		lost: probes > 0 ? unanswered / probes : 0,
	};
}

type StateEvent = Extract<MeshEvent, { type: 'state' }>;

function isStep(event: MeshEvent, to: StateEvent['to']): event is StateEvent {
	return event.type === 'state' && event.to === to;
}

/** As a setting is written: `200ms`, `10s`. */
function settingText(ms: number): string {
	return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}

function percent(share: number): string {
	return `${share === 0 ? '0' : (100 * share).toFixed(share < 0.001 ? 2 : 1)}%`;
}

function round(ms: number | undefined): number | null {
	return ms === undefined ? null : Math.round(ms * 100) / 100;
}
