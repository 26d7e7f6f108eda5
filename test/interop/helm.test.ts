// The chart as a whole: lint, and what each set of values renders, compared with goldens (`npx vitest run … -u` rewrites them).

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { kubeToolsPresent } from '../support/kube-tools.ts';
import { CHART, helm, only, type Release, render, renderNotes, renderText } from './support/helm.ts';
import { typeProblems } from './support/helm-types.ts';

const FOLDER = fileURLToPath(new URL('../golden/helm', import.meta.url));
const SETS = readdirSync(FOLDER).flatMap((file) => /^(.+)\.values\.yaml$/.exec(file)?.[1] ?? []);
/** Elsewhere the release is neither called nor placed as the seed's examples have it. */
const SEED_RELEASE = ['defaults', 'single', 'ordered'];
const present = kubeToolsPresent('the Helm chart');

function release(set: string): Release {
	const place = SEED_RELEASE.includes(set) ? {} : { name: 'blue', namespace: 'prod' };
	return { ...place, file: join(FOLDER, `${set}.values.yaml`) };
}

describe.runIf(present)('the chart', () => {
	it('passes helm lint --strict with every set of values', async () => {
		expect(SETS.length).toBeGreaterThanOrEqual(8);
		const files = SETS.map((set) => join(FOLDER, `${set}.values.yaml`));
		await Promise.all(files.map((file) => helm(['lint', '--strict', '--quiet', CHART, '--values', file])));
	});

	it.each(SETS)('renders %s as its golden says', async (set) => {
		await expect(await renderText(release(set))).toMatchFileSnapshot(join(FOLDER, `${set}.golden.txt`));
	});

	it.each(SETS)('renders %s as objects that the Kubernetes API knows, without unknown fields', async (set) => {
		const problems = (await render(release(set))).flatMap((object) =>
			(typeProblems(object) ?? []).map((problem) => `${object.kind} ${object.metadata.name}: ${problem}`),
		);
		expect(problems).toEqual([]);
	});

	it('would notice a misspelt field and a wrong type', async () => {
		const statefulSet = only(await render({ values: { livenessProbe: { perodSeconds: 3 } } }), 'StatefulSet');
		const path = '/spec/template/spec/containers/0/livenessProbe/perodSeconds';
		expect(typeProblems(statefulSet)).toEqual([`unknown field ${path}`]);
		const wrong = only(await render({ values: { affinity: { nodeAffinity: 'near' } } }), 'StatefulSet');
		expect(typeProblems(wrong)?.join()).toContain('nodeAffinity');
	});

	it('renders the same for the oldest Kubernetes that it admits, but for what that one lacks', async () => {
		const old = await render({ kubeVersion: '1.25.0' });
		expect(only(old, 'PodDisruptionBudget').spec.unhealthyPodEvictionPolicy).toBeUndefined();
		await expect(renderText({ kubeVersion: '1.24.0' })).rejects.toThrow('kubeVersion');
	});
});

describe.runIf(present)('the notes', () => {
	it('say which commands to type, and that nothing is encrypted', async () => {
		const notes = await renderNotes({ name: 'blue', namespace: 'prod' });
		expect(notes).toContain('kubectl -n prod exec blue-longbow-0 -- longbow-mesh members');
		expect(notes).toContain('label      prod/blue');
		expect(notes).toContain('NOT encrypted');
	});

	it('say that a Serf cluster has no label, and nothing of encryption when there are keys', async () => {
		const notes = await renderNotes(release('serf'));
		expect(notes).toContain('label      none');
		expect(notes).toContain('Serf knows none');
		expect(notes).not.toContain('NOT encrypted');
	});

	it('name the Role that is missing when rbac.create is false', async () => {
		expect(await renderNotes(release('ipv6'))).toContain('get, list and watch pods in prod');
	});
});
