// Whether the node can do its work, for /readyz.

import type { DiscoveryHealth, DiscoveryProblemCode, Mesh } from '../mesh/index.ts';
import { formatAddress, type MemberState } from '../swim/index.ts';

export interface Readiness {
	readonly ready: boolean;
	/** Why not, a sentence each. */
	readonly reasons: readonly string[];
}

export interface ReadinessWatch {
	readonly readiness: Readiness;
	/** From here on the node is not ready: it is going down. */
	stop(): void;
}

const LOOK_MS = 100;
/**
 * 3 s: a peer that is there answers within milliseconds, one whose host is busy within this. Looks are counted, not
 * milliseconds: a process that was not run for 3 s has heard nobody and may not be alone at all.
 */
const ALONE_LOOKS = 30;
/** Problems of discovery that say that there is nobody. */
const NOBODY: readonly DiscoveryProblemCode[] = ['unresolved', 'no-record', 'no-match'];

/**
 * Follows the node from its start. It is ready once it holds the state of a peer and its view was equal to another
 * member's, or once it is known to be alone: discovery has answered, and no known address has for 3 s. Being alone is
 * no reason to be unready: where readiness decides who is found (a headless Service), the first nodes would wait for
 * each other for ever. Once ready, only leaving, a lost name or the end of the process changes that: a partition or a
 * dead name server must not take a node out of service that does its work.
 */
export function followReadiness(mesh: Pick<Mesh, 'status' | 'discovery'>): ReadinessWatch {
	const start = new Start(mesh);
	const ends = new Map<string, string>();
	const unsubscribe = mesh.status.onEvent((event) => {
		if (event.type === 'joined') start.joined = true;
		if (event.type === 'leaving') ends.set('leaving', 'This node is leaving.');
		if (event.type === 'conflict' && event.lost) {
			ends.set('name', `Another process, at ${formatAddress(event.claimed)}, has the name ${event.name}.`);
		}
		// Who has lost its name claims nothing; that it refutes an accusation again means that the name is its own again.
		if (event.type === 'refuted') ends.delete('name');
	});
	let waiting = start.waitsFor();
	const timer = setInterval(() => {
		if (waiting !== undefined) waiting = start.waitsFor();
		else clearInterval(timer);
	}, LOOK_MS);
	timer.unref();
	return {
		get readiness() {
			const reasons = [...ends.values(), ...(waiting === undefined ? [] : [waiting])];
			return { ready: reasons.length === 0, reasons };
		},
		stop() {
			clearInterval(timer);
			unsubscribe();
			ends.set('stopping', 'This node is shutting down.');
		},
	};
}

/** A node that has just started. */
class Start {
	/** The first transfer of a state is complete. */
	joined = false;
	readonly #mesh: Pick<Mesh, 'status' | 'discovery'>;
	#aloneLooks = 0;

	constructor(mesh: Pick<Mesh, 'status' | 'discovery'>) {
		this.#mesh = mesh;
	}

	/** The sentence that says it; `undefined` = for nothing any more. */
	waitsFor(): string | undefined {
		const { status } = this.#mesh;
		const others = status.members.filter(({ name, state }) => isLive(state) && name !== status.self.name);
		if (others.length === 0) return this.#alone();
		this.#aloneLooks = 0;
		const { syncsStarted, syncsCompleted } = status.counters;
		if (!this.joined && syncsStarted > 0 && syncsCompleted === 0) return 'The state of the mesh is on its way here.';
		// Members of other software tell no digests: with their state, there is nothing more to wait for.
		const knows = !others.some(({ own }) => own) || status.views.agree > 1;
		return knows ? undefined : 'No other member has had the same view as this node yet.';
	}

	#alone(): string | undefined {
		const { discovery } = this.#mesh;
		const silent = discovery.find((health) => !hasAnswered(health));
		if (silent)
			return `Discovery by ${silent.provider} has not answered yet${silent.problem ? `: ${silent.problem.text}` : ''}.`;
		if (discovery.length === 0) return undefined;
		this.#aloneLooks++;
		return this.#aloneLooks > ALONE_LOOKS ? undefined : 'No known address has answered yet.';
	}
}

function isLive(state: MemberState): boolean {
	return state === 'alive' || state === 'suspect';
}

/** That there is nobody is an answer as well. */
function hasAnswered({ answeredAtMs, problem }: DiscoveryHealth): boolean {
	return answeredAtMs !== undefined || (problem !== undefined && NOBODY.includes(problem.code));
}
