// Recorded lives of simulated nodes replay bit for bit: sealed or not, over packets and streams, whatever happens.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JournalError, Replay } from '../../src/journal/index.ts';
import { Keyring } from '../../src/wire/index.ts';
import { MemoryJournal, replayAll } from '../support/journals.ts';
import { type Host, World } from '../support/world.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, i) => 200 - i);
const LABEL = 'a-label-that-is-easy-to-find';

interface Life {
	readonly world: World;
	readonly host: Host;
	readonly journal: MemoryJournal;
}

/** Node n0 of a small cluster is recorded through a crash, a stall, a cut, a restart and a goodbye. */
function life(seed: number, sealed: boolean, streams: boolean, maxBytes?: number): Life {
	const wire = sealed ? { label: LABEL, keyring: new Keyring([KEY]) } : {};
	const world = new World({ seed, streams, wire, pushPullIntervalMs: 2_000, reconnectIntervalMs: 500 });
	const journal = new MemoryJournal(maxBytes);
	const host = world.add('n0', { journal });
	const others = Array.from({ length: 4 }, (_, i) => world.add(`n${i + 1}`, { extensions: i !== 2 }));
	for (const other of others) world.discover(other, [host]);
	world.run(3_000);
	world.setTags(host, { role: 'x', zone: 'eu-1a' });
	world.join(host, [others[1]!.address, { host: '10.9.9.9', port: 1 }]);
	world.input(host, { type: 'broadcast', body: Buffer.from('to all') });
	world.loss = 0.1;
	world.run(2_000);
	world.kill(others[3]!);
	world.stall(host, 700);
	world.run(4_000);
	world.passes = (from, to, packet) => !(packet && from === 'n0' && to === 'n1');
	world.input(host, { type: 'packet', from: others[0]!.address, bytes: Uint8Array.of(244, 1, 120, 244, 5) });
	world.input(host, { type: 'packet', from: others[0]!.address, bytes: Uint8Array.of(1, 2, 3) });
	world.run(6_000);
	world.add('n4', { address: others[3]!.address });
	world.run(3_000);
	world.leave(host);
	world.run(4_000);
	journal.checkpoint();
	journal.end('closed');
	return { world, host, journal };
}

describe('a journal', () => {
	it('replays to the same outputs, events and view', () => {
		fc.assert(
			fc.property(fc.integer(), fc.boolean(), fc.boolean(), (seed, sealed, streams) => {
				const { host, journal } = life(seed, sealed, streams);
				const { replay, events } = replayAll(journal.bytes);
				expect(events).toEqual(host.events);
				expect(replay.machine.members()).toEqual(host.machine.members());
				const { streamBytesSent, ...counters } = host.machine.counters;
				expect(replay.machine.counters).toMatchObject(counters);
				// On streams a replay writes clear text, which is shorter.
				const written = replay.machine.counters.streamBytesSent;
				if (sealed) expect(written).toBeLessThanOrEqual(streamBytesSent);
				else expect(written).toBe(streamBytesSent);
				expect(replay.machine.deadline).toBe(host.machine.deadline);
				expect(replay.checkedInputs).toBe(replay.inputs);
				expect(replay.ended).toBe('closed');
			}),
			{ numRuns: 12 },
		);
	}, 60_000);

	it('holds no key and no label', () => {
		const { journal } = life(1, true, true);
		const file = Buffer.from(journal.bytes);
		for (const secret of [
			Buffer.from(KEY),
			Buffer.from(KEY).toString('base64'),
			Buffer.from(KEY).toString('hex'),
			LABEL,
		]) {
			expect(file.includes(secret)).toBe(false);
		}
		expect(file.includes('eu-1a')).toBe(true);
	});

	it.each([
		['a query that brings a key', '\x04…\xa4Name\xb1_serf_install-key\xa7Payload\xb7\x07\x81\xa3Key\xb0'],
		['an answer with keys that is relayed', '\x09…\x05…\xaaPrimaryKey\xb8'],
	])('ends before %s', (_, message) => {
		const world = new World({ seed: 8, wire: { keyring: new Keyring([KEY]) } });
		const journal = new MemoryJournal();
		const host = world.add('n0', { journal });
		const other = world.add('n1', { wire: { keyring: new Keyring([KEY]), compress: true } });
		world.discover(other, [host]);
		world.run(30_000);
		world.input(other, { type: 'broadcast', body: Buffer.concat([Buffer.from(message, 'latin1'), Buffer.from(KEY)]) });
		world.run(3_000);
		journal.checkpoint();
		journal.end('closed');
		expect(Buffer.from(journal.bytes).includes(Buffer.from(KEY))).toBe(false);
		const { replay, events } = replayAll(journal.bytes);
		expect(replay.ended).toBe('a key passed by, which a journal must not hold');
		expect(replay.checkedInputs).toBeGreaterThan(0);
		expect(events).toEqual(host.events.slice(0, events.length));
	});

	it('cut off anywhere, replays as far as it goes, or says what it is', () => {
		const { journal } = life(2, false, true);
		const file = journal.bytes;
		const { replay: whole } = replayAll(file);
		fc.assert(
			fc.property(fc.integer({ min: 0, max: file.length - 1 }), (length) => {
				try {
					const { replay } = replayAll(file.subarray(0, length));
					expect(replay.inputs).toBeLessThan(whole.inputs + 1);
					expect(replay.ended).toBeUndefined();
				} catch (error) {
					expect(error).toBeInstanceOf(JournalError);
				}
			}),
		);
	});

	it('with one byte changed, is refused', () => {
		const file = life(3, false, true).journal.bytes;
		fc.assert(
			fc.property(fc.integer({ min: 0, max: file.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, bits) => {
				const changed = file.slice();
				changed[at]! ^= bits;
				try {
					// A length that points behind the end looks like a file that was cut off there.
					expect(replayAll(changed).replay.ended).toBeUndefined();
				} catch (error) {
					expect(error).toBeInstanceOf(JournalError);
				}
			}),
			{ numRuns: 60 },
		);
	});

	it('of another program is found out at the next checkpoint', () => {
		const file = Buffer.from(life(4, false, false).journal.bytes);
		const replay = new Replay(file);
		// Whatever draws once more is another program.
		(replay.machine.config as { gossipNodes: number }).gossipNodes = 1;
		const run = (): void => {
			while (replay.next());
		};
		expect(run).toThrow(/^replay differs from the record at input \d+: recorded [0-9a-f]{16}, replayed [0-9a-f]{16}$/);
	});

	it('takes no more once it is full, and says so in its last entry', () => {
		const { journal, host } = life(5, false, true, 40_000);
		expect(journal.bytes.length).toBeLessThanOrEqual(40_000);
		expect(journal.bytes.length).toBeGreaterThan(30_000);
		const { replay, events } = replayAll(journal.bytes);
		expect(replay.ended).toBe('full: it has the 40,000 bytes that it may have');
		expect(events).toEqual(host.events.slice(0, events.length));
	});

	it.each([
		['nothing', new Uint8Array(0), 'this is not a journal of longbow-mesh'],
		['another file', new TextEncoder().encode('#!/bin/sh\n'), 'this is not a journal of longbow-mesh'],
		[
			'another version',
			Uint8Array.from([0x4c, 0x42, 0x4d, 0x4a, 9, 10]),
			'the journal has version 9, and this program reads version 1',
		],
		[
			'a header cut off',
			Uint8Array.from([0x4c, 0x42, 0x4d, 0x4a, 1, 10, 0, 0]),
			'the journal is cut off before its header',
		],
	])('%s is no journal', (_, bytes, message) => {
		expect(() => new Replay(bytes)).toThrow(message);
	});
});
