// Our processes: the bench itself once more, with the role that a contender has.

import { createMesh, type Mesh } from '../../src/mesh/index.ts';
import { addressOf } from '../support/cluster.ts';
import { type Echo, startEcho } from '../support/echo.ts';
import { roleEnvironment } from '../support/fork.ts';
import { startHandling } from '../support/handling.ts';
import type { Program } from './contender.ts';
import { MeshNodes } from './mesh-nodes.ts';
import type { Commands, Cost } from './protocol.ts';
import { type Answers, serve } from './serve.ts';

/** `nodes`: whatever the commands of the protocol make of it. `echo`: the floor, which only counts its packets. */
export type OurRole = { readonly kind: 'nodes' } | ({ readonly kind: 'echo' } & Echo);

export function ourProgram(given: OurRole): Program {
	const args = ['--expose-gc', process.argv[1]!];
	return { command: process.execPath, args, env: roleEnvironment(given) };
}

export async function runRole(given: OurRole): Promise<void> {
	await serve(given.kind === 'echo' ? await echoAnswers(given) : nodeAnswers());
}

async function echoAnswers(given: Echo): Promise<Answers> {
	const echo = await startEcho(given);
	const nothing = { suspicions: 0, deadViews: 0, deadMembers: 0 };
	return {
		start: () => ({ ms: 0, firstMs: 0, suspectMs: 0, views: 0 }),
		traffic: () => ({ packets: echo.packets, bytes: echo.packets * given.packetBytes, ...nothing }),
	};
}

function nodeAnswers(): Answers {
	const nodes = new MeshNodes();
	let mesh: Mesh;
	let hand: (bytes: Uint8Array) => number;
	return {
		start: (asked) => nodes.start(asked),
		traffic: () => nodes.traffic(),
		loss: ({ rate }) => nodes.lose(rate),
		kill: () => nodes.kill(),
		leave: () => nodes.leave(),
		tag: () => nodes.tag(),
		return: () => nodes.comeBack(),
		known: ({ known }) => {
			hand = startHandling(known.map(fromBase64));
			return {};
		},
		handle: ({ packet, times }) => handle(hand, fromBase64(packet), times),
		member: async (asked) => {
			mesh = await startMember(asked);
			return { address: addressOf(mesh) };
		},
		members: () => ({ count: mesh.members.length }),
	};
}

function startMember({ name, seeds }: Commands['member']['asks']): Promise<Mesh> {
	return createMesh({ name, seeds, bindHost: '127.0.0.1', port: 0, suspicionTimeoutMs: 'auto' });
}

/** So few that what they allocate is not yet collected. */
const COUNTED = 1_000;

function handle(hand: (bytes: Uint8Array) => number, packet: Uint8Array, times: number): Cost {
	gc?.();
	const before = process.memoryUsage().heapUsed;
	for (let i = 0; i < COUNTED; i++) hand(packet);
	const bytes = (process.memoryUsage().heapUsed - before) / COUNTED;
	const began = process.cpuUsage();
	let answers = 0;
	for (let i = 0; i < times; i++) answers += hand(packet);
	const { user, system } = process.cpuUsage(began);
	return { us: (user + system) / times, bytes, objects: null, answers: answers / times };
}

function fromBase64(text: string): Uint8Array {
	return new Uint8Array(Buffer.from(text, 'base64'));
}
