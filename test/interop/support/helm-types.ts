// Checks objects against the types of the Kubernetes API, unknown fields included.

import { createRequire } from 'node:module';
import type { KubeObject } from './helm.ts';

// Installed apart from the checkout's packages, so it is found by path and has no types here.
const load = createRequire(new URL('../../tools/package.json', import.meta.url));

/** Kinds of the Prometheus operator, whose types are in no package that we have. */
const OPERATOR_KINDS = ['ServiceMonitor', 'PrometheusRule'];

/**
 * What is wrong with an object: wrong types, missing fields, and fields that the API does not know. A real API server
 * refuses the latter or drops them, so that a misspelt one has no effect and nobody is told.
 * @returns `undefined` for a kind whose types are not at hand
 */
export function typeProblems(object: KubeObject): readonly string[] | undefined {
	if (OPERATOR_KINDS.includes(object.kind)) return undefined;
	const Model = load(`kubernetes-models/${object.apiVersion}`)[object.kind];
	if (!Model) return [`no kind ${object.apiVersion} ${object.kind}`];
	const unread = new Set<string>();
	const problems: string[] = [];
	try {
		watched(new Model(object), '', unread).validate();
	} catch (error) {
		problems.push(error instanceof Error ? error.message : String(error));
	}
	return [...problems, ...[...unread].map((path) => `unknown field ${path}`)];
}

/** A validator reads every field that it knows, and every key of a map: what it never reads it does not know. */
function watched<T extends object>(value: T, path: string, unread: Set<string>): T {
	for (const key of Object.keys(value)) unread.add(`${path}/${key}`);
	const seen = new Map<string, object>();
	return new Proxy(value, {
		get(target, key, receiver) {
			const field = Reflect.get(target, key, receiver);
			if (typeof key !== 'string') return field;
			unread.delete(`${path}/${key}`);
			if (typeof field !== 'object' || field === null) return field;
			const child = seen.get(key) ?? watched(field, `${path}/${key}`, unread);
			seen.set(key, child);
			return child;
		},
	});
}
