// A simulated run as something to play back: it is simulated anew as often as needed, each time byte for byte the same.

import {
	type Cluster,
	hostStatus,
	type Observer,
	type SimHost,
	type SimProgress,
	type SimReport,
	type SimulateOptions,
	simulation,
} from '../../sim/index.ts';
import type { NodeStatus, PlaybackDiffering, StatusSource } from '../../status/index.ts';
import type { MemberState, MeshEvent } from '../../swim/index.ts';
import { isVerdict, Marks } from './marks.ts';
import type { Pass, Playable } from './playable.ts';

/** Up to so many hosts every view is followed; in larger runs another view means another pass. */
const ALL_FOLLOWED = 128;
const STEP_MS = 100;

/** What must be watched while the run is simulated for the first time. */
export class SimRecord {
	readonly #marks = new Marks();
	readonly #nodes = new Set<string>();
	#endMs = 0;

	readonly observe = (cluster: Cluster): Observer => ({
		started: ({ name }) => {
			this.#nodes.add(name);
		},
		event: (_, event, at) => this.#marks.note(event, at),
		stepped: () => {
			this.#endMs = cluster.now;
		},
	});

	/** The run as it was, once it is over. */
	playable(options: SimulateOptions, { simulatedMs, complete }: SimReport, allFollowed = ALL_FOLLOWED): Playable {
		const nodes = [...this.#nodes];
		const durationMs = complete ? simulatedMs : this.#endMs;
		const all = nodes.length <= allFollowed;
		return {
			origin: 'simulated',
			title: `Simulated, seed ${options.seed}`,
			durationMs,
			nodes,
			marks: this.#marks.list,
			marksDropped: this.#marks.dropped,
			begin: (follow) => new SimPass(options, durationMs, all ? undefined : follow),
		};
	}
}

interface Followed {
	readonly status: NodeStatus;
	readonly host: SimHost;
	verdicts: number;
}

class SimPass implements Pass {
	ended = false;
	readonly #steps: Generator<SimProgress, SimReport, boolean | undefined>;
	readonly #durationMs: number;
	/** Undefined: all. */
	readonly #only: string | undefined;
	/** The latest life of each. */
	readonly #followed = new Map<string, Followed>();
	#cluster: Cluster | undefined;

	constructor(options: SimulateOptions, durationMs: number, only: string | undefined) {
		this.#durationMs = durationMs;
		this.#only = only;
		const observe = (cluster: Cluster): Observer => this.#observer(cluster);
		// The checkers have seen this run already.
		this.#steps = simulation({ ...options, checks: [], stepMs: STEP_MS, observe });
		this.#step();
	}

	get elapsedMs(): number {
		return this.#cluster?.now ?? 0;
	}

	follows(node: string): boolean {
		return this.#only === undefined || this.#only === node;
	}

	advance(untilMs: number): void {
		if (!this.ended && this.elapsedMs < untilMs) this.#step();
	}

	source(node: string): StatusSource | undefined {
		return this.#followed.get(node)?.status.source;
	}

	verdicts(node: string): number {
		return this.#followed.get(node)?.verdicts ?? 0;
	}

	differing(): PlaybackDiffering[] {
		const hosts = [...(this.#cluster?.hosts.values() ?? [])];
		const held = new Map<string, Map<MemberState, number>>();
		for (const { machine } of hosts) {
			for (const { name, state } of machine.members()) {
				const counts = held.get(name) ?? new Map<MemberState, number>();
				held.set(name, counts);
				counts.set(state, (counts.get(state) ?? 0) + 1);
			}
		}
		return [...held].flatMap(([member, counts]) => {
			const known = [...counts.values()].reduce((sum, count) => sum + count, 0);
			if (counts.size === 1 && known === hosts.length) return [];
			// Whoever has forgotten a dead member does not contradict those who remember its death.
			const gone = !counts.has('alive') && !counts.has('suspect');
			if (gone && counts.size === 1) return [];
			const views: PlaybackDiffering['views'] = Array.from(counts, ([state, count]) => ({ state, count }));
			const unknown = hosts.length - known;
			return [{ member, views: unknown > 0 ? [...views, { state: 'unknown' as const, count: unknown }] : views }];
		});
	}

	#observer(cluster: Cluster): Observer {
		this.#cluster = cluster;
		return {
			started: (host) => {
				if (!this.follows(host.name)) return;
				const verdicts = this.#followed.get(host.name)?.verdicts ?? 0;
				this.#followed.set(host.name, { host, status: hostStatus(cluster, host), verdicts });
			},
			event: (host, event) => this.#note(host, event),
		};
	}

	#note(host: SimHost, event: MeshEvent): void {
		const followed = this.#followed.get(host.name);
		if (followed?.host !== host) return;
		followed.status.note(event);
		if (isVerdict(event)) followed.verdicts++;
	}

	#step(): void {
		const { done } = this.#steps.next(true);
		this.ended = done === true || this.elapsedMs >= this.#durationMs;
	}
}
