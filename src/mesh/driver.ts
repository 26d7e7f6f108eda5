// The machine in real time: one alarm, one transport, and the order of things between them.

import type { Transport } from '../net/index.ts';
import type { Input, Instant, NetworkInput, Output } from '../swim/index.ts';
import { Alarm, type AlarmClock } from './alarm-clock.ts';
import type { Clock } from './clock.ts';

/** What drives: `Memberlist`, or anything of its shape. */
export interface Machine {
	step(now: Instant, input: Input): readonly Output[];
	readonly deadline: Instant;
	/** Whether a timeout at that instant would take silence for an answer. */
	countsSilence(at: Instant): boolean;
}

export interface DriverOptions {
	readonly machine: Machine;
	readonly transport: Pick<Transport, 'perform'>;
	readonly clock: Pick<Clock, 'now'>;
	readonly alarmClock: AlarmClock;
	/** Called for each event and each settled command, in order, while the outputs of a step are performed: only take notes. */
	note(output: Extract<Output, { type: 'event' | 'settled' }>): void;
	/** Called after each step, when everything is performed. May call anything, `input` included. */
	publish(): void;
}

/** libuv reads so many packets of a socket before it goes on to what follows in the loop (uv__udp_recvmsg). */
const PACKETS_PER_TURN = 32;
/** More turns of reading than this are not granted before a timeout: a flood must not stop the clock. */
const DRAIN_TURNS = 64;

export class Driver {
	readonly #options: DriverOptions;
	readonly #backlog: Input[] = [];
	#stepping = false;
	#stopped = false;
	readonly #alarm: Alarm;
	#draining: NodeJS.Immediate | undefined;
	#delivered = 0;

	constructor(options: DriverOptions) {
		this.#options = options;
		this.#alarm = new Alarm(options.alarmClock, () => this.#due());
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
		if (this.#stepping) {
			this.#backlog.push(input);
			return;
		}
		this.#step(input);
		while (this.#backlog.length > 0) this.#step(this.#backlog.shift() as Input);
		this.#arm();
		this.#options.publish();
	}

	/** Nothing is stepped, performed or published any more. */
	stop(): void {
		this.#stopped = true;
		this.#backlog.length = 0;
		this.#alarm.set(Number.POSITIVE_INFINITY);
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

	#arm(): void {
		if (this.#stopped || this.#draining !== undefined) return;
		this.#alarm.set(this.#options.machine.deadline);
	}

	#due(): void {
		const { machine, clock } = this.#options;
		if (machine.countsSilence(clock.now())) this.#drain(0);
		else this.input({ type: 'timeout' });
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
