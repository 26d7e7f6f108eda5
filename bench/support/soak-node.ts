// A node of the soak in a process of its own: runs until it is ended, and tells how much of everything it holds.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createMesh, type Mesh } from '../../src/mesh/index.ts';
import { tell } from './fork.ts';

export interface SoakNodeRole {
	readonly kind: 'node';
	readonly name: string;
	readonly seeds: readonly string[];
	/** Milliseconds between two samples; none: it tells its view when asked, and no more. */
	readonly sampleMs?: number;
}

/** What one node holds at one instant. Memory in bytes. */
export interface Sample {
	readonly rss: number;
	readonly heap: number;
	/** Sockets, pipes and whatever else keeps the event loop, timers apart. */
	readonly handles: number;
	readonly timers: number;
	readonly updates: number;
	readonly streams: number;
	readonly relays: number;
	readonly members: number;
	readonly tombstones: number;
	readonly book: number;
	/** Longest stop of the event loop since the last sample. */
	readonly loopDelayMs: number;
}

export type ToldBySoakNode =
	| { readonly type: 'ready'; readonly address: string }
	| { readonly type: 'sample'; readonly sample: Sample }
	| { readonly type: 'view'; readonly view: string }
	/** Somebody died in this node's view. */
	| { readonly type: 'dead'; readonly member: string }
	/** An error that nobody took, or a listener that threw. */
	| { readonly type: 'fault'; readonly text: string };

export type AskedOfSoakNode = 'view' | 'leave' | { readonly tags: Readonly<Record<string, string>> };

/** Dead members are shown for two minutes here, so that half an hour shows whether they go. */
const TOMBSTONE_MS = 120_000;

export async function runSoakNode({ name, seeds, sampleMs }: SoakNodeRole): Promise<void> {
	const fault = (text: string): void => say({ type: 'fault', text });
	process.on('unhandledRejection', (reason) => fault(`unhandled rejection: ${String(reason)}`));
	process.on('uncaughtExceptionMonitor', (error) => fault(`uncaught: ${error.stack}`));
	process.on('warning', (warning) => fault(`warning: ${warning.message}`));
	const mesh = await createMesh({ name, seeds, bindHost: '127.0.0.1', port: 0, tombstoneMs: TOMBSTONE_MS });
	mesh.on('dead', (member) => say({ type: 'dead', member: member.name }));
	process.on('message', (asked) => void obey(mesh, asked as AskedOfSoakNode));
	if (sampleMs !== undefined) sampleEvery(sampleMs, mesh);
	say({ type: 'ready', address: `${mesh.address.host}:${mesh.address.port}` });
}

async function obey(mesh: Mesh, asked: AskedOfSoakNode): Promise<void> {
	if (asked === 'view') say({ type: 'view', view: viewOf(mesh) });
	else if (asked !== 'leave') await mesh.setTags(asked.tags);
	else {
		await mesh.leave();
		process.disconnect();
	}
}

function viewOf(mesh: Mesh): string {
	const members = mesh.members.map(({ name, incarnation, tags }) => `${name}@${incarnation} ${JSON.stringify(tags)}`);
	return [mesh.ring.fingerprint, ...members].join('\n');
}

function sampleEvery(everyMs: number, mesh: Mesh): void {
	const delay = monitorEventLoopDelay({ resolution: 10 });
	delay.enable();
	setInterval(() => {
		const { rss, heapUsed } = process.memoryUsage();
		const resources = process.getActiveResourcesInfo();
		const timers = resources.filter((kind) => kind === 'Timeout' || kind === 'Immediate').length;
		const { updates, streams, relays, members, silentTombstones, bookAddresses } = mesh.status.sizes;
		say({
			type: 'sample',
			sample: {
				rss,
				heap: heapUsed,
				handles: resources.length - timers,
				timers,
				updates,
				streams,
				relays,
				members,
				tombstones: silentTombstones,
				book: bookAddresses,
				loopDelayMs: delay.max / 1e6,
			},
		});
		delay.reset();
	}, everyMs);
}

function say(told: ToldBySoakNode): void {
	tell(told);
}
