// Who asks and what he may: bearer tokens that rotate, and the Roles and RoleBindings of the store.

import { randomBytes } from 'node:crypto';
import { qualified, ROLE_BINDINGS, ROLES } from './kube-resources.ts';
import { unauthorized } from './kube-status.ts';
import type { KubeStore } from './kube-store.ts';

/** May do anything, as the group system:masters may. */
export const ADMIN = 'admin';

/** What is asked for, in the words of a Role. */
export interface Attributes {
	readonly verb: string;
	readonly group: string;
	/** With a subresource: `pods/status`. */
	readonly resource: string;
	/** Undefined: in all namespaces, which no Role allows. */
	readonly namespace: string | undefined;
}

interface Rule {
	readonly apiGroups: readonly string[];
	readonly resources: readonly string[];
	readonly verbs: readonly string[];
}

interface Subject {
	readonly kind: string;
	readonly name: string;
	readonly namespace?: string;
}

export class KubeAccess {
	readonly #store: KubeStore;
	readonly #users = new Map<string, string>();

	constructor(store: KubeStore) {
		this.#store = store;
	}

	issueToken(user: string): string {
		const token = randomBytes(24).toString('base64url');
		this.#users.set(token, user);
		return token;
	}

	revokeToken(token: string): void {
		this.#users.delete(token);
	}

	/** Who sends no token is anonymous, as with a real API server. @throws {Refusal} 401 for a token that is not known */
	userOf(authorization: string | undefined): string {
		if (authorization === undefined) return 'system:anonymous';
		const user = this.#users.get(authorization.replace(/^Bearer /, ''));
		if (user === undefined) throw unauthorized();
		return user;
	}

	allows(user: string, asked: Attributes): boolean {
		if (user === ADMIN) return true;
		if (asked.namespace === undefined) return false;
		const { namespace } = asked;
		return this.#store.list(qualified(ROLE_BINDINGS), namespace).some((binding) => {
			const subjects = (binding.subjects ?? []) as readonly Subject[];
			const role = this.#store.get(qualified(ROLES), namespace, (binding.roleRef as { name: string }).name);
			const rules = (role?.rules ?? []) as readonly Rule[];
			return subjects.some((subject) => userName(subject) === user) && rules.some((rule) => covers(rule, asked));
		});
	}
}

function userName({ kind, name, namespace }: Subject): string {
	return kind === 'ServiceAccount' ? `system:serviceaccount:${namespace}:${name}` : name;
}

function covers({ apiGroups, resources, verbs }: Rule, { verb, group, resource }: Attributes): boolean {
	const has = (list: readonly string[], value: string): boolean => list.includes(value) || list.includes('*');
	return has(apiGroups, group) && has(resources, resource) && has(verbs, verb);
}
