// The doctor: examines the node that it lives in, through the sockets of its host, and changes nothing.

import type { AgentConfig } from '../../config/index.ts';
import type { ClientTls } from '../../flight/index.ts';
import { type Mesh, MeshError } from '../../mesh/index.ts';
import type { Member } from '../../swim/index.ts';
import { watchLoopDelay } from '../loop-delay.ts';
import { longestPing } from './checks/mtu.ts';
import { CHECKS } from './checks.ts';
import { CHECK_IDS, type CheckId, type DoctorContext, pingWaitMs } from './context.ts';
import { once } from './once.ts';
import { measurePaths } from './paths.ts';
import { askPeers } from './peer-views.ts';
import { Pinger } from './pinger.ts';
import { checkReport, type DoctorReport, type DoctorRequest, doctorReport } from './report.ts';
import { chooseTargets, isLive, sample } from './targets.ts';

export interface DoctorParts {
	readonly mesh: Pick<Mesh, 'discovery' | 'keyring' | 'status'>;
	readonly config: AgentConfig;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** How others are asked at their status addresses; absent: in plain text. */
	readonly tls?: ClientTls | undefined;
}

/** Members that are asked for their view. */
const MOST_VIEWS = 20;

/** Looks when it is asked; what was refused before then, the node's evidence holds. */
export class Doctor {
	readonly #parts: DoctorParts;
	readonly #wallOffsetMs = Date.now() - performance.now();
	readonly #running = new Map<string, Promise<DoctorReport>>();

	constructor(parts: DoctorParts) {
		this.#parts = parts;
	}

	/**
	 * Takes up to ten seconds. Who asks the same while it runs gets the same answer, so that asking often costs nothing.
	 * @throws {RangeError} naming a check or a member that is not known. @throws {MeshError} `MESH_BUSY` when too many visits run.
	 */
	async examine(request: DoctorRequest = {}): Promise<DoctorReport> {
		const ids = checkIds(request.only);
		const peer = this.#peer(request.peer);
		const key = JSON.stringify([ids, peer?.name]);
		const running = this.#running.get(key);
		if (running) return running;
		if (this.#running.size >= MOST_VISITS) throw new MeshError('MESH_BUSY', 'the doctor looks into other questions');
		const visit = this.#visit(ids, peer).finally(() => this.#running.delete(key));
		this.#running.set(key, visit);
		return visit;
	}

	#peer(name: string | undefined): Member | undefined {
		if (name === undefined) return undefined;
		const member = this.#parts.mesh.status.member(name);
		if (!member) throw new RangeError(`peer: no member ${JSON.stringify(name)}`);
		return member;
	}

	async #visit(ids: readonly CheckId[], peer: Member | undefined): Promise<DoctorReport> {
		const startedAt = performance.now();
		const loop = watchLoopDelay();
		let pinger: Promise<Pinger> | undefined;
		const context = this.#context(peer, loop.look, () => {
			pinger ??= this.#openPinger();
			return pinger;
		});
		try {
			const checks = await Promise.all(ids.map(async (id) => checkReport(id, await CHECKS[id](context))));
			return doctorReport(context.source.self.name, checks, startedAt);
		} finally {
			loop.stop();
			await (await pinger)?.close();
		}
	}

	#context(
		peer: Member | undefined,
		loopDelay: DoctorContext['loopDelay'],
		pinger: DoctorContext['pinger'],
	): DoctorContext {
		const { mesh, config, env } = this.#parts;
		const source = mesh.status;
		const { streams } = config.gossip;
		const ask: DoctorContext['ask'] = (members) => askPeers(members, source, this.#parts.tls);
		return {
			config,
			env,
			source,
			discovery: mesh.discovery,
			keyring: mesh.keyring,
			peer,
			loopDelay,
			wallJumpMs: Date.now() - performance.now() - this.#wallOffsetMs,
			pinger,
			paths: once(async () => {
				const targets = chooseTargets(source, mesh.discovery, peer);
				if (targets.length === 0) return [];
				return measurePaths(await pinger(), targets, { waitMs: pingWaitMs(config), streams });
			}),
			views: once(() => ask(peer ? [peer] : whomToAsk(source.members, source.self.name))),
			ask,
		};
	}

	#openPinger(): Promise<Pinger> {
		const { mesh, config } = this.#parts;
		const { bindAddr: host, label, packetBytes, verifyIncoming, verifyOutgoing } = config.gossip;
		const wire = { label, keyring: mesh.keyring, verifyIncoming, verifyOutgoing };
		return Pinger.open({ host, wire, packetBytes: longestPing(packetBytes) });
	}
}

const MOST_VISITS = 4;

/** The dead first, if they are: one that answers, and lives in its own eyes, is what a partition looks like. */
function whomToAsk(members: readonly Member[], self: string): readonly Member[] {
	const asked = members.filter(({ name, own, state }) => own && name !== self && state !== 'left');
	const dead = sample(
		asked.filter(({ state }) => state === 'dead'),
		MOST_VIEWS / 2,
	);
	return [...dead, ...sample(asked.filter(isLive), MOST_VIEWS - dead.length)];
}

/** @throws {RangeError} naming a check that is not known. */
export function checkIds(only: readonly string[] | undefined): readonly CheckId[] {
	if (only === undefined) return CHECK_IDS;
	const unknown = only.find((id) => !(CHECK_IDS as readonly string[]).includes(id));
	if (unknown !== undefined) {
		throw new RangeError(`only: no check ${JSON.stringify(unknown)}; known: ${CHECK_IDS.join(', ')}`);
	}
	return CHECK_IDS.filter((id) => only.includes(id));
}
