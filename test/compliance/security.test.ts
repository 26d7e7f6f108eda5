// Who gets in, over real sockets: a running mesh on its way from clear text to encryption, and allow lists of networks and names.

import { describe, expect, it } from 'vitest';
import { createMesh, type Mesh, type MeshEvent, type MeshOptions } from '../../src/mesh/index.ts';
import { agree, at, log, names, start } from '../support/mesh.ts';
import { until } from '../support/until.ts';

const KEY = new Uint8Array(32).fill(7);

/** So patient that a loaded machine is no fault. */
const PATIENT: MeshOptions = {
	protocolPeriodMs: 500,
	ackTimeoutMs: 250,
	suspicionTimeoutMs: 20_000,
	gossipIntervalMs: 50,
};

/** What is sealed reads so to whom it should be clear, and the reverse. A restart on the same port may be sent what was asked for before. */
const UNREADABLE: readonly string[] = [
	'cannot-decrypt',
	'bad-msgpack',
	'bad-field',
	'unknown-type',
	'truncated',
	'empty',
];

function trouble(events: readonly MeshEvent[]): readonly MeshEvent[] {
	return events.filter((event) => {
		if (event.type === 'state') return event.to === 'suspect' || event.to === 'dead';
		return event.type === 'rejected' && UNREADABLE.includes(event.code);
	});
}

describe('from clear text to encryption', () => {
	it.each([true, false])(
		'in three rollouts, with nobody suspected and nothing refused (streams: %s)',
		async (streams) => {
			const members = ['a', 'b', 'c', 'd'];
			const events: MeshEvent[][] = [];
			const running = new Map<string, Mesh>();
			const begin = async (name: string, options: MeshOptions): Promise<void> => {
				const seeds = [...running.values()].map(at);
				const mesh = await start(name, { ...PATIENT, streams, seeds, ...options });
				events.push(log(mesh));
				running.set(name, mesh);
			};
			for (const name of members) await begin(name, {});
			await agree([...running.values()], 'a b c d');
			for (const [verifyIncoming, verifyOutgoing] of [
				[false, false],
				[false, true],
				[true, true],
			] as const) {
				for (const name of members) {
					const old = running.get(name)!;
					const { port } = old.address;
					await old.leave();
					running.delete(name);
					await begin(name, { port, keys: [KEY], verifyIncoming, verifyOutgoing });
					await agree([...running.values()], 'a b c d');
				}
				expect(events.flatMap(trouble)).toEqual([]);
			}
			const late = await start('late', { streams });
			await expect(late.join([at(running.get('a')!)])).rejects.toMatchObject({ code: 'MESH_JOIN_FAILED' });
			for (const mesh of running.values()) expect(names(mesh)).toBe('a b c d');
		},
		90_000,
	);
});

describe('an allow list', () => {
	const LIST: MeshOptions = { ...PATIENT, allowCidrs: ['127.0.0.1/32', '::1'], allowNames: ['longbow-*'] };
	const joins = (mesh: Mesh, peer: Mesh): Promise<unknown> => mesh.join([at(peer)]);

	it.each([true, false])(
		'keeps out addresses and names that are not on it (streams: %s)',
		async (streams) => {
			const first = await start('longbow-0', { ...LIST, streams });
			const second = await start('longbow-1', { ...LIST, streams, seeds: [at(first)] });
			await agree([first, second], 'longbow-0 longbow-1');
			const events = [first, second].map(log);

			const outside = await start('longbow-2', { ...PATIENT, streams, bindHost: '127.0.0.2' });
			await expect(joins(outside, first)).rejects.toMatchObject({ code: 'MESH_JOIN_FAILED' });
			const stranger = await start('stranger', { ...PATIENT, streams });
			// It is answered, as anybody is who pings; but it is nobody's member.
			await joins(stranger, first).catch((error: unknown) => expect(error).toMatchObject({ code: 'MESH_JOIN_FAILED' }));
			const refused = (mesh: Mesh, code: 'address-not-allowed' | 'name-not-allowed'): number =>
				mesh.status.counters.rejected[code] ?? 0;
			await until('the name to be refused', () => refused(first, 'name-not-allowed') > 0);
			expect(refused(first, 'address-not-allowed')).toBeGreaterThan(0);
			await expect(joins(first, outside)).rejects.toThrow('the allow list has it not');

			const third = await start('longbow-3', { ...LIST, streams, seeds: [at(first)] });
			await agree([first, second, third], 'longbow-0 longbow-1 longbow-3');
			for (const mesh of [first, second, third])
				expect(mesh.member('stranger') ?? mesh.member('longbow-2')).toBeUndefined();
			expect(events.flat().filter((event) => event.type === 'state' && event.to !== 'alive')).toEqual([]);
		},
		40_000,
	);

	it('that keeps this node out itself is told at the start', async () => {
		const options = { bindHost: '127.0.0.1', port: 0 };
		await expect(createMesh({ ...options, name: 'a', allowCidrs: ['10.0.0.0/8'] })).rejects.toMatchObject({
			code: 'MESH_NOT_ALLOWED',
			message: expect.stringMatching(
				/^127\.0\.0\.1:\d+ would be advertised, and the allow list has it not: 10\.0\.0\.0\/8$/,
			),
		});
		const name = 'allowNames: longbow-* does not allow this node\'s own name, "a"';
		await expect(createMesh({ ...options, name: 'a', allowNames: ['longbow-*'] })).rejects.toThrow(
			new RangeError(name),
		);
		const wrong = 'allowCidrs: "10.0.0.0/40" is no network; wanted is one such as 10.0.0.0/8 or fd00::/8';
		await expect(createMesh({ ...options, allowCidrs: ['10.0.0.0/40'] })).rejects.toThrow(new RangeError(wrong));
	});
});
