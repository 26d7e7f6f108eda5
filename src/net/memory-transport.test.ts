// What only the network in memory has: a scheduler and a filter of its owner, and bounds that can be reached.

import { describe, expect, it } from 'vitest';
import { type Address, type NetworkInput, randomBelow, seededRandom } from '../swim/index.ts';
import { MemoryNetwork, type MemoryNetworkOptions, type MemoryPacket } from './memory-transport.ts';
import type { Transport } from './transport.ts';

/** A network whose tasks wait until the test runs them. */
class ManualNetwork {
	readonly tasks: (() => void)[] = [];
	readonly network: MemoryNetwork;

	constructor(options: MemoryNetworkOptions = {}) {
		this.network = new MemoryNetwork({ ...options, schedule: (task) => this.tasks.push(task) });
	}

	async open(host: string, port = 7_946): Promise<{ transport: Transport; inputs: NetworkInput[]; address: Address }> {
		const transport = this.network.transport({ host, port });
		const inputs: NetworkInput[] = [];
		const address = await transport.open((input) => inputs.push(input));
		return { transport, inputs, address };
	}

	/** Runs all tasks; `pick` chooses the next one by its place in the queue. */
	drain(pick: (waiting: number) => number = () => 0): void {
		while (this.tasks.length > 0) this.tasks.splice(pick(this.tasks.length), 1)[0]?.();
	}
}

describe('schedule', () => {
	it('decides when anything happens', async () => {
		const world = new ManualNetwork();
		const a = await world.open('10.0.0.1');
		const b = await world.open('10.0.0.2');
		a.transport.perform({ type: 'packet', to: b.address, bytes: new Uint8Array(3) });
		a.transport.perform({ type: 'open', stream: 1, to: b.address });
		expect(b.inputs).toEqual([]);
		world.drain();
		expect(b.inputs.map((input) => input.type)).toEqual(['packet', 'accept']);
	});

	it('may reorder packets, but never what happens on one stream', async () => {
		const random = seededRandom(7);
		const world = new ManualNetwork();
		const a = await world.open('10.0.0.1');
		const b = await world.open('10.0.0.2');
		a.transport.perform({ type: 'open', stream: 1, to: b.address });
		for (let i = 0; i < 50; i++) {
			a.transport.perform({ type: 'packet', to: b.address, bytes: Uint8Array.of(i) });
			a.transport.perform({ type: 'write', stream: 1, bytes: Uint8Array.of(i) });
		}
		a.transport.perform({ type: 'end', stream: 1 });
		world.drain((waiting) => randomBelow(random, waiting));
		const numbers = (type: 'packet' | 'data'): (number | undefined)[] =>
			b.inputs.flatMap((input) => (input.type === type ? [input.bytes[0]] : []));
		const sent = Array.from({ length: 50 }, (_, i) => i);
		expect(numbers('data')).toEqual(sent);
		expect(numbers('packet')).not.toEqual(sent);
		expect(numbers('packet').sort((x, y) => (x as number) - (y as number))).toEqual(sent);
		const stream = b.inputs.filter((input) => input.type !== 'packet');
		expect([stream[0]?.type, stream.at(-1)?.type]).toEqual(['accept', 'end']);
	});
});

describe('filter', () => {
	it('sees every packet and may drop it', async () => {
		const seen: MemoryPacket[] = [];
		const world = new ManualNetwork({
			filter: (packet) => {
				seen.push(packet);
				return packet.bytes.length > 2 ? 'drop' : 'deliver';
			},
		});
		const a = await world.open('10.0.0.1');
		const b = await world.open('10.0.0.2');
		for (const length of [1, 2, 3]) {
			a.transport.perform({ type: 'packet', to: b.address, bytes: new Uint8Array(length) });
		}
		world.drain();
		expect(seen.map(({ from, to, bytes }) => [from, to, bytes.length])).toEqual([
			[a.address, b.address, 1],
			[a.address, b.address, 2],
			[a.address, b.address, 3],
		]);
		expect(b.inputs).toHaveLength(2);
	});
});

describe('bounds', () => {
	it('a receiver keeps 4,096 packets; more are lost and counted', async () => {
		const world = new ManualNetwork();
		const a = await world.open('10.0.0.1');
		const b = await world.open('10.0.0.2');
		const output = { type: 'packet', to: b.address, bytes: new Uint8Array(1) } as const;
		for (let i = 0; i < 5_000; i++) a.transport.perform(output);
		world.drain();
		expect(b.inputs).toHaveLength(4_096);
		expect(b.transport.faults).toEqual({ RECEIVE_QUEUE_FULL: 904 });
		a.transport.perform(output);
		world.drain();
		expect(b.inputs).toHaveLength(4_097);
	});

	it('a stream beyond its limit fails on both ends', async () => {
		const world = new ManualNetwork({ maxBufferedBytes: 100_000 });
		const a = await world.open('10.0.0.1');
		const b = await world.open('10.0.0.2');
		a.transport.perform({ type: 'open', stream: 1, to: b.address });
		world.drain();
		a.transport.perform({ type: 'write', stream: 1, bytes: new Uint8Array(100_000) });
		a.transport.perform({ type: 'write', stream: 1, bytes: new Uint8Array(1) });
		world.drain();
		expect(a.inputs).toEqual([{ type: 'fail', stream: 1, reason: 'ENOBUFS' }]);
		expect(b.inputs.at(-1)).toEqual({ type: 'fail', stream: 2, reason: 'ECONNRESET' });
	});
});

describe('addresses', () => {
	it('reaches a host by any spelling of its address', async () => {
		const world = new ManualNetwork();
		const a = await world.open('fd00:0:0::1');
		expect(a.address.host).toBe('fd00::1');
		a.transport.perform({ type: 'packet', to: { host: 'FD00:0::0:1', port: 7_946 }, bytes: new Uint8Array(1) });
		world.drain();
		expect(a.inputs).toHaveLength(1);
	});

	it.each(['0.0.0.0', '::', '', 'localhost'])('host %j is a TypeError', (host) => {
		expect(() => new MemoryNetwork().transport({ host, port: 1 })).toThrow(TypeError);
	});

	it.each([-1, 65_536, 0.5])('port %d is a RangeError', (port) => {
		expect(() => new MemoryNetwork().transport({ host: '10.0.0.1', port })).toThrow(RangeError);
	});

	it('networks do not reach each other', async () => {
		const [here, there] = [new ManualNetwork(), new ManualNetwork()];
		const a = await here.open('10.0.0.1');
		const b = await there.open('10.0.0.2');
		a.transport.perform({ type: 'packet', to: b.address, bytes: new Uint8Array(1) });
		a.transport.perform({ type: 'open', stream: 1, to: b.address });
		here.drain();
		there.drain();
		expect(a.inputs).toEqual([{ type: 'fail', stream: 1, reason: 'ECONNREFUSED' }]);
		expect(b.inputs).toEqual([]);
	});
});
