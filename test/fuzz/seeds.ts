// What fuzzing starts from: the bytes of real peers in the golden vectors, and texts that are valid.

import captured from '../golden/vectors/captured.json' with { type: 'json' };
import compound from '../golden/vectors/compound.json' with { type: 'json' };
import compress from '../golden/vectors/compress.json' with { type: 'json' };
import crc from '../golden/vectors/crc.json' with { type: 'json' };
import encrypt from '../golden/vectors/encrypt.json' with { type: 'json' };
import extensions from '../golden/vectors/extensions.json' with { type: 'json' };
import label from '../golden/vectors/label.json' with { type: 'json' };
import messages from '../golden/vectors/messages.json' with { type: 'json' };
import reject from '../golden/vectors/reject.json' with { type: 'json' };
import serf from '../golden/vectors/serf.json' with { type: 'json' };
import stream from '../golden/vectors/stream.json' with { type: 'json' };

/** Longer ones say nothing more, and slow the mutator down. */
const LONGEST = 1_500;

/** Every `hex` of the files, wherever it stands. */
function hexOf(...files: readonly object[]): Uint8Array[] {
	const found: Uint8Array[] = [];
	const visit = (value: unknown): void => {
		if (typeof value !== 'object' || value === null) return;
		for (const [key, inner] of Object.entries(value)) {
			if (key === 'hex' && typeof inner === 'string') found.push(new Uint8Array(Buffer.from(inner, 'hex')));
			else visit(inner);
		}
	};
	for (const file of files) visit(file);
	return found.filter((bytes) => bytes.length > 0 && bytes.length <= LONGEST);
}

function texts(...lines: readonly string[]): Uint8Array[] {
	return lines.map((line) => new TextEncoder().encode(line));
}

/** The key of the encrypted vectors. */
export const VECTOR_KEY: Uint8Array = Uint8Array.from({ length: 16 }, (_, i) => i);

export const SEEDS = {
	packets: hexOf(messages, compound, crc, compress, label, extensions, captured, reject),
	sealed: hexOf(encrypt, label),
	streams: hexOf(stream, captured),
	compressed: hexOf(compress),
	serf: hexOf(serf),
	config: texts(
		'gossip:\n  port: 7946\n  staticPeers: [10.0.0.1, "seed:7946"]\n  protocolPeriod: 200ms\n',
		'{"nodeId": "a", "metaAddr": "0.0.0.0:3001", "gossip": {"tags": {"role": "web"}, "keys": null}}',
		'gossip: {suspicionTimeout: 1m30s, ackTimeout: 100ms, discoveryProvider: dns, compat: serf, weight: 3}\n',
		'&a [*a, *a]\n---\ngossip: !!binary aGVsbG8=\n',
	),
	paths: texts(
		'/api/v1/members',
		'/api/v1/ring?key=user%3A4711&count=3',
		'/api/v1/events?since=12',
		'/api/v1/why?member=b&at=2026-11-22T14%3A02%3A32.004Z',
		'/metrics',
		'/readyz',
		'/assets/index.js',
		'/..%2f..%2fetc/passwd',
		'/api/v1/doctor?only=peers',
	),
	bodies: texts(
		'{}',
		'{"member": "b"}',
		'{"key": "user:4711", "count": 3}',
		'{"since": 12}',
		'{"only": ["peers"]}',
		'{"addresses": ["10.0.0.1:7946"]}',
		'{"op": "list", "__proto__": {"a": 1}}',
		'[[[[[[1]]]]]]',
	),
} as const;
