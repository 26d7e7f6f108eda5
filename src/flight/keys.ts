// The action MeshKeys: what may be asked of a node's keys, and what is told of them.

import type { Body } from './body.ts';
import { FlightError } from './error.ts';

const OPERATIONS = ['list', 'install', 'use', 'remove'] as const;
export type KeyOperation = (typeof OPERATIONS)[number];

export interface KeysRequest {
	readonly op: KeyOperation;
	/** The key in base64; where one is meant that is held already, the first four hex digits of its hash do. */
	readonly key?: string;
	/** To install: the key as another member has sealed it. */
	readonly sealed?: string;
}

export interface KeysResult {
	/** Who answers. */
	readonly member: string;
	/** Of the key that was asked about, when there was one: the first four hex digits of its hash. */
	readonly key?: string;
	/** What it holds now, the one that encrypts first. */
	readonly keys: readonly {
		readonly key: string;
		readonly bits: number;
		readonly primary: boolean;
		/** How long ago something came in that it opened; `null` = nothing yet. */
		readonly heardMsAgo: number | null;
	}[];
	/** Of a key that was installed: sealed by the one that encrypts, fit to be handed to other members over any network. */
	readonly sealed?: string;
}

const MAX_TEXT_BYTES = 512;

/** Only a look at the keys changes nothing. */
export function changesKeys(body: Body): boolean {
	return body.op !== 'list';
}

/** @throws {FlightError} `INVALID_ARGUMENT`, without a byte of what may be a key. */
export function keysRequest(body: Body): KeysRequest {
	const op = OPERATIONS.find((each) => each === body.op);
	if (op === undefined) throw invalid(`body.op: not one of ${OPERATIONS.join(', ')}`);
	const [key, sealed] = [secret(body, 'key'), secret(body, 'sealed')];
	if (sealed !== undefined && op !== 'install') throw invalid(`body.sealed: ${op} takes no sealed key`);
	if (op === 'install' ? (key === undefined) === (sealed === undefined) : op !== 'list' && key === undefined) {
		throw invalid(op === 'install' ? 'body: install needs a key or a sealed one' : `body.key: ${op} needs one`);
	}
	return { op, ...(key !== undefined && { key }), ...(sealed !== undefined && { sealed }) };
}

function secret(body: Body, name: 'key' | 'sealed'): string | undefined {
	const value = body[name];
	if (value === undefined) return undefined;
	if (typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= MAX_TEXT_BYTES) return value;
	throw invalid(`body.${name}: not a text of 1 to ${MAX_TEXT_BYTES} bytes (the value is not shown)`);
}

function invalid(message: string): FlightError {
	return new FlightError('INVALID_ARGUMENT', message);
}
