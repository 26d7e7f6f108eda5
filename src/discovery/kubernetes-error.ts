// What the API server refuses, and what that means for an operator: which Role is missing, which token is not accepted.

import type { IncomingMessage } from 'node:http';
import type { DiscoveryProblem } from './discovery.ts';

/** What we do with pods, in the words of Roles. */
export type Verb = 'list' | 'watch';

/** The body of a refusal (meta/v1 Status). */
export interface Status {
	readonly code?: number;
	readonly message?: string;
	readonly reason?: string;
	readonly details?: { readonly retryAfterSeconds?: number };
}

/** The API server answered, and not with what was asked for. */
export class ApiError extends Error {
	readonly verb: Verb;
	/** Of HTTP; of the object in an `ERROR` event, which uses the same numbers. */
	readonly status: number;
	/** The server asks not to be asked before. */
	readonly retryAfterMs: number;

	constructor(verb: Verb, status: number, { message, details }: Status) {
		super(message ?? `HTTP ${status}`);
		this.name = 'ApiError';
		this.verb = verb;
		this.status = status;
		this.retryAfterMs = (details?.retryAfterSeconds ?? 0) * 1_000;
	}

	/** A proxy in between may answer with anything: a body that is no Status is left out. */
	static ofResponse(verb: Verb, response: IncomingMessage, body: string): ApiError {
		const header = Number(response.headers['retry-after']);
		const status = statusOf(body);
		const retryAfterSeconds = header > 0 ? header : status.details?.retryAfterSeconds;
		return new ApiError(verb, response.statusCode ?? 0, {
			...status,
			...(retryAfterSeconds !== undefined && { details: { retryAfterSeconds } }),
		});
	}

	/** The state from which we wanted to go on is forgotten; it is no fault, and a new list is the cure. */
	get expired(): boolean {
		return this.status === 410;
	}

	/** The same question may be answered later: with another token, with less load, by a server that is up again. */
	get passing(): boolean {
		return this.status === 401 || this.status === 429 || this.status >= 500;
	}
}

/** Where and for whom we asked. */
export interface Question {
	/** URL of the API server; undefined when it is not known. */
	readonly server: string | undefined;
	readonly namespace: string;
}

const UNREACHABLE = new Set([
	'EAI_AGAIN',
	'ECONNREFUSED',
	'ECONNRESET',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ENOTFOUND',
	'EPIPE',
	'ETIMEDOUT',
]);

export function kubernetesProblem(error: unknown, question: Question): DiscoveryProblem {
	if (error instanceof ApiError) return refusal(error, question.namespace);
	const { code, message } = codeAndMessage(error);
	if (code === 'ENOENT' && message.includes('/serviceaccount/')) {
		const text = 'this pod has no service account token; set automountServiceAccountToken: true';
		return { code: 'unauthorized', text: `${text} (${message})` };
	}
	if (code === undefined || !UNREACHABLE.has(code)) return { code: 'failed', text: message };
	const at = question.server ? ` at ${question.server}` : '';
	return { code: 'unreachable', text: `the API server${at} did not answer: ${message}; check the network path to it` };
}

function refusal(error: ApiError, namespace: string): DiscoveryProblem {
	const said = `HTTP ${error.status}: ${error.message}`;
	const user = /User "([^"]+)"/.exec(error.message)?.[1];
	// Who sends no token is not refused but taken for this user. No Role may help here: it would open the cluster to all.
	if (error.status === 401 || (error.status === 403 && user === 'system:anonymous')) {
		const text = 'the API server does not accept our credentials; check that the service account exists and its token';
		return { code: 'unauthorized', text: `${text} (${said})` };
	}
	if (error.status === 403) return { code: 'forbidden', text: missingRole(error.verb, user, namespace) };
	return { code: 'failed', text: `the API server could not ${error.verb} pods in namespace ${namespace} (${said})` };
}

/** The rule that is missing, and the two commands that add it. */
function missingRole(verb: Verb, user: string | undefined, namespace: string): string {
	const subject = user ?? 'the user of this node';
	const refused =
		verb === 'list'
			? `${subject} may not list pods in namespace ${namespace} (HTTP 403)`
			: `${subject} may list but not watch pods in namespace ${namespace} (HTTP 403), so that new pods are found late`;
	const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user ?? '');
	const to = account ? `--serviceaccount=${account[1]}:${account[2]}` : `--user=${user ?? 'USER'}`;
	return (
		`${refused}; a Role in ${namespace} needs the rule {apiGroups: [""], resources: [pods], verbs: [list, watch]}, ` +
		'and a RoleBinding gives it: ' +
		`kubectl create role longbow-peers -n ${namespace} --verb=list,watch --resource=pods && ` +
		`kubectl create rolebinding longbow-peers -n ${namespace} --role=longbow-peers ${to}`
	);
}

function statusOf(body: string): Status {
	try {
		const parsed: unknown = JSON.parse(body);
		return typeof parsed === 'object' && parsed !== null ? parsed : {};
	} catch {
		return {};
	}
}

function codeAndMessage(error: unknown): { code: string | undefined; message: string } {
	if (!(error instanceof Error)) return { code: undefined, message: String(error) };
	const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
	// Several addresses that refuse are one AggregateError without a message.
	return { code, message: error.message || code || error.name };
}
