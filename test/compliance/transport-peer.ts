// One user of a transport in a test: it performs, and remembers what was delivered.

import { vi } from 'vitest';
import type { Transport } from '../../src/net/index.ts';
import type { Address, NetworkInput, NetworkOutput, StreamId } from '../../src/swim/index.ts';

export class Peer {
	readonly transport: Transport;
	readonly inputs: NetworkInput[] = [];
	/** Breaches of the contract of `deliver`, which every test expects to be none. */
	readonly breaches: string[] = [];
	address: Address = { host: '', port: 0 };
	/** What the application does at once, from inside of `deliver`. */
	react: ((input: NetworkInput) => void) | undefined;
	#performing = false;
	#closed = false;
	#lastOpened: StreamId = -1;
	readonly #over = new Set<StreamId>();

	constructor(transport: Transport) {
		this.transport = transport;
	}

	async open(): Promise<this> {
		this.address = await this.transport.open((input) => this.#take(input));
		return this;
	}

	perform(output: NetworkOutput): void {
		const nested = this.#performing;
		this.#performing = true;
		this.transport.perform(output);
		this.#performing = nested;
		if (output.type === 'reset') this.#over.add(output.stream);
	}

	send(to: Address, bytes: Uint8Array): void {
		this.perform({ type: 'packet', to, bytes });
	}

	/** Opens a stream under the next odd number. */
	openStream(to: Address): StreamId {
		this.#lastOpened += 2;
		this.perform({ type: 'open', stream: this.#lastOpened, to });
		return this.#lastOpened;
	}

	write(stream: StreamId, bytes: Uint8Array): void {
		this.perform({ type: 'write', stream, bytes });
	}

	end(stream: StreamId): void {
		this.perform({ type: 'end', stream });
	}

	reset(stream: StreamId): void {
		this.perform({ type: 'reset', stream });
	}

	async close(): Promise<void> {
		const closing = this.transport.close();
		this.#closed = true;
		await closing;
	}

	get packets(): Extract<NetworkInput, { type: 'packet' }>[] {
		return this.inputs.filter((input) => input.type === 'packet');
	}

	/** Numbers of the streams that were opened to us, in order. */
	get accepted(): StreamId[] {
		return this.inputs.flatMap((input) => (input.type === 'accept' ? [input.stream] : []));
	}

	received(stream: StreamId): Buffer {
		return Buffer.concat(
			this.inputs.flatMap((input) => (input.type === 'data' && input.stream === stream ? [input.bytes] : [])),
		);
	}

	ended(stream: StreamId): boolean {
		return this.inputs.some((input) => input.type === 'end' && input.stream === stream);
	}

	/** Why the stream failed; `undefined` when it did not. */
	failure(stream: StreamId): string | undefined {
		const fail = this.inputs.find((input) => input.type === 'fail' && input.stream === stream);
		return fail?.type === 'fail' ? fail.reason : undefined;
	}

	/** How often this went wrong underneath. */
	faults(reason: string): number {
		return this.transport.faults[reason] ?? 0;
	}

	/** All faults but that of a small receive buffer, which is the host's affair. */
	faultsInAll(): number {
		const { RECEIVE_BUFFER: _, ...others } = this.transport.faults;
		return Object.values(others).reduce((sum, count) => sum + count, 0);
	}

	#take(input: NetworkInput): void {
		this.inputs.push(input);
		if (this.#performing) this.breaches.push(`${input.type} was delivered before perform returned`);
		if (this.#closed) this.breaches.push(`${input.type} was delivered after close`);
		if ('stream' in input) {
			if (this.#over.has(input.stream)) this.breaches.push(`${input.type} for a stream that is over`);
			if (input.type === 'fail') this.#over.add(input.stream);
		}
		if ('bytes' in input && Object.getPrototypeOf(input.bytes) !== Uint8Array.prototype) {
			this.breaches.push(`${input.type} carries something else than a plain Uint8Array`);
		}
		this.react?.(input);
	}
}

/** Waits for a condition, at most ten seconds. */
export function until(condition: () => boolean): Promise<boolean> {
	return vi.waitUntil(condition, { timeout: 10_000, interval: 5 });
}
