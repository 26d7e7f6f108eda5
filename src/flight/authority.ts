// Who may change something: a caller on this machine, or one that holds the admin token.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';
import { FlightError } from './error.ts';

/** What is known of a caller: its socket address (`host:port`, `[v6]:port`) and the metadata of the call. */
export interface Caller {
	readonly peer: string;
	readonly metadata: Metadata;
}

/** @throws {FlightError} `PERMISSION_DENIED`, saying what would be needed. */
export function authorize(action: string, caller: Caller, adminToken: string | undefined): void {
	if (isLoopback(caller.peer)) return;
	if (adminToken === undefined) {
		throw new FlightError(
			'PERMISSION_DENIED',
			`${action} changes this node and is allowed only from its own machine: no admin token is configured`,
		);
	}
	const given = bearerToken(caller.metadata);
	if (given !== undefined && sameSecret(given, adminToken)) return;
	throw new FlightError(
		'PERMISSION_DENIED',
		`${action} changes this node and needs its admin token ("authorization: Bearer ..."), which was ${given === undefined ? 'not given' : 'wrong'}`,
	);
}

/** IPv4 127.0.0.0/8, also mapped into IPv6, and ::1. */
export function isLoopback(peer: string): boolean {
	const host = peer.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
	return host === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(host);
}

function bearerToken(metadata: Metadata): string | undefined {
	const [value, ...more] = metadata.get('authorization');
	if (typeof value !== 'string' || more.length > 0) return undefined;
	return /^bearer (.+)$/i.exec(value)?.[1];
}

// Digests have one length, so neither the length nor the first wrong character of a guess can be timed.
function sameSecret(given: string, expected: string): boolean {
	return timingSafeEqual(sha256(given), sha256(expected));
}

function sha256(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
