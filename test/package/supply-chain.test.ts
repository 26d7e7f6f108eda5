// What a user can check of where the package comes from: the bill of materials, the notices, the lockfile, the workflows.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repository } from './installed.ts';

const folder = mkdtempSync(join(tmpdir(), 'longbow-sbom-'));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const notices = read('THIRD-PARTY.md');
const rows = [...notices.matchAll(/^\| ([^|\s]+) \| (\d[^|\s]*) \| ([^|]+) \|$/gm)];

interface Component {
	readonly name: string;
	readonly version: string;
	readonly purl: string;
	readonly hashes?: readonly { readonly alg: string }[];
}

interface Locked {
	readonly version?: string;
	readonly integrity?: string;
	readonly hasInstallScript?: boolean;
	readonly optional?: boolean;
	readonly dev?: boolean;
	readonly link?: boolean;
}

describe('the bill of materials', () => {
	it('is CycloneDX and lists what THIRD-PARTY.md lists, with hashes', () => {
		const path = join(folder, 'sbom.cdx.json');
		execFileSync(process.execPath, ['scripts/sbom.mjs', path], { cwd: repository });
		const document = JSON.parse(readFileSync(path, 'utf8'));
		expect(document.bomFormat).toBe('CycloneDX');
		expect(document.metadata.component).toMatchObject({
			name: 'longbow-mesh',
			purl: expect.stringContaining('longbow-mesh'),
		});
		const components = document.components as Component[];
		const listed = rows.map(([, name, version]) => `${name}@${version}`).sort();
		expect(listed.length).toBeGreaterThan(20);
		expect(components.map(({ name, version }) => `${name}@${version}`).sort()).toEqual([...new Set(listed)]);
		expect(components.filter(({ hashes }) => !hashes?.some(({ alg }) => alg === 'SHA-512'))).toEqual([]);
	});
});

describe('THIRD-PARTY.md', () => {
	it('has a notice for each package of its table', () => {
		const without = rows.filter(([, name, version]) => !notices.includes(`\n## ${name} ${version}\n`));
		expect(without).toEqual([]);
	});
});

describe('the lockfile', () => {
	const packages = Object.entries(JSON.parse(read('package-lock.json')).packages as Record<string, Locked>);

	it('has a hash of every package, but for builds of tools that other platforms would use', () => {
		const without = packages.filter(([path, { integrity, link }]) => path !== '' && !integrity && !link);
		expect(without.filter(([, { optional, dev }]) => !(optional && dev)).map(([path]) => path)).toEqual([]);
	});

	it('has install scripts only of tools that are known to have them', () => {
		const scripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
		// esbuild checks its binary, fsevents is for macOS; protobufjs prints a warning about versions. None is needed.
		const known = ['esbuild', 'fsevents', 'protobufjs'];
		expect(scripts.filter((path) => !known.includes(path.replace(/^.*node_modules\//, '')))).toEqual([]);
	});
});

describe('the workflows', () => {
	const workflows = readdirSync(join(repository, '.github/workflows'));

	it.each(workflows)('%s names the version of each action, and may write nothing by default', (file) => {
		const text = read(`.github/workflows/${file}`);
		const actions = [...text.matchAll(/uses: ([^\s]+)/g)].map(([, action]) => action!);
		const loose = actions.filter(
			(action) => !action.startsWith('./') && !/@(v\d+\.\d+\.\d+|[0-9a-f]{40})$/.test(action),
		);
		expect(loose).toEqual([]);
		expect(parse(text).permissions).toEqual({ contents: 'read' });
	});

	it('publish.yml publishes with provenance, after the checks, with no token', () => {
		const { on, jobs } = parse(read('.github/workflows/publish.yml'));
		expect(on).toEqual({ release: { types: ['published'] } });
		expect(jobs.publish.needs).toBe('check');
		expect(jobs.publish.permissions['id-token']).toBe('write');
		const commands = jobs.publish.steps.map(({ run = '' }: { run?: string }) => run).join('\n');
		expect(commands).toContain('--provenance');
		expect(JSON.stringify(jobs)).not.toMatch(/secrets\./);
	});
});
