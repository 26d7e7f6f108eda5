// How the chart's objects fit together: what selects what, which names agree, who may reach whom.

import { describe, expect, it } from 'vitest';
import { kubeToolsPresent } from '../support/kube-tools.ts';
import { type KubeObject, only, type Release, render } from './support/helm.ts';

const present = kubeToolsPresent('how the objects of the Helm chart fit together');
const BLUE: Release = { name: 'blue', namespace: 'prod' };
const RELEASES: readonly Release[] = [
	{},
	BLUE,
	{ ...BLUE, values: { fullnameOverride: 'mesh', commonLabels: { a: 'b' } } },
];
const SEED_LABELS = { 'app.kubernetes.io/name': 'longbow' };

/** Whether a selector's labels are all among those of a pod. */
function selects(selector: Record<string, string>, { metadata }: KubeObject): boolean {
	return Object.entries(selector).every(([name, value]) => metadata.labels[name] === value);
}

function podOf(objects: readonly KubeObject[]): KubeObject {
	return only(objects, 'StatefulSet').spec.template;
}

/** The SRV names that the cluster's DNS makes of a headless Service. */
function srvNames({ metadata, spec }: KubeObject, domain = 'cluster.local'): string[] {
	return spec.ports.map(
		({ name, protocol }: KubeObject) =>
			`_${name}._${protocol.toLowerCase()}.${metadata.name}.${metadata.namespace}.svc.${domain}`,
	);
}

function variable(objects: readonly KubeObject[], name: string): string {
	return podOf(objects).spec.containers[0].env.find((each: KubeObject) => each.name === name)?.value;
}

describe.runIf(present).each(RELEASES)('the objects of %j', (release) => {
	it('seed 26: every Service, policy and budget selects the pods of the StatefulSet, and not the pod of helm test', async () => {
		const objects = await render(release);
		const pod = podOf(objects);
		const testPod = only(objects, 'Pod');
		const policy = only(objects, 'NetworkPolicy').spec;
		const selectors = [
			...objects.filter(({ kind }) => kind === 'Service').map(({ spec }) => spec.selector),
			only(objects, 'StatefulSet').spec.selector.matchLabels,
			only(objects, 'PodDisruptionBudget').spec.selector.matchLabels,
			policy.podSelector.matchLabels,
			policy.ingress[0].from[0].podSelector.matchLabels,
			...pod.spec.topologySpreadConstraints.map(({ labelSelector }: KubeObject) => labelSelector.matchLabels),
		];
		expect(selectors).toHaveLength(9);
		for (const selector of selectors) {
			expect(selects(selector, pod)).toBe(true);
			expect(selects(selector, testPod)).toBe(false);
		}
	});

	it('seed 26: the StatefulSet is governed by the headless Service, which names members before they are ready', async () => {
		const objects = await render(release);
		const { spec, metadata } = only(objects, 'StatefulSet');
		const headless = only(objects, 'Service', spec.serviceName).spec;
		expect(metadata.name).toBe(spec.serviceName);
		expect(headless).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
		expect(spec.podManagementPolicy).toBe('Parallel');
	});

	it('the default dnsRecord is an SRV name of the headless Service', async () => {
		const objects = await render(release);
		const headless = only(objects, 'Service', only(objects, 'StatefulSet').spec.serviceName);
		expect(srvNames(headless)[0]).toBe(variable(objects, 'LONGBOW_GOSSIP_DNS_RECORD'));
	});

	it('the default selector of provider k8s finds the pods', async () => {
		const objects = await render(release);
		expect(variable(objects, 'LONGBOW_GOSSIP_LABEL_SELECTOR')).toBe('app.kubernetes.io/name=longbow');
		expect(selects(SEED_LABELS, podOf(objects))).toBe(true);
	});

	it('every port of a Service and of a probe is one of the container, by name', async () => {
		const objects = await render(release);
		const [container] = podOf(objects).spec.containers;
		const ports = new Map(container.ports.map((port: KubeObject) => [port.name, port]));
		for (const { spec } of objects.filter(({ kind }) => kind === 'Service')) {
			for (const { name, port, protocol, targetPort = name } of spec.ports) {
				expect(ports.get(targetPort)).toEqual({ name: targetPort, containerPort: port, protocol });
			}
		}
		for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
			expect(ports.has(container[probe].httpGet.port)).toBe(true);
		}
	});

	it('the pod of helm test asks the Service of the status API', async () => {
		const objects = await render(release);
		const { args } = only(objects, 'Pod').spec.containers[0];
		const [host, port] = args[args.indexOf('--addr') + 1].split(':');
		expect(only(objects, 'Service', host).spec.ports[0].port).toBe(Number(port));
	});

	it('names and labels are such as the API takes', async () => {
		for (const { metadata } of await render(release)) {
			expect(metadata.name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
			expect(metadata.namespace).toBe(release.namespace ?? 'default');
			for (const value of Object.values(metadata.labels))
				expect(value).toMatch(/^[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/);
		}
	});
});

describe.runIf(present)('the NetworkPolicy', () => {
	const ports = (rule: KubeObject): string[] =>
		rule.ports.map(({ protocol, port }: KubeObject) => `${protocol} ${port}`);

	it("seed 16: begins with the seed's rule, unchanged", async () => {
		const { ingress, policyTypes } = only(await render(BLUE), 'NetworkPolicy').spec;
		expect(ingress[0]).toEqual({
			from: [{ podSelector: { matchLabels: SEED_LABELS } }],
			ports: [{ protocol: 'UDP', port: 7946 }],
		});
		expect(policyTypes).toEqual(['Ingress']);
	});

	it('opens TCP 7946 to the same pods only when streams are on, and follows the port', async () => {
		const opened = async (gossip: object): Promise<string[]> =>
			only(await render({ values: { gossip } }), 'NetworkPolicy').spec.ingress.flatMap(ports);
		expect(await opened({})).toEqual(['UDP 7946', 'TCP 7946', 'TCP 3001', 'TCP 9090', 'TCP 3000']);
		expect(await opened({ streams: false, port: 8000 })).toEqual(['UDP 8000', 'TCP 3001', 'TCP 9090', 'TCP 3000']);
		expect(await opened({ enabled: false })).toEqual(['TCP 3001', 'TCP 9090', 'TCP 3000']);
	});

	it('lets in to the other ports whom the values choose; members and the pod of helm test always reach the status API', async () => {
		const operators = [{ podSelector: { matchLabels: { role: 'operator' } } }];
		const doors = { meta: { from: operators }, metrics: { from: operators }, data: { enabled: false } };
		const objects = await render({ ...BLUE, values: { networkPolicy: doors } });
		const [, , meta, metrics, ...more] = only(objects, 'NetworkPolicy').spec.ingress;
		expect(more).toEqual([]);
		expect(metrics.from).toEqual(operators);
		const [own, test, ...others] = meta.from.map(({ podSelector }: KubeObject) => podSelector.matchLabels);
		expect(selects(own, podOf(objects))).toBe(true);
		expect(selects(test, only(objects, 'Pod'))).toBe(true);
		expect(others).toEqual([{ role: 'operator' }]);
	});

	it('restricted egress leaves the peers, DNS and, for provider k8s alone, the API server', async () => {
		const networkPolicy = { egress: { enabled: true } };
		const egress = async (provider: string): Promise<KubeObject> =>
			only(await render({ values: { networkPolicy, gossip: { discovery: { provider } } } }), 'NetworkPolicy').spec;
		const { policyTypes, egress: rules } = await egress('static,k8s');
		expect(policyTypes).toEqual(['Ingress', 'Egress']);
		expect(rules.map(ports)).toEqual([
			['UDP 7946', 'TCP 7946', 'TCP 3001'],
			['UDP 53', 'TCP 53'],
			['TCP 443', 'TCP 6443'],
		]);
		expect(rules[0].to).toEqual([{ podSelector: { matchLabels: SEED_LABELS } }]);
		expect((await egress('dns')).egress).toHaveLength(2);
	});

	it('admits peers of another namespace when discovery looks there', async () => {
		const values = { gossip: { discovery: { namespace: 'elsewhere' } }, networkPolicy: { egress: { enabled: true } } };
		const { ingress, egress } = only(await render({ ...BLUE, values }), 'NetworkPolicy').spec;
		const theirs = {
			namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'elsewhere' } },
			podSelector: { matchLabels: SEED_LABELS },
		};
		expect(ingress[2]).toMatchObject({ from: [theirs] });
		expect(egress[0].to).toContainEqual(theirs);
	});
});

describe.runIf(present)('access to the API server', () => {
	it('is to get, list and watch pods, and only for provider k8s', async () => {
		const objects = await render(BLUE);
		const account = only(objects, 'ServiceAccount').metadata;
		const binding = only(objects, 'RoleBinding');
		expect(only(objects, 'Role').rules).toEqual([
			{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
		]);
		expect(binding.subjects).toEqual([{ kind: 'ServiceAccount', name: account.name, namespace: account.namespace }]);
		expect(binding.roleRef.name).toBe(only(objects, 'Role').metadata.name);
		expect(podOf(objects).spec).toMatchObject({ serviceAccountName: account.name, automountServiceAccountToken: true });
		for (const gossip of [
			{ discovery: { provider: 'dns' } },
			{ discovery: { provider: 'static' } },
			{ enabled: false },
		]) {
			const without = await render({ values: { gossip } });
			expect(without.filter(({ kind }) => /^(ServiceAccount|Role|RoleBinding)$/.test(kind))).toEqual([]);
			expect(podOf(without).spec).toMatchObject({ serviceAccountName: 'default', automountServiceAccountToken: false });
		}
	});

	it('is given where the peers are, under a name that tells whose it is', async () => {
		const objects = await render({ ...BLUE, values: { gossip: { discovery: { namespace: 'elsewhere' } } } });
		for (const kind of ['Role', 'RoleBinding']) {
			expect(only(objects, kind).metadata).toMatchObject({ namespace: 'elsewhere', name: 'prod-blue-longbow' });
		}
		expect(only(objects, 'RoleBinding').subjects[0].namespace).toBe('prod');
	});
});

describe.runIf(present)('the pod', () => {
	it('says goodbye before it is ended, and has time for it', async () => {
		const { spec } = podOf(await render());
		expect(spec.containers[0].lifecycle.preStop.exec.command.slice(0, 3)).toEqual(['longbow-mesh', 'leave', '--yes']);
		expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(5); // leaving takes 3 s at most, the command a second
	});

	it('is not root, writes nothing and may nothing', async () => {
		for (const { spec } of [podOf(await render()), only(await render(), 'Pod')]) {
			expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
			expect(spec.containers[0].securityContext).toEqual({
				allowPrivilegeEscalation: false,
				readOnlyRootFilesystem: true,
				capabilities: { drop: ['ALL'] },
			});
		}
	});

	it('gets no variables of Services, whose names may be those of ours', async () => {
		expect(podOf(await render()).spec.enableServiceLinks).toBe(false);
	});

	it('is one of one, or one after the other, when the values say so', async () => {
		const single = only(await render({ values: { replicas: 1 } }), 'StatefulSet').spec;
		expect(single).toMatchObject({ replicas: 1, podManagementPolicy: 'Parallel' });
		const ordered = only(await render({ values: { podManagementPolicy: 'OrderedReady' } }), 'StatefulSet').spec;
		expect(ordered).toMatchObject({ replicas: 3, podManagementPolicy: 'OrderedReady' });
	});

	it('keeps its own selector in a spread constraint that has one', async () => {
		const own = {
			maxSkew: 1,
			topologyKey: 'rack',
			whenUnsatisfiable: 'DoNotSchedule',
			labelSelector: { matchLabels: { a: 'b' } },
		};
		const { spec } = podOf(await render({ values: { topologySpreadConstraints: [own] } }));
		expect(spec.topologySpreadConstraints).toEqual([own]);
	});
});
