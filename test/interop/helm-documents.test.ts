// What comes with the chart: its README, the plain manifests, alerts and dashboards.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { kubeToolsPresent, toolPath } from '../support/kube-tools.ts';
import { CHART, type KubeObject, objectsOf, only, render } from './support/helm.ts';
import { typeProblems } from './support/helm-types.ts';

const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url));
const SEED_LABELS = { 'app.kubernetes.io/name': 'longbow' };
const present = kubeToolsPresent('the plain manifests');
const read = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8');

/** Every value that is not a group of others. Maps and lists of the user's own are values. */
function leaves(values: object, prefix = ''): readonly (readonly [path: string, value: unknown])[] {
	return Object.entries(values).flatMap(([key, value]) => {
		const path = `${prefix}${key}`;
		return GROUPS.has(path) ? leaves(value, `${path}.`) : [[path, value] as const];
	});
}

/** The groups are the objects with closed properties in the schema. */
const GROUPS = closedObjects(JSON.parse(read(CHART, 'values.schema.json')), '');

// biome-ignore lint/suspicious/noExplicitAny: a JSON schema
function closedObjects(schema: any, path: string, root = schema): Set<string> {
	const { $ref } = schema;
	const target = $ref ? root.definitions[$ref.split('/').at(-1)] : schema;
	if (!target.properties || target.additionalProperties !== false) return new Set();
	const inner = Object.entries(target.properties).flatMap(([key, each]) => [
		...closedObjects(each, path === '' ? key : `${path}.${key}`, root),
	]);
	return new Set([...(path === '' ? [] : [path]), ...inner]);
}

describe('the documentation of the chart', () => {
	it('seed 30: lists every value with its default, and no other', () => {
		const rows = [
			...read(CHART, 'README.md').matchAll(/^\| `([\w.]+)` \| (?:`(.+?)`|\[values\.yaml\]\(values\.yaml\)) \|/gm),
		];
		const inFull = (value: unknown): boolean => JSON.stringify(value).length <= 70;
		const listed = rows.map(([, path, value]) => [path, value === undefined ? 'see values.yaml' : parse(value)]);
		const values = leaves(parse(read(CHART, 'values.yaml')));
		expect(listed).toEqual(values.map(([path, value]) => [path, inFull(value) ? value : 'see values.yaml']));
	});

	it('seed 30: the schema knows every value', () => {
		const schema = JSON.parse(read(CHART, 'values.schema.json'));
		expect(Object.keys(schema.properties).filter((key) => key !== 'global')).toEqual(
			Object.keys(parse(read(CHART, 'values.yaml'))),
		);
	});

	it('seed 30: the versions of chart and package agree', () => {
		const { version } = JSON.parse(read(DEPLOY, '../package.json'));
		expect(parse(read(CHART, 'Chart.yaml')).appVersion).toBe(version);
	});
});

describe.runIf(present)('the plain manifests', () => {
	const built = (): readonly KubeObject[] => {
		const { status, stdout, stderr } = spawnSync(toolPath('kubectl'), ['kustomize', join(DEPLOY, 'kubernetes')], {
			encoding: 'utf8',
		});
		expect(status, stderr).toBe(0);
		return objectsOf(stdout);
	};

	it('are built by kubectl and known to the Kubernetes API', () => {
		const objects = built();
		expect(objects.map(({ kind }) => kind).sort()).toEqual(
			['NetworkPolicy', 'Role', 'RoleBinding', 'Service', 'StatefulSet'].sort(),
		);
		for (const object of objects) expect(typeProblems(object)).toEqual([]);
	});

	it("seed 26: are the seed's StatefulSet and headless Service", () => {
		const objects = built();
		const { spec } = only(objects, 'StatefulSet');
		expect(spec).toMatchObject({ serviceName: 'longbow', replicas: 3, selector: { matchLabels: SEED_LABELS } });
		expect(spec.template.metadata.labels).toEqual(SEED_LABELS);
		expect(spec.template.spec.containers).toEqual([
			{
				name: 'longbow',
				image: 'ghcr.io/23skdu/longbow:latest',
				env: [
					{ name: 'LONGBOW_GOSSIP_ENABLED', value: 'true' },
					{ name: 'LONGBOW_GOSSIP_PORT', value: '7946' },
					{ name: 'LONGBOW_GOSSIP_DISCOVERY_PROVIDER', value: 'k8s' },
				],
				ports: [{ name: 'gossip', containerPort: 7946, protocol: 'UDP' }],
			},
		]);
		expect(only(objects, 'Service').spec).toEqual({
			clusterIP: 'None',
			selector: SEED_LABELS,
			ports: [{ name: 'gossip', port: 7946, protocol: 'UDP' }],
		});
	});

	it("seed 16: are the seed's NetworkPolicy", () => {
		expect(only(built(), 'NetworkPolicy').spec).toEqual({
			podSelector: { matchLabels: SEED_LABELS },
			ingress: [{ from: [{ podSelector: { matchLabels: SEED_LABELS } }], ports: [{ protocol: 'UDP', port: 7946 }] }],
		});
	});

	it('let the pods read the pods beside them, as provider k8s needs', () => {
		const objects = built();
		expect(only(objects, 'Role').rules[0]).toEqual({
			apiGroups: [''],
			resources: ['pods'],
			verbs: ['get', 'list', 'watch'],
		});
		expect(only(objects, 'RoleBinding').subjects).toEqual([
			{ kind: 'ServiceAccount', name: 'default', namespace: 'default' },
		]);
	});
});

describe('monitoring', () => {
	const originals = {
		'rules.yml': join(DEPLOY, 'prometheus/rules.yml'),
		'longbow-mesh.json': join(DEPLOY, 'grafana/longbow-mesh.json'),
	};

	it('the files in the chart, which can read no others, are copies of the originals', () => {
		for (const [name, original] of Object.entries(originals)) {
			const copy = join(CHART, 'files', name);
			expect(existsSync(copy), name).toBe(existsSync(original));
			if (existsSync(original)) expect(read(copy)).toBe(read(original));
		}
		expect(readdirSync(join(CHART, 'files')).every((name) => name in originals)).toBe(true);
	});

	it.runIf(present)('the PrometheusRule holds the alerts and the groups of the values', async () => {
		const groups = [{ name: 'ours', rules: [] }];
		const objects = await render({ values: { prometheusRule: { enabled: true, groups } } });
		expect(only(objects, 'PrometheusRule').spec.groups).toEqual([
			...parse(read(originals['rules.yml'])).groups,
			...groups,
		]);
	});

	it.runIf(present)('the ServiceMonitor selects the Service of the metrics, and that one alone', async () => {
		const objects = await render({ values: { serviceMonitor: { enabled: true } } });
		const { selector, endpoints } = only(objects, 'ServiceMonitor').spec;
		const selected = objects.filter(
			({ kind, metadata }) =>
				kind === 'Service' &&
				Object.entries(selector.matchLabels).every(([name, value]) => metadata.labels[name] === value),
		);
		expect(selected.map(({ metadata }) => metadata.name)).toEqual(['longbow-metrics']);
		expect(selected[0].spec.ports[0].name).toBe(endpoints[0].port);
	});

	it.runIf(present)('the ConfigMap of the dashboard holds its JSON as it is', async () => {
		const json = '{"title":"{{instance}}"}';
		const objects = await render({ values: { dashboard: { enabled: true, json } } });
		expect(only(objects, 'ConfigMap').data).toEqual({ 'longbow-mesh.json': json });
		expect(only(objects, 'ConfigMap').metadata.labels).toMatchObject({ grafana_dashboard: '1' });
	});
});
