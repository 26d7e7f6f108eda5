// What the API stand-in serves, and the discovery documents by which kubectl finds it.

export interface Resource {
	readonly group: string;
	readonly plural: string;
	readonly kind: string;
	readonly shortNames?: readonly string[];
	readonly verbs: readonly string[];
	/** Subresources. */
	readonly parts?: readonly string[];
}

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
const RBAC = 'rbac.authorization.k8s.io';

export const PODS: Resource = {
	group: '',
	plural: 'pods',
	kind: 'Pod',
	shortNames: ['po'],
	verbs: VERBS,
	parts: ['status'],
};
export const ROLES: Resource = { group: RBAC, plural: 'roles', kind: 'Role', verbs: VERBS };
export const ROLE_BINDINGS: Resource = { group: RBAC, plural: 'rolebindings', kind: 'RoleBinding', verbs: VERBS };

const RESOURCES = [PODS, ROLES, ROLE_BINDINGS];

/** `pods`, or `roles.rbac.authorization.k8s.io`: how the API's own messages call it. */
export function qualified({ group, plural }: Resource): string {
	return group === '' ? plural : `${plural}.${group}`;
}

export function typeOf({ group, kind }: Resource): { apiVersion: string; kind: string } {
	return { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind };
}

/** What a path means; undefined for one that is not served. */
export interface Target {
	readonly resource: Resource;
	/** Undefined: in all namespaces. */
	readonly namespace: string | undefined;
	readonly name: string | undefined;
	readonly part: string | undefined;
}

export function target(path: string): Target | undefined {
	const match =
		/^(?:\/api|\/apis\/([a-z0-9.]+))\/v1(?:\/namespaces\/([a-z0-9-]+))?\/([a-z]+)(?:\/([a-z0-9.-]+)(?:\/([a-z]+))?)?$/.exec(
			path,
		);
	if (!match) return undefined;
	const [, group = '', namespace, plural, name, part] = match;
	const resource = RESOURCES.find((each) => each.group === group && each.plural === plural);
	if (!resource || (part !== undefined && !resource.parts?.includes(part))) return undefined;
	return { resource, namespace, name, part };
}

/** A document of discovery, or undefined. */
export function document(path: string): unknown {
	switch (path) {
		case '/version':
			return { major: '1', minor: '35', gitVersion: 'v1.35.0', platform: 'linux/amd64' };
		case '/api':
			return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
		case '/apis':
			return { kind: 'APIGroupList', apiVersion: 'v1', groups: [groupOf(RBAC)] };
		case '/api/v1':
			return resourceList('');
		case `/apis/${RBAC}/v1`:
			return resourceList(RBAC);
		default:
			return undefined;
	}
}

function groupOf(name: string): unknown {
	const version = { groupVersion: `${name}/v1`, version: 'v1' };
	return { name, versions: [version], preferredVersion: version };
}

function resourceList(group: string): unknown {
	const resources = RESOURCES.filter((each) => each.group === group).flatMap((each) => {
		const { plural, kind, shortNames, verbs, parts = [] } = each;
		const entry = { name: plural, singularName: kind.toLowerCase(), namespaced: true, kind, verbs };
		const partVerbs = ['get', 'patch', 'update'];
		return [
			{ ...entry, ...(shortNames && { shortNames }) },
			...parts.map((part) => ({ ...entry, name: `${plural}/${part}`, singularName: '', verbs: partVerbs })),
		];
	});
	return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: group === '' ? 'v1' : `${group}/v1`, resources };
}
