// When a node is ready, and what it says when it is not.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestSource, testMember, testSource } from '../../test/support/status-source.ts';
import type { DiscoveryHealth } from '../mesh/index.ts';
import type { MeshEvent } from '../swim/index.ts';
import { followReadiness, type ReadinessWatch } from './readiness.ts';

const SILENT: DiscoveryHealth = {
	provider: 'k8s',
	addresses: [],
	answeredAtMs: undefined,
	errors: 0,
	problem: undefined,
};
const ANSWERED: DiscoveryHealth = { ...SILENT, answeredAtMs: 1 };

let watch: ReadinessWatch | undefined;

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	watch?.stop();
	vi.useRealTimers();
});

class Node {
	readonly source: TestSource = testSource();
	readonly mesh: { status: TestSource; discovery: readonly DiscoveryHealth[] };
	readonly watch: ReadinessWatch;

	constructor(...discovery: DiscoveryHealth[]) {
		this.mesh = { status: this.source, discovery };
		this.watch = followReadiness(this.mesh);
		watch = this.watch;
	}

	/** Why it is not ready; empty when it is. */
	get reasons(): readonly string[] {
		const { ready, reasons } = this.watch.readiness;
		expect(ready).toBe(reasons.length === 0);
		return reasons;
	}

	passes(ms: number): void {
		for (let passed = 0; passed < ms; passed += 100) {
			this.source.clock += 100;
			vi.advanceTimersByTime(100);
		}
	}

	meets(...members: ReturnType<typeof testMember>[]): void {
		this.source.members = [testMember('a'), ...members];
	}

	/** With another member. */
	agrees(): void {
		Object.assign(this.source, { views: { ...this.source.views, of: 2, agree: 2 } });
	}

	tell(event: object): void {
		this.source.emit({ seq: 1, at: 1, ...event } as MeshEvent);
	}
}

const STATE = 'The state of the mesh is on its way here.';
const VIEW = 'No other member has had the same view as this node yet.';
const ALONE = 'No known address has answered yet.';

describe('a node that joins', () => {
	it('is ready when it has the state of a peer and a view equal to another', () => {
		const node = new Node(ANSWERED);
		node.passes(2_000);
		expect(node.reasons).toEqual([ALONE]);
		node.meets(testMember('b'));
		node.source.counters.syncsStarted = 1;
		node.passes(10_000);
		expect(node.reasons).toEqual([STATE]);
		node.source.counters.syncsCompleted = 1;
		node.passes(10_000);
		expect(node.reasons).toEqual([VIEW]);
		node.agrees();
		node.passes(100);
		expect(node.reasons).toEqual([]);
	});

	it('needs no transfer when the others came to it', () => {
		const node = new Node(ANSWERED);
		node.meets(testMember('b'));
		node.passes(100);
		expect(node.reasons).toEqual([VIEW]);
		node.agrees();
		node.passes(100);
		expect(node.reasons).toEqual([]);
	});

	it('waits for no digest of members that tell none', () => {
		const node = new Node(ANSWERED);
		node.meets(testMember('serf', { own: false }));
		node.passes(100);
		expect(node.reasons).toEqual([]);
	});

	it('takes a transfer over a stream as well', () => {
		const node = new Node(ANSWERED);
		node.meets(testMember('serf', { own: false }));
		node.source.counters.syncsStarted = 1;
		node.passes(100);
		expect(node.reasons).toEqual([STATE]);
		node.tell({ type: 'joined', through: { host: '10.0.0.2', port: 7946 }, via: 'stream', members: 2 });
		node.passes(100);
		expect(node.reasons).toEqual([]);
	});

	it('begins to wait anew when the only other one is gone again', () => {
		const node = new Node(ANSWERED);
		node.passes(2_900);
		node.meets(testMember('b', { state: 'suspect' }));
		node.passes(200);
		expect(node.reasons).toEqual([VIEW]);
		node.meets(testMember('b', { state: 'dead' }));
		node.passes(2_900);
		expect(node.reasons).toEqual([ALONE]);
		node.passes(200);
		expect(node.reasons).toEqual([]);
	});
});

describe('a node that is alone', () => {
	it('is ready 3 s after discovery has answered', () => {
		const node = new Node(SILENT, ANSWERED);
		node.passes(60_000);
		expect(node.reasons).toEqual(['Discovery by k8s has not answered yet.']);
		node.mesh.discovery = [ANSWERED, ANSWERED];
		node.passes(3_000);
		expect(node.reasons).toEqual([ALONE]);
		node.passes(100);
		expect(node.reasons).toEqual([]);
	});

	it.each(['unresolved', 'no-record', 'no-match'] as const)('takes %s for an answer', (code) => {
		const node = new Node({ ...SILENT, errors: 1, problem: { code, text: 'nobody' } });
		node.passes(3_100);
		expect(node.reasons).toEqual([]);
	});

	it.each(['unreachable', 'forbidden', 'unauthorized', 'failed'] as const)(
		'takes %s for none, and says why',
		(code) => {
			const node = new Node({ ...SILENT, errors: 1, problem: { code, text: 'so it is' } });
			node.passes(60_000);
			expect(node.reasons).toEqual(['Discovery by k8s has not answered yet: so it is.']);
		},
	);

	it('does not count the time in which the process was not run', () => {
		const node = new Node(ANSWERED);
		node.source.clock += 60_000;
		vi.advanceTimersByTime(100);
		expect(node.reasons).toEqual([ALONE]);
	});

	it('is ready at once when nobody is expected', () => {
		expect(new Node().reasons).toEqual([]);
	});
});

describe('a node that is ready', () => {
	it('stays so, whatever happens to discovery and to the others', () => {
		const node = new Node(ANSWERED);
		node.passes(3_100);
		node.mesh.discovery = [{ ...SILENT, problem: { code: 'unreachable', text: 'gone' } }];
		node.meets(testMember('b'));
		node.passes(60_000);
		expect(node.reasons).toEqual([]);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('is ready no more when it has lost its name, until the name is its own again', () => {
		const node = new Node();
		const [held, claimed] = [1, 2].map((last) => ({ host: `10.0.0.${last}`, port: last }));
		node.tell({ type: 'conflict', name: 'n', held, claimed, lost: false });
		expect(node.reasons).toEqual([]);
		node.tell({ type: 'conflict', name: 'n', held, claimed, lost: true });
		expect(node.reasons).toEqual(['Another process, at 10.0.0.2:2, has the name n.']);
		node.tell({ type: 'refuted', by: 'b', incarnation: 2 });
		expect(node.reasons).toEqual([]);
	});

	it('is ready no more when it leaves or shuts down', () => {
		const node = new Node();
		node.tell({ type: 'leaving' });
		expect(node.reasons).toEqual(['This node is leaving.']);
		node.watch.stop();
		expect(node.reasons).toEqual(['This node is leaving.', 'This node is shutting down.']);
	});
});
