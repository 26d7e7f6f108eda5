// The fingerprint of what a machine has said so far: equal for a record and its replay, or one of them is wrong.

import { formatAddress, type Instant, type Memberlist, type Output, utf8, xxHash32 } from '../swim/index.ts';

const KIND: Readonly<Record<Output['type'], number>> = {
	packet: 0,
	open: 1,
	write: 2,
	end: 3,
	reset: 4,
	event: 5,
	settled: 6,
};

/** Two 32-bit hashes, chained. Packets and stream messages count as clear text, so keys do not matter. */
export class OutputHash {
	#a = 0;
	#b = 1;
	readonly #numbers = new Float64Array(2);
	readonly #numberBytes = new Uint8Array(this.#numbers.buffer);

	/** Clear text that goes out in this step. */
	bytes(clear: Uint8Array): void {
		this.#a = xxHash32(clear, this.#a);
		this.#b = xxHash32(clear, this.#b);
	}

	/** What a step said, and when the machine wants to be woken next. */
	step(outputs: readonly Output[], deadline: Instant): void {
		for (const output of outputs) this.#output(output);
		this.#add(deadline, outputs.length);
	}

	/** 16 hex digits, over the present view and health as well. */
	text(machine: Memberlist): string {
		const { digest, health } = machine;
		this.#add(digest.a, digest.b);
		this.#add(health, machine.counters.probes);
		return hex(this.#a) + hex(this.#b);
	}

	#output(output: Output): void {
		switch (output.type) {
			case 'packet':
				this.bytes(utf8(formatAddress(output.to)));
				this.#add(KIND.packet, output.bytes.length);
				break;
			case 'open':
				this.bytes(utf8(formatAddress(output.to)));
				this.#add(KIND.open, output.stream);
				break;
			case 'write':
			case 'end':
			case 'reset':
				this.#add(KIND[output.type], output.stream);
				break;
			case 'event':
				this.bytes(utf8(JSON.stringify(output.event)));
				break;
			case 'settled':
				this.bytes(utf8(JSON.stringify(output.result)));
				this.#add(KIND.settled, output.id);
				break;
			default:
				output satisfies never;
		}
	}

	#add(first: number, second: number): void {
		this.#numbers[0] = first;
		this.#numbers[1] = second;
		this.bytes(this.#numberBytes);
	}
}

function hex(word: number): string {
	return (word >>> 0).toString(16).padStart(8, '0');
}
