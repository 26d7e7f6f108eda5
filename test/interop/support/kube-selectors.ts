// Label and field selectors in the API's syntax, as predicates over objects.

import { Refusal } from './kube-status.ts';
import type { KubeObject } from './kube-store.ts';

export type Selects = (object: KubeObject) => boolean;

/** `a=b,c!=d,e in (f,g),h notin (i),j,!k`. @throws {Refusal} 400 */
export function labelSelector(text: string): Selects {
	const requirements = splitOutsideOfParentheses(text).map(requirement);
	return ({ metadata }) => requirements.every((holds) => holds(metadata.labels ?? {}));
}

const FIELDS: Readonly<Record<string, (object: KubeObject) => unknown>> = {
	'metadata.name': ({ metadata }) => metadata.name,
	'metadata.namespace': ({ metadata }) => metadata.namespace,
	'spec.nodeName': ({ spec }) => spec?.nodeName ?? '',
	'status.phase': ({ status }) => status?.phase ?? '',
	'status.podIP': ({ status }) => status?.podIP ?? '',
};

/** `metadata.name=x,status.phase!=Running`. @throws {Refusal} 400 */
export function fieldSelector(text: string): Selects {
	const terms = text.split(',').filter((term) => term !== '');
	const checks = terms.map((term) => {
		const [, name = '', operator, value] = /^([\w.]+)(==|=|!=)(.*)$/.exec(term) ?? [];
		const field = FIELDS[name];
		if (!field) throw new Refusal(400, 'BadRequest', `field label not supported: ${name || term}`);
		return (object: KubeObject) => (field(object) === value) === (operator !== '!=');
	});
	return (object) => checks.every((holds) => holds(object));
}

type Requirement = (labels: Readonly<Record<string, string>>) => boolean;

const KEY = String.raw`([a-zA-Z0-9]([\w./-]*[a-zA-Z0-9])?)`;
const VALUE = String.raw`([a-zA-Z0-9]([\w.-]*[a-zA-Z0-9])?)?`;

function requirement(term: string): Requirement {
	const equality = new RegExp(`^${KEY}\\s*(==|=|!=)\\s*(${VALUE})$`).exec(term);
	if (equality) {
		const [, key = '', , operator, value] = equality;
		// As the API has it: an object without the label satisfies `!=` and `notin`.
		return (labels) => (labels[key] === value) === (operator !== '!=');
	}
	const set = new RegExp(`^${KEY}\\s+(in|notin)\\s+\\(([^()]+)\\)$`).exec(term);
	if (set) {
		const [, key = '', , operator, list = ''] = set;
		const values = list.split(',').map((value) => value.trim());
		return (labels) => values.includes(labels[key] as string) === (operator === 'in');
	}
	const existence = new RegExp(`^(!?)\\s*${KEY}$`).exec(term);
	if (!existence) throw new Refusal(400, 'BadRequest', `unable to parse requirement: ${term}`);
	const [, not, key = ''] = existence;
	return (labels) => key in labels === (not === '');
}

function splitOutsideOfParentheses(text: string): string[] {
	const terms = text.split(/,(?![^(]*\))/).map((term) => term.trim());
	return terms.length === 1 && terms[0] === '' ? [] : terms;
}
