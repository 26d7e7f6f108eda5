// Composition: options in, a running node out.

import { createStaticDiscovery, type Discovery } from '../discovery/index.ts';
import { createFileJournal, type FileJournal, RecordedMemberlist } from '../journal/index.ts';
import { createNodeTransport, type Transport, TransportError } from '../net/index.ts';
import { createSerfDelegate } from '../serf/index.ts';
import {
	type Address,
	type Codec,
	type Config,
	type Delegate,
	EXTENSION_TAG,
	EXTENSION_VERSION,
	IdentityPool,
	Memberlist,
} from '../swim/index.ts';
import { type CodecOptions, createCodec, decodeTags, Keyring } from '../wire/index.ts';
import { advertisedAddress } from './advertise.ts';
import { AlarmClock } from './alarm-clock.ts';
import { type Clock, systemClock } from './clock.ts';
import { causedBy } from './errors.ts';
import { EventHub } from './events.ts';
import type { Mesh, MeshOptions } from './mesh.ts';
import { MeshNode } from './mesh-node.ts';
import { checkOptions, DEFAULT_PORT } from './options.ts';
import { systemRandom } from './random.ts';
import { ownTags } from './tags.ts';
import { withinReach } from './within-reach.ts';

/** What members have said of themselves is kept for all nodes of the process, as many as these: enough for a large mesh, and few where tags change all day. */
const IDENTITIES = 4_096;

const clock: Clock = systemClock();
const alarmClock = new AlarmClock(clock);
/** One for all nodes of the process: they know the same members. */
let identities: IdentityPool | undefined;

/**
 * Binds the address, starts to speak, and goes on to contact the seeds by itself: a seed that does
 * not answer yet is no error, and is tried for ever.
 * The promise rejects; nothing is thrown before it is there.
 * @throws {TypeError | RangeError} naming the option and its value.
 * @throws {MeshError} `MESH_START_FAILED` when the address cannot be had, `MESH_NOT_REACHABLE` when the others could not
 * reach what would be advertised, `MESH_NOT_ALLOWED` when the allow list keeps it out, `MESH_TAGS_TOO_LARGE`.
 */
export async function createMesh(options: MeshOptions = {}): Promise<Mesh> {
	const checked = checkOptions(options);
	options.signal?.throwIfAborted();
	const { label, verifyIncoming, verifyOutgoing, keys = [] } = options;
	const keyring = keys.length > 0 ? new Keyring(keys, { now: clock.now }) : undefined;
	const wire = { label, keyring, verifyIncoming, verifyOutgoing };
	const codec = codecOf(options, { ...wire, packetBytes: checked.packetBytes });
	const discovered = providers(options);
	const transport = options.transport ?? transportOf(options, checked);
	let node: MeshNode | undefined;
	let journal: FileJournal | undefined;
	const bound = await open(transport, (input) => node?.deliver(input));
	try {
		const address = await advertisedAddress(options, bound);
		const own = ownTags(options, address.host);
		const config: Config = { ...checked, tags: { ...checked.tags, ...own } };
		checkTagSize(codec, config.tags);
		journal = await openJournal(options);
		node = new MeshNode({
			machine: machineOf({ options, config, codec, wire, journal, clock }),
			transport,
			clock,
			alarmClock,
			journal,
			hub: new EventHub(options.events ?? {}, config.ackTimeoutMs),
			address,
			defaultPort: options.port || DEFAULT_PORT,
			ownTags: own,
			keyring,
			discovery: discovered.map((provider) => withinReach(provider, bound.host)),
		});
		// It may have aborted while the address was bound.
		options.signal?.throwIfAborted();
		if (options.signal) node.closeOn(options.signal);
		node.start();
		return node;
	} catch (error) {
		await (node ?? transport).close();
		await journal?.close();
		throw error;
	}
}

/** The last one that was made for a node without keys. */
let lastCodec: { readonly packetBytes: number; readonly label: string | undefined; readonly codec: Codec } | undefined;

/**
 * Nodes of one process that dress their packets alike share a codec: what one has just used is at hand for the next, and
 * there is one buffer instead of hundreds. Not with a delegate, which may drive another node in the middle of a packet.
 */
function codecOf({ delegate }: MeshOptions, wire: CodecOptions): Codec {
	const { packetBytes, label, keyring } = wire;
	if (keyring !== undefined || delegate !== undefined) return createCodec(wire);
	if (lastCodec?.packetBytes !== packetBytes || lastCodec.label !== label) {
		lastCodec = { packetBytes, label, codec: createCodec(wire) };
	}
	return lastCodec.codec;
}

interface MachineParts {
	readonly options: MeshOptions;
	readonly config: Config;
	readonly codec: Codec;
	readonly wire: Pick<CodecOptions, 'label' | 'keyring' | 'verifyIncoming' | 'verifyOutgoing'>;
	readonly journal: FileJournal | undefined;
	readonly clock: Clock;
}

function machineOf({ options, config, codec, wire, journal, clock }: MachineParts): Memberlist {
	identities ??= new IdentityPool(decodeTags, IDENTITIES);
	const { keyring, verifyIncoming, verifyOutgoing } = wire;
	const { compat = 'none' } = options;
	// Where clear text is taken or sent, whoever is no member could ask serf's way for the keys, or give us one.
	const closed = verifyIncoming !== false && verifyOutgoing !== false;
	const serf = (): Delegate => createSerfDelegate({ keyring: closed ? keyring : undefined });
	const delegate: Delegate | undefined = compat === 'serf' ? serf() : options.delegate;
	const shared = { config, identities, ...(delegate && { delegate }) };
	const random = systemRandom();
	if (journal === undefined) return new Memberlist({ ...shared, codec, random });
	const wallMs = clock.wallMs(0);
	return new RecordedMemberlist({ ...shared, wire, compat, seed: random.uint32(), wallMs, sink: journal });
}

async function openJournal({ journal }: MeshOptions): Promise<FileJournal | undefined> {
	try {
		return journal && (await createFileJournal(journal));
	} catch (error) {
		throw causedBy('MESH_JOURNAL_FAILED', error as Error);
	}
}

function providers(options: MeshOptions): Discovery[] {
	const { seeds = [], discovery = [] } = options;
	if (seeds.length === 0) return [...discovery];
	return [createStaticDiscovery({ peers: seeds, defaultPort: options.port || DEFAULT_PORT }), ...discovery];
}

function transportOf(options: MeshOptions, { streams }: Config): Transport {
	return createNodeTransport({ host: options.bindHost ?? '0.0.0.0', port: options.port ?? DEFAULT_PORT, streams });
}

async function open(transport: Transport, deliver: Parameters<Transport['open']>[0]): Promise<Address> {
	try {
		return await transport.open(deliver);
	} catch (error) {
		if (!(error instanceof TransportError)) throw error;
		throw causedBy('MESH_START_FAILED', error);
	}
}

/** Before the start, because afterwards it would be an accident. */
function checkTagSize(codec: Codec, tags: Config['tags']): void {
	try {
		codec.encodeTags({ [EXTENSION_TAG]: String(EXTENSION_VERSION), ...tags });
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		throw causedBy('MESH_TAGS_TOO_LARGE', error);
	}
}
