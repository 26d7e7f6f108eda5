// The commands of a script: a table of what each is called, how it is written, and what it does.

import type { Command as NodeCommand } from '../../swim/index.ts';
import type { HostOptions } from '../cluster.ts';
import { tagsText } from '../describe.ts';
import type { SimHost } from '../host.ts';
import { forge } from './forge.ts';
import type { Scene } from './scene.ts';
import { NOTHING } from './transcript.ts';
import { parseCount, parseDurationMs, parseShare, parseSwitch, ScriptError, type Words } from './words.ts';

export interface ScriptCommand {
	readonly usage: string;
	readonly does: string;
	run(scene: Scene, words: Words): void;
}

type Option = (text: string) => HostOptions;
const ms =
	(key: keyof HostOptions): Option =>
	(text) => ({ [key]: parseDurationMs(text) });
const count =
	(key: keyof HostOptions): Option =>
	(text) => ({ [key]: parseCount(text) });

/** Options of nodes: the knobs of the protocol that conversations are held about. */
const NODE_OPTIONS: Readonly<Record<string, Option>> = {
	period: ms('protocolPeriodMs'),
	'ack-timeout': ms('ackTimeoutMs'),
	suspicion: (text) => ({ suspicionTimeoutMs: text === 'auto' ? text : parseDurationMs(text) }),
	reconnect: ms('reconnectIntervalMs'),
	tombstone: ms('tombstoneMs'),
	helpers: count('indirectProbes'),
	'gossip-nodes': count('gossipNodes'),
	updates: count('updatesPerPacket'),
	'packet-bytes': count('packetBytes'),
	streams: (text) => ({ streams: parseSwitch(text) }),
	extensions: (text) => ({ extensions: parseSwitch(text) }),
	'push-pull': ms('pushPullIntervalMs'),
	at: (text) => ({ address: { host: text, port: 7946 } }),
};

/** Within which `settle`, `until` and `cluster` have to come true unless the script says otherwise. */
const PATIENCE_MS = 60_000;
/** A mesh that `cluster` has made is that old, so that what follows begins at a round time. */
const SETTLED_MS = 5_000;
const KINDS = ['events', 'probes', 'packets', 'nothing'];
const STATES = ['alive', 'suspect', 'dead', 'left', 'unknown'];

export const COMMANDS: Readonly<Record<string, ScriptCommand>> = {
	show: {
		usage: 'show [events] [probes] [packets] [of NODE…] [from NODE…] [about WORD…] | show nothing',
		does: 'what is written from here on: events, unsettled probes, packets and streams; those that some nodes say or hear, or say, or that hold some words',
		run({ transcript }, words) {
			const kinds = words.names('of', 'from', 'about');
			for (const kind of kinds)
				if (!KINDS.includes(kind)) throw new ScriptError(`"${kind}" is none of ${KINDS.join(', ')}`);
			const of = words.skip('of') ? words.names('from', 'about') : [];
			const from = words.skip('from') ? words.names('about') : [];
			const about = words.skip('about') ? words.names() : [];
			const [events, probes, packets] = KINDS.map((kind) => kinds.includes(kind)) as [boolean, boolean, boolean];
			transcript.shown = { events, probes, packets, of, from, about };
		},
	},
	nodes: {
		usage: 'nodes NAME… [KEY=VALUE…]',
		does: `starts nodes that know of nobody; KEY is one of ${Object.keys(NODE_OPTIONS).join(', ')}`,
		run(scene, words) {
			const names = words.someNames();
			const options = nodeOptions(words);
			for (const name of names) scene.start(name, options);
		},
	},
	cluster: {
		usage: 'cluster NAME… [KEY=VALUE…]',
		does: 'starts nodes, joins all through the first, and goes on quietly when they are 5 s old and agree',
		run(scene, words) {
			const names = words.someNames();
			const options = nodeOptions(words);
			const { transcript, cluster } = scene;
			const { shown } = transcript;
			transcript.shown = NOTHING;
			const [first, ...others] = names.map((name) => scene.start(name, options));
			if (first) for (const other of others) cluster.discover(other, [first]);
			cluster.run(SETTLED_MS);
			transcript.shown = shown;
			settle(scene, PATIENCE_MS);
		},
	},
	start: {
		usage: 'start NAME [at=IP] [clock=-1m] [KEY=VALUE…]',
		does: 'starts one node, with its former options, at its former address; `clock`: its wall clock is wrong by that much',
		run(scene, words) {
			const name = words.next('the name');
			const options = words.options();
			const clock = options.get('clock');
			options.delete('clock');
			const former = scene.formerAddress(name);
			scene.start(name, {
				...(former && { address: former }),
				...readOptions(options),
				incarnation: scene.cluster.wallSeconds + (clock === undefined ? 0 : Math.trunc(parseDurationMs(clock) / 1000)),
			});
		},
	},
	join: {
		usage: 'join NODE NODE…',
		does: 'the first is told to join through the others',
		run(scene, words) {
			const host = scene.host(words.next('the node'));
			const addresses = words.someNames().map((place) => scene.anyHost(place).address);
			ask(scene, host, { type: 'join', addresses });
		},
	},
	leave: {
		usage: 'leave NODE…',
		does: 'says goodbye, then ends',
		run: (scene, words) => {
			for (const host of scene.hostsOf(words.someNames())) ask(scene, host, { type: 'leave' });
		},
	},
	remove: {
		usage: 'remove NODE MEMBER',
		does: 'the node is told that a dead member will not come back',
		run(scene, words) {
			const host = scene.host(words.next('the node'));
			ask(scene, host, { type: 'remove', name: words.next('the member') });
		},
	},
	crash: {
		usage: 'crash NODE…',
		does: 'ends without a word',
		run: (scene, words) => {
			for (const host of scene.hostsOf(words.someNames())) scene.cluster.kill(host);
		},
	},
	stall: {
		usage: 'stall NODE 3s',
		does: 'the process does not run for so long; what arrives meanwhile waits',
		run: (scene, words) => scene.cluster.stall(scene.host(words.next('the node')), words.durationMs('how long')),
	},
	tags: {
		usage: 'tags NODE… [KEY=VALUE…]',
		does: 'sets their tags',
		run(scene, words) {
			const hosts = scene.hostsOf(words.someNames());
			const tags = Object.fromEntries(words.options());
			for (const host of hosts) ask(scene, host, { type: 'set-tags', tags });
		},
	},
	cut: {
		usage: 'cut [udp|tcp] NODE… -> NODE… | cut [udp|tcp] NODE… | NODE…',
		does: 'nothing passes from here to there, or between the two',
		run(scene, words) {
			const udp = words.skip('udp');
			const tcp = words.skip('tcp');
			const { applies } = link(scene, words);
			scene.break(scene.cluster.network.impose({ applies, packetLoss: tcp ? 0 : 1, streams: udp }));
		},
	},
	loss: {
		usage: 'loss 20% [NODE… -> NODE…]',
		does: 'so many packets vanish, everywhere until the next `loss`, or on some links until they heal',
		run(scene, words) {
			const packetLoss = parseShare(words.next('the share'));
			const { network } = scene.cluster;
			if (!words.more) network.weather = { ...network.weather, loss: packetLoss };
			else scene.break(network.impose({ applies: link(scene, words).applies, packetLoss, streams: true }));
		},
	},
	delay: {
		usage: 'delay 5ms',
		does: 'packets take so long',
		run({ cluster: { network } }, words) {
			network.weather = { ...network.weather, delayMs: words.durationMs('the delay') };
		},
	},
	heal: {
		usage: 'heal',
		does: 'ends all cuts, and losses on some links',
		run: (scene) => scene.heal(),
	},
	tell: {
		usage: 'tell NODE bytes HEX | alive C+N | suspect C+N by B | dead C+N by B [from NODE]',
		does: 'a forged packet arrives, from nowhere or from the address of a node',
		run: (scene, words) => forge(scene, words),
	},
	run: {
		usage: 'run 2s',
		does: 'so much time passes',
		run: (scene, words) => scene.cluster.run(words.durationMs('how long')),
	},
	settle: {
		usage: 'settle [within 60s]',
		does: 'runs until all that run hold the same view and hold each other alive, and says when that was',
		run: (scene, words) => settle(scene, words.within(PATIENCE_MS)),
	},
	until: {
		usage: `until NODE…|all|any see[s] MEMBER… ${STATES.join('|')} [within 60s]`,
		does: 'runs until that holds, and says when that was',
		run: (scene, words) => until(scene, words),
	},
	views: {
		usage: 'views [NODE…]',
		does: 'what nodes hold: their view by number, its members, what is not alive',
		run(scene, words) {
			report(scene, words.names(), (host) => viewLine(scene, host));
		},
	},
	members: {
		usage: 'members NODE',
		does: 'a line for each member in its view',
		run(scene, words) {
			const host = scene.host(words.next('the node'));
			for (const { name, incarnation, state, address, tags } of host.machine.members()) {
				const text = `${scene.naming.member(name, incarnation)} ${state} at ${address.host}${tagsText(tags)}`;
				scene.transcript.write(scene.placeOf(host), text);
			}
		},
	},
	health: {
		usage: 'health [NODE…]',
		does: 'how nodes judge themselves (Lifeguard): 0 is well',
		run(scene, words) {
			report(scene, words.names(), (host) => `own health ${host.machine.health}`);
		},
	},
};

function nodeOptions(words: Words): HostOptions {
	return readOptions(words.options());
}

function readOptions(options: ReadonlyMap<string, string>): HostOptions {
	let read: HostOptions = {};
	for (const [key, value] of options) {
		const option = Object.hasOwn(NODE_OPTIONS, key) ? NODE_OPTIONS[key] : undefined;
		if (!option) throw new ScriptError(`no option ${key}; there is: ${Object.keys(NODE_OPTIONS).join(', ')}`);
		read = { ...read, ...option(value) };
	}
	return read;
}

type Asked<T> = T extends { id: number } ? Omit<T, 'id'> : never;

function ask(scene: Scene, host: SimHost, command: Asked<NodeCommand>): void {
	scene.cluster.ask(host, command);
}

/** `a -> b c` or `a | b c`; `*` is everybody else. */
function link(scene: Scene, words: Words): { applies(from: SimHost, to: SimHost): boolean } {
	const sources = words.someNames('->', '|');
	const both = words.skip('|');
	if (!both) words.expect('->');
	const targets = words.someNames();
	words.end();
	const stands = (places: readonly string[], others: readonly string[], host: SimHost): boolean => {
		const place = scene.placeOf(host);
		return places.includes(place) || (places.includes('*') && !others.includes(place));
	};
	const oneWay = (from: SimHost, to: SimHost): boolean =>
		stands(sources, targets, from) && stands(targets, sources, to);
	return { applies: (from, to) => oneWay(from, to) || (both && oneWay(to, from)) };
}

function settle(scene: Scene, withinMs: number): void {
	const took = scene.cluster.runUntil(() => scene.agreed, withinMs);
	if (took === undefined) throw new ScriptError(`the views do not agree within ${withinMs} ms`);
	scene.transcript.write(
		'',
		`all ${scene.running.length} views agree${took > 0 ? ` after ${took.toFixed(1)} ms` : ''}`,
	);
}

function until(scene: Scene, words: Words): void {
	const whose = words.someNames('see', 'sees');
	if (!words.skip('see')) words.expect('sees');
	const members = words.someNames(...STATES);
	const state = words.next('the state');
	if (!STATES.includes(state)) throw new ScriptError(`"${state}" is none of ${STATES.join(', ')}`);
	const withinMs = words.within(PATIENCE_MS);
	words.end();
	const sees = (host: SimHost): boolean =>
		members.every((name) => (host.machine.member(name)?.state ?? 'unknown') === state || host.name === name);
	const holds = (): boolean =>
		whose[0] === 'any'
			? scene.running.some((host) => !members.includes(host.name) && sees(host))
			: scene.hostsOf(whose).every(sees);
	const took = scene.cluster.runUntil(holds, withinMs);
	const claim = `${whose.join(' ')} ${whose.length > 1 || whose[0] === 'all' ? 'see' : 'sees'} ${members.join(' ')} ${state}`;
	if (took === undefined) throw new ScriptError(`not within ${withinMs} ms: ${claim}`);
	scene.transcript.write('', `${claim}, after ${took.toFixed(1)} ms`);
}

/** More names than this are shown as the first, the last, and how many. */
const NAMED_MAX = 8;

function shortList(names: readonly string[]): string {
	if (names.length <= NAMED_MAX) return names.join(' ');
	return `${names[0]}…${names.at(-1)} (${names.length})`;
}

/** A line for each thing that is said, with all nodes that say it. */
function report(scene: Scene, names: readonly string[], say: (host: SimHost) => string): void {
	const saidBy = new Map<string, string[]>();
	for (const host of names.length > 0 ? scene.hostsOf(names) : scene.running) {
		const text = say(host);
		saidBy.set(text, [...(saidBy.get(text) ?? []), scene.placeOf(host)]);
	}
	for (const [text, places] of saidBy) scene.transcript.write(shortList(places), text);
}

function viewLine({ naming }: Scene, { machine }: SimHost): string {
	const { a, b } = machine.digest;
	const members = machine.members().map((member) => {
		const name = naming.member(member.name, member.incarnation);
		return member.state === 'alive' ? name : `${name}:${member.state}`;
	});
	return `view=${naming.view(a, b)}: ${shortList(members)}`;
}
