// When a node is ready, and what it says when it is not.

import { describe, expect, it } from 'vitest';
import type { StatusSource } from '../status/index.ts';
import type { MeshEvent } from '../swim/index.ts';
import { followReadiness } from './readiness.ts';

describe('followReadiness', () => {
	it('is ready until it leaves or has lost its name', () => {
		const listeners: ((event: MeshEvent) => void)[] = [];
		const onEvent: StatusSource['onEvent'] = (listener) => {
			listeners.push(listener);
			return () => undefined;
		};
		const ready = followReadiness({ onEvent } as StatusSource);
		const tell = (event: object): void => {
			for (const listener of listeners) listener({ seq: 1, at: 1, ...event } as MeshEvent);
		};
		const conflict = {
			type: 'conflict',
			name: 'n',
			held: { host: '10.0.0.1', port: 1 },
			claimed: { host: '10.0.0.2', port: 2 },
		};
		expect(ready()).toEqual({ ready: true, reasons: [] });
		tell({ ...conflict, lost: false });
		expect(ready().ready).toBe(true);
		tell({ ...conflict, lost: true });
		expect(ready()).toEqual({ ready: false, reasons: ['Another process, at 10.0.0.2:2, has the name n.'] });
		tell({ type: 'leaving' });
		expect(ready().reasons).toHaveLength(2);
	});
});
