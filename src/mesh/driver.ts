// The machine in real time: one timer, one transport, and the order of things between them.

import type { Transport } from '../net/index.ts';
import type { Input, Instant, NetworkInput, Output } from '../swim/index.ts';
import type { Clock } from './clock.ts';

/** What drives: `Memberlist`, or anything of its shape. */
export interface Machine {
	step(now: Instant, input: Input): readonly Output[];
	readonly deadline: Instant;
}

export interface DriverOptions {
	readonly machine: Machine;
	readonly transport: Pick<Transport, 'perform'>;
	readonly clock: Pick<Clock, 'now'>;
	/** Called for each event and each settled command, in order, while the outputs of a step are performed: only take notes. */
	note(output: Extract<Output, { type: 'event' | 'settled' }>): void;
	/** Called after each step, when everything is performed. May call anything, `input` included. */
	publish(): void;
}

/** Wake up now and then even when nothing is due: timers of Node take at most 2³¹ ms. */
const LONGEST_SLEEP_MS = 3_600_000;
/** libuv reads so many packets of a socket before it goes on to what follows in the loop (uv__udp_recvmsg). */
const PACKETS_PER_TURN = 32;
/** More turns of reading than this are not granted before a timeout: a flood must not stop the clock. */
const DRAIN_TURNS = 64;

export class Driver {
	readonly #options: DriverOptions;
	readonly #backlog: Input[] = [];
	#stepping = false;
	#stopped = false;
	#timer: NodeJS.Timeout | undefined;
	#timerAt: Instant = Number.POSITIVE_INFINITY;
	#draining: NodeJS.Immediate | undefined;
	#delivered = 0;

	constructor(options: DriverOptions) {
		this.#options = options;
	}

	/** For the transport. */
	deliver(input: NetworkInput): void {
		this.#delivered++;
		this.input(input);
	}

	/**
	 * Steps the machine and performs what it says. Within a step (a delegate called back) the input waits
	 * until the step is done.
	 */
	input(input: Input): void {
		if (this.#stopped) return;
		this.#backlog.push(input);
		if (this.#stepping) return;
		for (let next = this.#backlog.shift(); next !== undefined; next = this.#backlog.shift()) this.#step(next);
		this.#arm();
		this.#options.publish();
	}

	/** Nothing is stepped, performed or published any more. */
	stop(): void {
		this.#stopped = true;
		this.#backlog.length = 0;
		clearTimeout(this.#timer);
		clearImmediate(this.#draining);
	}

	#step(input: Input): void {
		const { machine, transport, clock, note } = this.#options;
		this.#stepping = true;
		try {
			for (const output of machine.step(clock.now(), input)) {
				if (output.type === 'event' || output.type === 'settled') note(output);
				else transport.perform(output);
			}
		} finally {
			this.#stepping = false;
		}
	}

	// A timer that is early is left alone: it fires, sees that nothing is due, and is set anew. So a
	// deadline that moves with every packet costs no timer a packet.
	#arm(): void {
		const deadline = this.#options.machine.deadline;
		if (this.#stopped || this.#draining !== undefined || deadline >= this.#timerAt) return;
		clearTimeout(this.#timer);
		this.#timerAt = deadline;
		const wait = Math.min(Math.max(0, deadline - this.#options.clock.now()), LONGEST_SLEEP_MS);
		// Node cuts fractions off, and would fire early.
		this.#timer = setTimeout(() => this.#due(), Math.ceil(wait));
	}

	#due(): void {
		this.#timerAt = Number.POSITIVE_INFINITY;
		if (this.#options.clock.now() < this.#options.machine.deadline) this.#arm();
		else this.#drain(0);
	}

	// Whoever was stopped for a while finds the acks in the sockets and the deadlines passed. The acks
	// are read first, or a stalled node would accuse those who have answered (X9).
	#drain(turn: number): void {
		const before = this.#delivered;
		this.#draining = setImmediate(() => {
			this.#draining = undefined;
			const full = this.#delivered - before >= PACKETS_PER_TURN;
			if (full && turn < DRAIN_TURNS) this.#drain(turn + 1);
			else this.input({ type: 'timeout' });
		});
	}
}
