// The diagnostics channels on real sockets: what a tracer that subscribes by name is told, and that nothing is made for nobody.

import { Channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CommandMessage, DiagnosticMessages } from '../../src/mesh/index.ts';
import { agree, at, start } from '../support/mesh.ts';
import { until } from '../support/until.ts';

const ends: (() => void)[] = [];

afterEach(() => {
	for (const end of ends.splice(0)) end();
	vi.restoreAllMocks();
});

/** All messages of a channel from now on. */
function listen<Message>(name: string): Message[] {
	const heard: Message[] = [];
	const listener = (message: unknown): void => void heard.push(message as Message);
	subscribe(name, listener);
	ends.push(() => unsubscribe(name, listener));
	return heard;
}

const on = <Name extends keyof DiagnosticMessages>(name: Name): DiagnosticMessages[Name][] => listen(name);

describe('diagnostics channels', () => {
	it('tell of packets in both directions: what one sent, the other received', async () => {
		const packets = on('longbow-mesh:packet');
		const a = await start('a', { streams: false });
		const b = await start('b', { streams: false, seeds: [at(a)] });
		await agree([a, b], 'a b');
		const sent = packets.filter(({ node, direction }) => node === 'b' && direction === 'sent');
		const [first] = sent;
		expect(first?.peer).toEqual(a.address);
		const received = (): boolean =>
			packets.some(
				({ node, direction, peer, bytes }) =>
					node === 'a' &&
					direction === 'received' &&
					peer.port === b.address.port &&
					Buffer.compare(bytes, first!.bytes) === 0,
			);
		await until('the first packet has arrived', received);
	});

	it('tell of each probe, and of its round trip', async () => {
		const a = await start('a');
		const b = await start('b', { seeds: [at(a)] });
		await agree([a, b], 'a b');
		const probes = on('longbow-mesh:probe');
		await until('probes of both', () => ['a', 'b'].every((name) => probes.some(({ node }) => node === name)));
		const well = probes.find(({ answer }) => answer === 'direct' || answer === 'late');
		expect(well?.rttMs).toBeGreaterThan(0);
		expect(well?.member).toBe(well?.node === 'a' ? 'b' : 'a');
		await b.close();
		await until('a probe without an answer', () => probes.some(({ answer }) => answer === 'none'));
		expect(probes.find(({ answer }) => answer === 'none')).toEqual({
			node: 'a',
			member: 'b',
			answer: 'none',
			rttMs: undefined,
		});
	});

	it('tell of every event before the listeners hear of it', async () => {
		const events = on('longbow-mesh:event');
		const a = await start('a');
		let before = 0;
		a.on('join', () => {
			before = events.filter(({ node, event }) => node === 'a' && event.type === 'state').length;
		});
		const b = await start('b', { seeds: [at(a)] });
		await agree([a, b], 'a b');
		expect(before).toBeGreaterThan(0);
		expect(events.map(({ event }) => event.type)).toContain('joined');
	});

	it('trace commands from beginning to end, and how they ended', async () => {
		const starts = listen<CommandMessage>('tracing:longbow-mesh:command:start');
		const ended = listen<CommandMessage & { result?: unknown }>('tracing:longbow-mesh:command:asyncEnd');
		const failed = listen<CommandMessage & { error?: Error }>('tracing:longbow-mesh:command:error');
		const a = await start('a');
		await a.setTags({ role: 'store' });
		await expect(a.join(['127.0.0.1:1'])).rejects.toMatchObject({ code: 'MESH_JOIN_FAILED' });
		await a.leave();
		expect(starts.map(({ node, command }) => `${node} ${command}`)).toEqual(['a set-tags', 'a join', 'a leave']);
		expect(ended.map(({ command }) => command)).toEqual(['set-tags', 'join', 'leave']);
		expect(ended.at(-1)?.result).toMatchObject({ told: 0, of: 0 });
		expect(failed).toMatchObject([{ command: 'join', error: { code: 'MESH_JOIN_FAILED' } }]);
	});

	it('make nothing while nobody listens', async () => {
		const publish = vi.spyOn(Channel.prototype, 'publish');
		const a = await start('a');
		const b = await start('b', { seeds: [at(a)] });
		await agree([a, b], 'a b');
		const probes = (): number => a.status.counters.probeAnswers.direct;
		await until('a few probes', () => probes() > 3);
		expect(publish).not.toHaveBeenCalled();
		const packets = on('longbow-mesh:packet');
		await until('heard', () => packets.length > 3);
		ends.pop()?.();
		const heard = packets.length;
		const later = probes() + 3;
		await until('a few more', () => probes() > later);
		expect(packets).toHaveLength(heard);
	});
});
