// Check `k8s`: whether the API server answers, lets us list pods, and has pods that the selector means.

import type { DiscoveryProblem } from '../../../discovery/index.ts';
import type { Surroundings } from '../context.ts';
import { type Finding, fail, pass, skip } from '../finding.ts';

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
	const more = { data: { ...data, code } };
	const inNamespace = namespace.includes(' ') ? '' : ` -n ${namespace}`;
	switch (code) {
		case 'forbidden':
			return fail(text, {
				why: 'Its ServiceAccount needs a Role with get, list and watch on pods.',
				try: [
					`kubectl auth can-i list pods --as=system:serviceaccount:<namespace>:<serviceaccount>${inNamespace}`,
					'helm upgrade … --set rbac.create=true',
				],
				...more,
			});
		case 'unauthorized':
			return fail(text, {
				why: 'The API server does not know the token of this pod.',
				try: ['automountServiceAccountToken: true in the pod; ls /var/run/secrets/kubernetes.io/serviceaccount'],
				...more,
			});
		case 'no-match':
			return fail(text, {
				why: 'The API server answers; labels or namespace are others than those of the pods.',
				try: [
					`kubectl get pods${inNamespace || ' -A'} -l ${labelSelector}`,
					'LONGBOW_GOSSIP_LABEL_SELECTOR or LONGBOW_GOSSIP_NAMESPACE as the pods have them',
				],
				...more,
			});
		case 'unreachable':
			return fail(text, {
				why: 'The API server does not answer. The mesh runs on; new pods are found only by those who know them.',
				try: [
					'kubectl get --raw /healthz from this pod; an egress rule to the API server (docs/operating.md#network-policy)',
				],
				...more,
			});
		default:
			return fail(text, more);
	}
}

function namespaceText(namespace: string): string {
	return namespace.includes(' ') ? `${namespace} namespace` : namespace;
}
