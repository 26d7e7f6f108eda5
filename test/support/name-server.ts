// A name server for tests: A, AAAA and SRV over UDP on loopback (RFC 1035, RFC 2782), with answers that the test changes.

import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { ipBytes } from '../../src/swim/index.ts';

export type NameRecord =
	| { readonly type: 'A' | 'AAAA'; readonly address: string; readonly ttl?: number }
	| { readonly type: 'SRV'; readonly target: string; readonly port: number; readonly ttl?: number };

type RecordType = NameRecord['type'];

export interface NameServer {
	/** `ip:port`. */
	readonly address: string;
	/** By name. A name without an entry does not exist (NXDOMAIN); one with an empty list has no record. */
	readonly zone: Map<string, readonly NameRecord[]>;
	/** Types that are not answered but by this: a code of the server's refusal, or nothing at all. */
	readonly broken: Map<RecordType, 'silence' | 'SERVFAIL'>;
	/** Every question, as `type name`. */
	readonly questions: string[];
	close(): Promise<void>;
}

const TYPES: Readonly<Record<RecordType, number>> = { A: 1, AAAA: 28, SRV: 33 };
const CLASS_INTERNET = 1;
const RESPONSE = 0x8180;
const SERVFAIL = 2;
const NXDOMAIN = 3;
const HEADER_BYTES = 12;
/** Points at the name of the question. */
const SAME_NAME = 0xc000 | HEADER_BYTES;

/** Opens on a free port of loopback. */
export async function startNameServer(): Promise<NameServer> {
	const socket = createSocket('udp4');
	const zone: NameServer['zone'] = new Map();
	const broken: NameServer['broken'] = new Map();
	const questions: string[] = [];
	socket.on('message', (query: Buffer, from: RemoteInfo) => {
		const { name, type, end } = readQuestion(query);
		questions.push(`${type} ${name}`);
		const fault = broken.get(type);
		if (fault === 'silence') return;
		const rows = zone.get(name.toLowerCase());
		const code = fault === 'SERVFAIL' ? SERVFAIL : rows === undefined ? NXDOMAIN : 0;
		const found = fault ? [] : (rows ?? []).filter((row) => row.type === type);
		socket.send(reply(query, end, code, found), from.port, from.address);
	});
	socket.bind(0, '127.0.0.1');
	await once(socket, 'listening');
	return {
		address: `127.0.0.1:${socket.address().port}`,
		zone,
		broken,
		questions,
		close: () => new Promise((resolve) => socket.close(() => resolve())),
	};
}

function readQuestion(query: Buffer): { name: string; type: RecordType; end: number } {
	const labels: string[] = [];
	let at = HEADER_BYTES;
	for (let length = query.readUInt8(at++); length > 0; length = query.readUInt8(at++)) {
		labels.push(query.toString('latin1', at, at + length));
		at += length;
	}
	const number = query.readUInt16BE(at);
	const type = (Object.keys(TYPES) as RecordType[]).find((each) => TYPES[each] === number);
	if (type === undefined) throw new Error(`this server knows no type ${number}`);
	return { name: labels.join('.'), type, end: at + 4 };
}

function reply(query: Buffer, end: number, code: number, rows: readonly NameRecord[]): Buffer {
	const head = Buffer.from(query.subarray(0, end));
	head.writeUInt16BE(RESPONSE | code, 2);
	head.writeUInt16BE(rows.length, 6);
	// Whatever else the question brought along, such as EDNS, is left out.
	head.writeUInt32BE(0, 8);
	return Buffer.concat([head, ...rows.map(answer)]);
}

function answer(row: NameRecord): Buffer {
	const data = row.type === 'SRV' ? service(row.target, row.port) : Buffer.from(ipBytes(row.address) ?? []);
	const head = Buffer.alloc(12);
	head.writeUInt16BE(SAME_NAME, 0);
	head.writeUInt16BE(TYPES[row.type], 2);
	head.writeUInt16BE(CLASS_INTERNET, 4);
	head.writeUInt32BE(row.ttl ?? 1, 6);
	head.writeUInt16BE(data.length, 10);
	return Buffer.concat([head, data]);
}

function service(target: string, port: number): Buffer {
	const head = Buffer.alloc(6);
	head.writeUInt16BE(port, 4);
	const labels = target.split('.').filter((label) => label !== '');
	return Buffer.concat([head, ...labels.map(labelBytes), Buffer.alloc(1)]);
}

function labelBytes(label: string): Buffer {
	return Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
}
