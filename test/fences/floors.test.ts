// The floors of .dependency-cruiser.mjs hold, and the tool that watches them really reads the tree.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { repository, toolReport, withTree } from './tree.ts';

interface Report {
	readonly modules: readonly {
		readonly source: string;
		readonly dependencies: readonly { readonly resolved: string }[];
	}[];
	readonly summary: {
		readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
	};
}

const CONFIG = join(repository, '.dependency-cruiser.mjs');

function cruise(folder: string): Report {
	const args = ['--config', CONFIG, '--output-type', 'json', 'src'];
	return toolReport('dependency-cruiser/bin/dependency-cruise.mjs', args, folder) as Report;
}

/** One forbidden import a file, and the rule that must report it. */
const FORBIDDEN = [
	['src/swim/upward.ts', "import '../wire/index.ts';", 'floor-swim'],
	['src/wire/sideways.ts', "import '../net/index.ts';", 'floor-wire'],
	['src/mesh/twin.ts', "import '../sim/index.ts';", 'floor-mesh'],
	['src/http/sideways.ts', "import '../flight/index.ts';", 'floor-http'],
	['src/dashboard/upward.ts', "import '../mesh/index.ts';", 'floor-dashboard'],
	['src/dashboard/Upward.svelte', '<script lang="ts">import \'../mesh/index.ts\';</script>', 'floor-dashboard'],
	['src/mesh/type-only.ts', "import type { X } from '../agent/index.ts';", 'floor-mesh'],
	['src/mesh/deep.ts', "import '../wire/inner.ts';", 'through-the-index'],
	['src/shared/anything.ts', "import '../swim/index.ts';", 'only-listed-folders'],
	['src/net/egg.ts', "import './hen.ts';", 'no-cycles'],
	['src/mesh/logs.ts', "import 'pino';", 'owner-pino'],
	['src/http/calls.ts', "import '@grpc/grpc-js';", 'owner-@grpc/grpc-js'],
	['src/agent/unowned.ts', "import 'left-pad';", 'only-owned-packages'],
	['src/ring/sockets.ts', "import 'node:dgram';", 'pure'],
	['src/ring/hash-ring.ts', "import './ring-follower.ts';", 'ring-without-events'],
	['src/agent/at-run-time.ts', "await import('pino');", 'packages-by-name'],
	['src/net/test-code.ts', "import './udp.test.ts';", 'no-test-code'],
	['src/net/nowhere.ts', "import './nowhere-else.ts';", 'resolvable'],
] as const;

const ALLOWED = {
	'src/swim/index.ts': "export type X = 'x';",
	'src/wire/index.ts': "import '../swim/index.ts'; import './inner.ts';",
	'src/wire/inner.ts': 'export {};',
	'src/net/hen.ts': "import './egg.ts';", // a cycle is reported once
	'src/net/index.ts': "import 'node:dgram'; import '../swim/index.ts';",
	'src/net/udp.test.ts': "import '../wire/inner.ts';",
	'src/sim/index.ts': "import '../wire/index.ts';",
	'src/flight/index.ts': "import '@grpc/grpc-js'; import '../mesh/index.ts';",
	'src/mesh/index.ts': "import '../swim/index.ts';",
	'src/agent/index.ts': "import 'pino'; import '../flight/index.ts'; export type X = 'x';",
	'src/ring/ring-follower.ts': "import '../swim/index.ts';",
};

const PACKAGES = Object.fromEntries(
	['pino', '@grpc/grpc-js', 'left-pad'].flatMap((name) => [
		[`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
		[`node_modules/${name}/index.js`, ''],
	]),
);

describe('the floors', () => {
	const reported = new Map<string, string[]>();

	beforeAll(() => {
		const forbidden = Object.fromEntries(FORBIDDEN.map(([path, text]) => [path, text]));
		const { summary } = withTree({ ...ALLOWED, ...forbidden, ...PACKAGES }, cruise);
		for (const { from, rule } of summary.violations) reported.set(from, [...(reported.get(from) ?? []), rule.name]);
	});

	it.each(FORBIDDEN)('reports %s: %s as %s', (path, _text, rule) => {
		expect(reported.get(path)).toContain(rule);
	});

	it('reports nothing else', () => {
		const expected = new Set<string>(FORBIDDEN.map(([path]) => path));
		expect([...reported.keys()].filter((path) => !expected.has(path))).toEqual([]);
	});
});

describe('the watch over this repository', () => {
	it('reads every file of src and every import in it, and finds nothing', () => {
		const { modules, summary } = cruise(repository);
		const importing = new Set(
			modules.filter(({ dependencies }) => dependencies.length > 0).map(({ source }) => source),
		);
		const files = readdirSync(join(repository, 'src'), { recursive: true, encoding: 'utf8' })
			.map((path) => `src/${path.replaceAll('\\', '/')}`)
			.filter(
				(path) =>
					path.endsWith('.ts') && /^(import|export) .*from '/m.test(readFileSync(join(repository, path), 'utf8')),
			);

		expect(files.length).toBeGreaterThan(30);
		expect(files.filter((path) => !importing.has(path))).toEqual([]);
		expect(summary.violations).toEqual([]);
	});
});
