// Meshes for tests: started with little patience, closed after each test, compared by view, digest and ring.

import { afterEach } from 'vitest';
import { createMesh, type Mesh, type MeshEvent, type MeshOptions } from '../../src/mesh/index.ts';
import { until } from './until.ts';

/** A tenth of the defaults' patience, so that a death takes a second. */
export const QUICK: MeshOptions = {
	protocolPeriodMs: 100,
	ackTimeoutMs: 50,
	suspicionTimeoutMs: 400,
	suspicionMaxTimeoutMult: 2,
	gossipIntervalMs: 50,
	reconnectIntervalMs: 300,
	leaveTimeoutMs: 1_000,
};

const running: Mesh[] = [];

afterEach(async () => {
	await Promise.all(running.splice(0).map((mesh) => mesh.close()));
});

export async function start(name: string, options: MeshOptions = {}): Promise<Mesh> {
	const mesh = await createMesh({ ...QUICK, name, bindHost: '127.0.0.1', port: 0, ...options });
	running.push(mesh);
	return mesh;
}

export function at(mesh: Mesh): string {
	return `${mesh.address.host}:${mesh.address.port}`;
}

export function names(mesh: Mesh): string {
	return mesh.members.map((member) => member.name).join(' ');
}

/** Until all hold one view of these members, by names, by digest and by ring. */
export async function agree(meshes: readonly Mesh[], expected: string): Promise<void> {
	const [first] = meshes as [Mesh];
	await until(`all see ${expected}`, () =>
		meshes.every(
			(mesh) =>
				names(mesh) === expected &&
				mesh.status.digest.a === first.status.digest.a &&
				mesh.status.digest.b === first.status.digest.b &&
				mesh.ring.fingerprint === first.ring.fingerprint,
		),
	);
}

/** Everything that `mesh` tells, from now on. */
export function log(mesh: Mesh): MeshEvent[] {
	const events: MeshEvent[] = [];
	mesh.on('event', (event) => events.push(event));
	return events;
}

export function states(events: readonly MeshEvent[], name: string): string[] {
	return events.flatMap((event) =>
		event.type === 'state' && event.member.name === name ? [`${event.from}>${event.to}`] : [],
	);
}
