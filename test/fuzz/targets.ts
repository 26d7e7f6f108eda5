// Every decoder that reads what others wrote, each as a function that must refuse what it cannot read, and never throw anything else.

import { parse } from 'yaml';
import { ConfigError, loadConfig } from '../../src/config/index.ts';
import { ACTIONS, runAction } from '../../src/flight/actions.ts';
import { parseBody } from '../../src/flight/body.ts';
import { FlightError } from '../../src/flight/error.ts';
import { createApp } from '../../src/http/app.ts';
import { decodeIntent, decodeKeyRequest, decodeQuery, decodeState } from '../../src/serf/messages.ts';
import { type Random, randomBelow, WireError } from '../../src/swim/index.ts';
import { createCodec, decodeTags, Keyring, MsgpackReader } from '../../src/wire/index.ts';
import { decompress } from '../../src/wire/lzw.ts';
import { MsgpackScanner } from '../../src/wire/msgpack-scanner.ts';
import { COMMANDS } from '../support/flight-server.ts';
import { RecordedPacket } from '../support/recorded-packet.ts';
import { RecordedStream } from '../support/recorded-stream.ts';
import { testFacts, testMember, testSource } from '../support/status-source.ts';
import { SEEDS, VECTOR_KEY } from './seeds.ts';

export interface Target {
	readonly name: string;
	readonly seeds: readonly Uint8Array[];
	/** Throws, or rejects, when the bytes do what no bytes may do. */
	run(bytes: Uint8Array, random: Random): void | Promise<void>;
}

const keyring = new Keyring([VECTOR_KEY]);
const EMPTY = new Uint8Array(0);

/** What the decoder is there for: it may say no. */
function refused(read: () => void): void {
	try {
		read();
	} catch (error) {
		if (!(error instanceof WireError)) throw error;
	}
}

function packets(name: string, seeds: readonly Uint8Array[], wire: object): Target {
	const codec = createCodec({ packetBytes: 1_400, ...wire });
	return { name, seeds, run: (bytes) => codec.readPacket(bytes, new RecordedPacket()) };
}

function streams(name: string, seeds: readonly Uint8Array[], wire: object): Target {
	const codec = createCodec({ packetBytes: 1_400, ...wire });
	return {
		name,
		seeds,
		run(bytes, random) {
			const decoder = codec.streamDecoder(randomBelow(random, 2) ? 'listener' : 'dialer', new RecordedStream());
			refused(() => {
				for (let at = 0; at < bytes.length; ) {
					const end = at + 1 + randomBelow(random, bytes.length);
					decoder.push(bytes.slice(at, end));
					at = end;
				}
			});
			// A claim is no reason to hold more than a few times what was sent, and room for entries.
			if (decoder.held > 8 * bytes.length + 2_048 + 600 * bytes.length) throw new Error(`holds ${decoder.held} bytes`);
		},
	};
}

const msgpack: Target = {
	name: 'msgpack',
	seeds: SEEDS.packets,
	run(bytes) {
		const reader = new MsgpackReader();
		let end: number | undefined;
		refused(() => {
			reader.reset(bytes);
			reader.skip();
			end = reader.at;
		});
		const scanner = new MsgpackScanner();
		scanner.reset();
		const length = scanner.scan(bytes, 0, bytes.length);
		// The reader knows one thing that the scanner does not: c1 is no msgpack.
		if (end !== undefined && length !== end) throw new Error(`the reader ends at ${end}, the scanner at ${length}`);
	},
};

const lzw: Target = {
	name: 'lzw',
	seeds: SEEDS.compressed,
	run(bytes) {
		refused(() => {
			const { length } = decompress(bytes, 65_536);
			if (length > 65_536) throw new Error(`${length} bytes`);
		});
	},
};

const serf: Target = {
	name: 'serf',
	seeds: SEEDS.serf,
	run(bytes) {
		for (const read of [decodeIntent, decodeQuery, decodeKeyRequest]) refused(() => void read(bytes));
		refused(() => void decodeState(bytes, EMPTY));
	},
};

const config: Target = {
	name: 'config',
	seeds: SEEDS.config,
	run(bytes) {
		const text = Buffer.from(bytes).toString();
		let values: unknown;
		try {
			values = parse(text, { logLevel: 'silent' });
		} catch {
			// No YAML: told as that, in file.ts. As a variable it is still a text.
		}
		try {
			const env = { LONGBOW_GOSSIP_STATIC_PEERS: text, LONGBOW_GOSSIP_TAGS: text, LONGBOW_META_ADDR: text };
			loadConfig({ env, hostName: 'fuzz' });
		} catch (error) {
			if (!(error instanceof ConfigError)) throw error;
		}
		try {
			loadConfig({ env: {}, hostName: 'fuzz', file: { path: 'fuzz.yaml', values } });
		} catch (error) {
			if (!(error instanceof ConfigError)) throw error;
		}
	},
};

const source = testSource([testMember('a'), testMember('b', { state: 'dead' })]);

const { hono } = createApp({
	source,
	metrics: { contentType: 'text/plain', page: () => Promise.resolve('') },
	ready: () => ({ ready: true, reasons: [] }),
	facts: testFacts,
});

const http: Target = {
	name: 'http',
	seeds: SEEDS.paths,
	async run(bytes, random) {
		const path = Buffer.from(bytes).toString('latin1').replace(/^\/*/, '/');
		// The live stream has no end; it is a route like any other, without a query.
		if (path.startsWith('/api/v1/live')) return;
		const method = randomBelow(random, 4) ? 'GET' : 'POST';
		let url: URL;
		try {
			url = new URL(path, 'http://fuzz');
		} catch {
			return;
		}
		const answer = await hono.request(url, { method });
		if (answer.status >= 500) throw new Error(`${answer.status}: ${await answer.text()}`);
		if (method === 'POST' && answer.status < 400) throw new Error('POST was answered');
		await answer.body?.cancel();
	},
};

const context = { source, commands: COMMANDS, facts: () => ({ ...testFacts(), loop: { p99Ms: 1, maxMs: 2 } }) };
const answering = ACTIONS.filter((action) => !('stream' in action));

const flight: Target = {
	name: 'flight',
	seeds: SEEDS.bodies,
	async run(bytes, random) {
		const action = answering[randomBelow(random, answering.length)]!;
		try {
			for await (const _ of runAction(action, context, parseBody(bytes, action.keys), new AbortController().signal));
		} catch (error) {
			if (!(error instanceof FlightError)) throw error;
		}
	},
};

export const TARGETS: readonly Target[] = [
	packets('packet', SEEDS.packets, {}),
	packets('sealed-packet', [...SEEDS.sealed, ...SEEDS.packets], { keyring, label: 'blue' }),
	packets('half-sealed-packet', [...SEEDS.sealed, ...SEEDS.packets], { keyring, verifyIncoming: false }),
	streams('stream', SEEDS.streams, {}),
	streams('sealed-stream', [...SEEDS.streams, ...SEEDS.sealed], { keyring }),
	{
		name: 'envelope',
		seeds: SEEDS.sealed,
		run: (bytes) => refused(() => void keyring.open(bytes, EMPTY)),
	},
	msgpack,
	lzw,
	{ name: 'tags', seeds: SEEDS.serf, run: (bytes) => void decodeTags(bytes) },
	serf,
	config,
	http,
	flight,
];
