// Tests of what refusals and failures of the API server are called: code by code, with the next step.

import { describe, expect, it } from 'vitest';
import { ApiError, kubernetesProblem } from './kubernetes-error.ts';

const WHERE = { server: 'https://10.96.0.1:443', namespace: 'prod' };

function system(code: string, message = code): Error {
	return Object.assign(new Error(message), { code });
}

function forbidden(verb: 'list' | 'watch', user: string): ApiError {
	const message = `pods is forbidden: User "${user}" cannot ${verb} resource "pods" in API group "" in the namespace "prod"`;
	return new ApiError(verb, 403, { message });
}

describe('the problem', () => {
	it.each([
		[system('ECONNREFUSED'), 'unreachable'],
		[system('ETIMEDOUT', 'no answer within 15 s'), 'unreachable'],
		[system('ENOTFOUND'), 'unreachable'],
		[system('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'), 'failed'],
		[system('ENOENT', "ENOENT: open '/var/run/secrets/kubernetes.io/serviceaccount/token'"), 'unauthorized'],
		[new ApiError('list', 401, { message: 'Unauthorized' }), 'unauthorized'],
		[forbidden('list', 'system:anonymous'), 'unauthorized'],
		[forbidden('list', 'jane'), 'forbidden'],
		[new ApiError('list', 403, {}), 'forbidden'],
		[new ApiError('watch', 500, { message: 'etcd is away' }), 'failed'],
		['no error at all', 'failed'],
	])('of %s is %s', (error, code) => {
		expect(kubernetesProblem(error, WHERE).code).toBe(code);
	});

	it('names the server, the reason and where to look when nobody answers', () => {
		const refused = new AggregateError([system('ECONNREFUSED')]);
		expect(kubernetesProblem(Object.assign(refused, { code: 'ECONNREFUSED' }), WHERE).text).toBe(
			'the API server at https://10.96.0.1:443 did not answer: ECONNREFUSED; check the network path to it',
		);
		expect(kubernetesProblem(system('EAI_AGAIN'), { ...WHERE, server: undefined }).text).toMatch(
			/^the API server did not/,
		);
	});

	it('gives the commands for a service account and for a user', () => {
		const account = kubernetesProblem(forbidden('list', 'system:serviceaccount:prod:longbow'), WHERE).text;
		expect(account).toContain('may not list pods in namespace prod');
		expect(account).toContain('--role=longbow-peers --serviceaccount=prod:longbow');
		expect(kubernetesProblem(forbidden('watch', 'jane'), WHERE).text).toMatch(
			/^jane may list but not watch .*--user=jane$/,
		);
	});
});

describe('a refusal', () => {
	const answer = (headers: Record<string, string>, body: string): ApiError =>
		ApiError.ofResponse('list', { statusCode: 503, headers } as never, body);

	it('is read whatever stands in its body', () => {
		expect(answer({}, '<html>bad gateway</html>')).toMatchObject({ status: 503, message: 'HTTP 503', retryAfterMs: 0 });
		expect(answer({}, 'null').message).toBe('HTTP 503');
		expect(answer({}, '{"message":"etcd"}').message).toBe('etcd');
	});

	it('says when to ask again, in the header or in the body', () => {
		expect(answer({ 'retry-after': '3' }, '{"details":{"retryAfterSeconds":1}}').retryAfterMs).toBe(3_000);
		expect(answer({}, '{"details":{"retryAfterSeconds":1}}').retryAfterMs).toBe(1_000);
		expect(answer({ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, '').retryAfterMs).toBe(0);
	});

	it('passes by itself, or asks for a new list', () => {
		const passing = (status: number): boolean => new ApiError('watch', status, {}).passing;
		expect([401, 429, 500, 503].every(passing)).toBe(true);
		expect([0, 400, 403, 410].some(passing)).toBe(false);
	});
});
