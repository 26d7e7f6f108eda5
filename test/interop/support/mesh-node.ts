// The program of a node under test: a mesh, commanded by messages of the process that started it.

import { createMesh, type MeshOptions } from '../../../src/mesh/index.ts';
import type { Address } from '../../../src/swim/index.ts';

/** What can be told in JSON. */
export type NodeOptions = Omit<
	MeshOptions,
	'name' | 'keys' | 'discovery' | 'events' | 'delegate' | 'transport' | 'signal'
> & {
	readonly name: string;
	/** Base64. */
	readonly keys?: readonly string[];
};

export type NodeRequest =
	| { readonly id: number; readonly type: 'join'; readonly peers: readonly string[] }
	| { readonly id: number; readonly type: 'members' }
	| { readonly id: number; readonly type: 'set-tags'; readonly tags: Readonly<Record<string, string>> }
	| { readonly id: number; readonly type: 'leave' };

export type NodeReply =
	| { readonly type: 'ready'; readonly address: Address }
	| { readonly type: 'done'; readonly id: number; readonly value: unknown }
	| { readonly type: 'failed'; readonly id: number; readonly message: string };

// The parent is gone: nobody would end this process.
process.once('disconnect', () => process.exit());

const { keys = [], ...options } = JSON.parse(process.argv[2] as string) as NodeOptions;
const mesh = await createMesh({
	bindHost: '127.0.0.1',
	port: 0,
	...options,
	keys: keys.map((key) => new Uint8Array(Buffer.from(key, 'base64'))),
});
mesh.on('event', (event) => console.log(JSON.stringify(event)));

const reply = (message: NodeReply): void => void process.send?.(message);

async function handle(request: NodeRequest): Promise<unknown> {
	switch (request.type) {
		case 'join':
			return mesh.join(request.peers);
		case 'members':
			return mesh.status.members;
		case 'set-tags':
			return mesh.setTags(request.tags);
		case 'leave':
			return mesh.leave();
	}
}

process.on('message', (request: NodeRequest) => {
	const { id } = request;
	void handle(request)
		.then(
			(value) => reply({ type: 'done', id, value }),
			(error: unknown) => reply({ type: 'failed', id, message: String(error) }),
		)
		.finally(() => {
			if (request.type === 'leave') process.disconnect();
		});
});
reply({ type: 'ready', address: mesh.address });
