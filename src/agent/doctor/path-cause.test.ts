// What silence on UDP is taken for, by what TCP and others say.

import { expect, it } from 'vitest';
import { type PathCause, pathCause } from './path-cause.ts';
import type { Path } from './paths.ts';
import type { StreamAnswer } from './stream-ping.ts';

function silent(tcp: StreamAnswer | undefined, reached = 0): Path {
	const target = { kind: 'member', name: 'b', address: { host: '10.0.0.2', port: 7946 } } as const;
	return { target, sent: 3, rttsMs: [], tcp, helpers: { asked: 2, reached } };
}

it.each<[PathCause['code'], Path]>([
	['udp-blocked', silent('answered')],
	// Others may reach it by UDP: then it is this path alone, but TCP passes, so it is a filter and no broken route.
	['udp-blocked', silent('answered', 2)],
	['path', silent('unreachable', 1)],
	['path', silent(undefined, 2)],
	['gone', silent('refused')],
	['hung', silent('silent')],
	['not-ours', silent('hung-up')],
	['cut-off', silent('unreachable')],
	['unknown', silent(undefined)],
])('%s', (code, path) => {
	const cause = pathCause(path);
	expect(cause.code).toBe(code);
	expect(cause.try.length).toBeGreaterThan(0);
});
