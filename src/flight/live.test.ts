// MeshLive: a snapshot, then what changes, folded by whoever reads; beats while nothing does.

import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, serveFlight } from '../../test/support/flight-server.ts';
import { testMember, testSource } from '../../test/support/status-source.ts';
import { fold, type LiveSnapshot } from '../status/index.ts';
import { followAction, type LiveDocument } from './index.ts';

afterEach(closeAll);

describe('MeshLive', () => {
	it('is a snapshot, and folds to the next one as the node changes', async () => {
		const source = testSource([testMember('a'), testMember('b')]);
		const { address } = await serveFlight({ source });
		const stop = new AbortController();
		const options = { timeoutMs: 20_000, signal: stop.signal };
		let snapshot: LiveSnapshot | undefined;
		let documents = 0;
		for await (const answer of followAction(address, 'MeshLive', undefined, options)) {
			const document = answer as LiveDocument;
			documents++;
			if ('snapshot' in document) {
				snapshot = document.snapshot;
				expect(snapshot.node).toMatchObject({ name: 'a', cluster: 'prod', version: '0.9.0', origin: 'live', keys: 2 });
				expect(snapshot.members.map(({ ID, Status }) => [ID, Status])).toEqual([
					['a', 0],
					['b', 0],
				]);
				source.members = [testMember('a'), testMember('b', { state: 'suspect' })];
				source.emit({ seq: 7, at: source.clock, type: 'stall', lateMs: 900 });
			} else if ('delta' in document) {
				snapshot = fold(snapshot as LiveSnapshot, document.delta);
				if (snapshot.members[1]?.Status === 1 && snapshot.seq === 7) stop.abort();
			}
		}
		expect(documents).toBeGreaterThanOrEqual(2);
		expect(snapshot?.mesh.counts).toEqual({ alive: 1, suspect: 1, dead: 0, left: 0 });
		expect(snapshot?.events.at(-1)).toMatchObject({ seq: 7, type: 'stall' });
	});

	it('is refused a body', async () => {
		const { address } = await serveFlight();
		const answers = followAction(address, 'MeshLive', { since: 1 }, { timeoutMs: 20_000 });
		await expect(answers.next()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
	});
});
