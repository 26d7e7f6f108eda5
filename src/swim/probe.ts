// The failure detector: one member a period is pinged, directly, then through helpers (SWIM §3.1, Lifeguard §IV-A).

import { type Address, sameAddress } from './address.ts';
import { countRtt, type ProbeAnswer } from './counters.ts';
import type { Identity } from './identity.ts';
import type { HelperAnswer, MeshEvent, StreamId } from './io.ts';
import { type Instant, State } from './member.ts';
import type { Slot } from './member-table.ts';
import type { Membership } from './membership.ts';
import type { Ack, Nack } from './message.ts';
import type { Node } from './node.ts';
import { ProbeOrder } from './probe-order.ts';
import { Timer } from './timers.ts';

/** One probe in flight. */
interface Probe {
	readonly seqNo: number;
	readonly slot: Slot;
	/** As it was at the start; a slot that holds another name by now is not judged. */
	readonly target: Identity;
	/** The incarnation of its last word then. */
	readonly saidAt: number;
	readonly startedAt: Instant;
	readonly verdictAt: Instant;
	/** Its pings that were sent after the first, each under a number of its own so that every ack tells its round trip. */
	repeats: readonly { readonly seqNo: number; readonly sentAt: Instant }[];
	helpers: readonly Helper[];
	nacksExpected: number;
	nacks: number;
	stream: StreamId | undefined;
	/** The stream ping was answered: alive, but not by packets. */
	streamAcked: boolean;
}

interface Helper {
	readonly identity: Identity;
	answer: HelperAnswer['answer'];
}

type Settled = Extract<MeshEvent, { type: 'probe' }>['answer'];

/** Protocol maxima from which a peer understands these (wire spec §7). */
const PMAX_STREAM_PING = 3;
const PMAX_NACK = 4;

export class Prober {
	readonly #node: Node;
	readonly #membership: Membership;
	readonly #order: ProbeOrder;
	#probe: Probe | undefined;
	/** The last probe that a helper settled: the ack of the target itself may still come, and tells how slow its path is. */
	#overtaken: Probe | undefined;
	/** Round trips of the last acks by slot, 0 = none yet. */
	#rttMs: Float32Array = new Float32Array(16);
	/** Members whose last probe was answered on a stream alone. */
	readonly #streamOnly = new Set<Slot>();
	readonly #isKnown = (slot: Slot): boolean => this.#node.table.isKnown(slot);
	readonly #isOther = (slot: Slot): boolean => slot !== this.#node.self && this.#node.table.isLive(slot);
	/** Opens a stream to the address and pings over it; the answer comes to `streamAck`. */
	openStreamPing?: (target: Identity, seqNo: number) => StreamId | undefined;
	/** The target answered: its address is worth remembering, its digest worth comparing. */
	onAck?: (target: Identity, ack: Ack, from: Address) => void;
	/** A probe has ended; `tookMs` is the round trip where the target itself answered by packet. */
	onEnd?: (target: Identity, answer: ProbeAnswer, tookMs: number) => void;
	/** The target answered on a stream alone: packets do not pass, so neither does news (X12). */
	onStreamOnly?: (target: Identity) => void;

	constructor(node: Node, membership: Membership) {
		this.#node = node;
		this.#membership = membership;
		this.#order = new ProbeOrder(node.random);
	}

	insert(slot: Slot): void {
		this.#order.insert(slot);
		if (slot >= this.#rttMs.length) {
			const wider = new Float32Array(Math.ceil(slot * 1.25));
			wider.set(this.#rttMs);
			this.#rttMs = wider;
		}
		this.#rttMs[slot] = 0;
		this.#streamOnly.delete(slot);
	}

	/** Whether somebody is probed who has not yet answered. */
	get waits(): boolean {
		return this.#probe !== undefined;
	}

	/** How long the member's last direct ack took; undefined before the first. */
	rttMs(slot: Slot): number | undefined {
		return this.#rttMs[slot] || undefined;
	}

	/** Whether packets to the member are lost while streams pass (X12), by its last probe. */
	isStreamOnly(slot: Slot): boolean {
		return this.#streamOnly.has(slot);
	}

	/** Serves the probe timer: the verdict of the last probe, then the next one. */
	tick(): void {
		if (this.#probe) this.#fail(this.#probe);
		this.#probe = undefined;
		this.#start();
	}

	/**
	 * Serves the ack timer: nobody has answered yet. The ping is sent once more halfway, since most often it is a packet
	 * that died and not a member, and again when others are asked, at `ackTimeoutMs` (SWIM §3.1, X15).
	 */
	unanswered(): void {
		const probe = this.#probe;
		if (!probe) return;
		const helpersAt = probe.startedAt + this.#node.config.ackTimeoutMs;
		if (this.#isStill(probe)) this.#pingAgain(probe);
		if (this.#node.now < helpersAt) this.#node.timers.set(Timer.ack, helpersAt);
		else this.#askHelpers(probe);
	}

	#pingAgain(probe: Probe): void {
		const repeat = { seqNo: this.#node.nextSeqNo(), sentAt: this.#node.now };
		probe.repeats = [...probe.repeats, repeat];
		this.#ping(probe.slot, probe.target, repeat.seqNo);
	}

	#askHelpers(probe: Probe): void {
		const node = this.#node;
		const slots = node.randomMembers(node.config.indirectProbes, (slot) => this.#mayHelp(slot, probe));
		probe.helpers = slots.map((slot) => ({ identity: node.table.identity(slot), answer: undefined }));
		for (const { identity: helper } of probe.helpers) {
			const nack = helper.vsn[1]! >= PMAX_NACK;
			const packet = node.codec.packet();
			packet.indirectPing(probe.seqNo, probe.target, nack);
			node.sendWithNews(helper.address, packet);
			if (nack && this.#nackCounts(helper, probe)) probe.nacksExpected++;
		}
		if (node.config.streams && probe.target.vsn[1]! >= PMAX_STREAM_PING) {
			probe.stream = this.openStreamPing?.(probe.target, probe.seqNo);
		}
	}

	#mayHelp(slot: Slot, probe: Probe): boolean {
		const { crowd } = this.#node;
		return slot !== probe.slot && this.#node.isAlive(slot) && crowd.trusts(slot);
	}

	/** True when the ack belongs to the probe in flight. */
	ack(message: Ack, from: Address): boolean {
		const probe = this.#probe;
		const sentAt = probe && sentAtOf(probe, message.seqNo);
		if (!probe || sentAt === undefined) return this.#overtakenAck(message, from);
		this.#acked(probe, sentAt, from);
		this.onAck?.(probe.target, message, from);
		return true;
	}

	nack(message: Nack, from: Address): void {
		const probe = this.#probe;
		if (probe?.seqNo !== message.seqNo) return;
		probe.nacks++;
		const helper = helperAt(probe, from);
		if (helper) helper.answer = 'nack';
	}

	streamAck(seqNo: number): void {
		if (this.#probe?.seqNo === seqNo) this.#probe.streamAcked = true;
	}

	/** After a stall: what we did not hear, we could not hear, so the probe says nothing (X9). */
	abandon(): void {
		if (!this.#probe) return;
		this.#probe = undefined;
		this.#node.timers.clear(Timer.ack);
		this.#node.timers.set(Timer.probe, this.#node.now);
	}

	/** Tells a suspect of the suspicion beside the order of probes. Its ack is no verdict, but brings its refutation. */
	remind(slot: Slot): void {
		this.#ping(slot, this.#node.table.identity(slot), this.#node.nextSeqNo());
	}

	/** Members that fit the verdict window: ours nack in time (X8), foreign ones only when the window is long enough. */
	#nackCounts(helper: Identity, probe: Probe): boolean {
		const windowMs = probe.verdictAt - probe.startedAt;
		return helper.extension > 0 || windowMs > 2 * this.#node.config.ackTimeoutMs + FOREIGN_NACK_ALLOWANCE_MS;
	}

	#start(): void {
		const node = this.#node;
		const { table, timers, config, now } = node;
		const slot = node.crowd.next() ?? this.#order.next(this.#isKnown, this.#isOther);
		if (slot === undefined || node.phase === 'leaving') {
			timers.set(Timer.probe, now + config.protocolPeriodMs);
			return;
		}
		const verdictAt = now + node.awareness.scale(config.protocolPeriodMs);
		const target = table.identity(slot);
		const seqNo = node.nextSeqNo();
		this.#probe = {
			seqNo,
			slot,
			target,
			saidAt: table.payloadIncarnation[slot]!,
			startedAt: now,
			verdictAt,
			repeats: NONE,
			helpers: NONE,
			nacksExpected: 0,
			nacks: 0,
			stream: undefined,
			streamAcked: false,
		};
		node.counters.probes++;
		timers.set(Timer.probe, verdictAt);
		// Where half the timeout is no more than two round trips, the first ack may still be on its way.
		const isNear = (this.rttMs(slot) ?? 0) <= config.ackTimeoutMs / 4;
		timers.set(Timer.ack, now + (isNear ? config.ackTimeoutMs / 2 : config.ackTimeoutMs));
		this.#ping(slot, target, seqNo);
	}

	#ping(slot: Slot, target: Identity, seqNo: number): void {
		const node = this.#node;
		const packet = node.codec.packet();
		const suspect = node.table.state(slot) === State.suspect;
		// The buddy system (Lifeguard §IV-C): a suspect hears of its suspicion from whoever pings it. It stands
		// before the ping, so that the ack brings the refutation.
		if (suspect) packet.message(node.codec.suspect(target.nameBytes, node.table.incarnation[slot]!, node.nameBytes));
		packet.ping(seqNo, target.nameBytes, target.extension > 0 ? node.digest : undefined);
		node.counters.pingsSent++;
		if (suspect) node.packet(target.address, packet.finish({ crc: false }), 'probe');
		else node.sendWithNews(target.address, packet, target.extension > 0);
	}

	/** An ack from the member itself, or one that a helper forwards. */
	#acked(probe: Probe, sentAt: Instant, from: Address): void {
		const helper = sameAddress(from, probe.target.address) ? undefined : helperAt(probe, from);
		const tookMs = this.#node.now - probe.startedAt;
		const { counters, config } = this.#node;
		const answer = helper ? 'helper' : tookMs > config.ackTimeoutMs ? 'late' : 'direct';
		counters.probeAnswers[answer]++;
		if (helper) helper.answer = 'ack';
		if (answer !== 'direct') this.#tell(probe, answer, answer === 'late' ? this.#node.now - sentAt : undefined);
		if (helper) this.#overtaken = probe;
		else {
			this.#noteRtt(probe, sentAt);
			this.#streamOnly.delete(probe.slot);
		}
		this.onEnd?.(probe.target, answer, tookMs);
		this.#succeed(probe);
	}

	/** It is no verdict any more, but the round trips of a slow path would otherwise be known of the lucky ones alone. */
	#overtakenAck({ seqNo }: Ack, from: Address): boolean {
		const probe = this.#overtaken;
		const sentAt = probe && sentAtOf(probe, seqNo);
		if (!probe || sentAt === undefined) return false;
		if (sameAddress(from, probe.target.address)) {
			this.#overtaken = undefined;
			this.#noteRtt(probe, sentAt);
		}
		return true;
	}

	#noteRtt(probe: Probe, sentAt: Instant): void {
		const tookMs = this.#node.now - sentAt;
		countRtt(this.#node.counters, tookMs);
		if (this.#isStill(probe)) this.#rttMs[probe.slot] = tookMs;
	}

	#succeed(probe: Probe): void {
		const node = this.#node;
		this.#probe = undefined;
		node.timers.clear(Timer.ack);
		// The next probe starts one period after this one, however long its window was.
		node.timers.set(Timer.probe, Math.max(node.now, probe.startedAt + node.config.protocolPeriodMs));
		if (this.#isStill(probe)) {
			node.crowd.answered(probe.slot);
			node.table.seenAt[probe.slot] = node.now;
		}
		node.adjustHealth(-1);
	}

	#fail(probe: Probe): void {
		const node = this.#node;
		const answer = probe.streamAcked ? 'stream' : 'none';
		node.counters.probeAnswers[answer]++;
		this.onEnd?.(probe.target, answer, 0);
		this.#tell(probe, answer);
		if (probe.streamAcked) {
			this.#succeed(probe);
			if (this.#isStill(probe)) this.#streamOnly.add(probe.slot);
			this.onStreamOnly?.(probe.target);
			return;
		}
		node.timers.clear(Timer.ack);
		node.crowd.failed(probe.slot);
		// Helpers that should have nacked and did not make us doubt ourselves (Lifeguard §IV-A).
		if (node.crowd.trusts(probe.slot))
			node.adjustHealth(probe.nacksExpected > 0 ? Math.max(0, probe.nacksExpected - probe.nacks) : 1);
		// A member that has spoken since, as a refutation does, is not judged by what was before (memberlist: probeNode).
		if (!this.#isStill(probe) || node.table.payloadIncarnation[probe.slot]! > probe.saidAt) return;
		this.#membership.suspectByProbe(probe.slot, {
			code: 'probe-failed',
			sentAt: probe.startedAt,
			helpers: probe.helpers.map(({ identity }) => identity.name),
			nacks: probe.nacks,
			stream: probe.stream !== undefined,
		});
	}

	/** Only a probe that its ping did not settle in time is worth a word. */
	#tell(probe: Probe, answer: Settled, rttMs?: number): void {
		const node = this.#node;
		const isStill = this.#isStill(probe);
		node.emit({
			type: 'probe',
			member: probe.target.name,
			seqNo: probe.seqNo,
			sentAt: probe.startedAt,
			answer,
			helpers: probe.helpers.map(({ identity, answer: given }) => ({ name: identity.name, answer: given })),
			stream: probe.stream !== undefined,
			...(rttMs !== undefined && { rttMs }),
			lastAckAt: isStill ? node.table.seenAt[probe.slot]! : 0,
			lastRttMs: (isStill && this.rttMs(probe.slot)) || undefined,
		});
	}

	#isStill(probe: Probe): boolean {
		const { table } = this.#node;
		return (
			table.isKnown(probe.slot) && table.isLive(probe.slot) && table.identity(probe.slot).name === probe.target.name
		);
	}
}

const NONE: readonly never[] = [];

/** A round trip to a foreign helper and back, on top of its own timeout and ours. */
const FOREIGN_NACK_ALLOWANCE_MS = 10;

function helperAt(probe: Probe, from: Address): Helper | undefined {
	return probe.helpers.find(({ identity }) => sameAddress(identity.address, from));
}

/** When the ping of that number was sent; undefined when it is none of this probe. */
function sentAtOf(probe: Probe, seqNo: number): Instant | undefined {
	if (probe.seqNo === seqNo) return probe.startedAt;
	return probe.repeats.find((repeat) => repeat.seqNo === seqNo)?.sentAt;
}
