// Check `k8s`: whether the API server answers, lets us list pods, and has pods that the selector means.

import type { DiscoveryProblem } from '../../../discovery/index.ts';
import type { Surroundings } from '../context.ts';
import { type Finding, fail, pass, skip } from '../finding.ts';
import { verdictAndStep } from '../text.ts';

export function checkK8s({ config, discovery }: Surroundings): Finding {
	const provider = discovery.find((each) => each.provider === 'k8s');
	if (!provider) return skip('not used');
	const { labelSelector, namespace = "the pod's own" } = config.gossip.discovery;
	const { problem, addresses, answeredAtMs } = provider;
	const data = { labelSelector, namespace, addresses: addresses.length };
	if (problem) return broken(problem, { labelSelector, namespace }, data);
	if (answeredAtMs === undefined)
		return fail('the API server has not answered yet', { try: ['longbow-mesh doctor --only k8s in some seconds'] });
	return pass(
		`may list pods in ${namespaceText(namespace)}; ${labelSelector} matches ${addresses.length} with an address`,
		data,
	);
}

function broken(
	{ code, text }: DiscoveryProblem,
	{ labelSelector, namespace }: { readonly labelSelector: string; readonly namespace: string },
	data: Readonly<Record<string, unknown>>,
): Finding {
	const { verdict, step } = verdictAndStep(text);
	const steps = step === undefined ? [] : [step];
	const inNamespace = namespace.includes(' ') ? '' : ` -n ${namespace}`;
	const found = (why: string, ...more: readonly string[]): Finding =>
		fail(verdict, { why, try: [...steps, ...more], data: { ...data, code } });
	switch (code) {
		case 'forbidden':
			return found(
				'Its ServiceAccount lacks a Role with list and watch on pods.',
				'helm upgrade … --set rbac.create=true',
			);
		case 'unauthorized':
			return found(
				'The API server does not know the token of this pod.',
				'ls /var/run/secrets/kubernetes.io/serviceaccount in the pod',
			);
		case 'no-match':
			return found(
				'The API server answers; labels or namespace are others than those of the pods.',
				`kubectl get pods${inNamespace || ' -A'} -l ${labelSelector}`,
				'LONGBOW_GOSSIP_LABEL_SELECTOR or LONGBOW_GOSSIP_NAMESPACE as the pods have them',
			);
		case 'unreachable':
			return found(
				'The mesh runs on; new pods are found only by those who know them.',
				'kubectl get --raw /healthz from this pod; an egress rule to the API server (docs/operating.md#network-policy)',
			);
		default:
			return fail(verdict, { try: steps, data: { ...data, code } });
	}
}

function namespaceText(namespace: string): string {
	return namespace.includes(' ') ? `${namespace} namespace` : namespace;
}
