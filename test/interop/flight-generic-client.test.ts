// A generic gRPC client: it asks reflection for a service, resolves the imports of its files, and calls what it finds.

import { Client, credentials, loadPackageDefinition, Metadata, type ServiceDefinition } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reflectionProtocol } from '../../src/flight/protocols.ts';
import { loadProtocol } from '../../src/flight/services.ts';
import { type AgentProcess, startAgentProcess } from '../support/agent-process.ts';

const SERVICE = 'arrow.flight.protocol.FlightService';
let agent: AgentProcess;

beforeAll(async () => {
	agent = await startAgentProcess('longbow-0');
});

afterAll(async () => {
	await agent.end();
});

interface Reflected {
	readonly file_descriptor_response?: { readonly file_descriptor_proto: readonly Buffer[] };
}

/** Asks the questions one after the other, over one call. */
async function reflect(version: 'v1' | 'v1alpha', question: object): Promise<readonly Buffer[]> {
	const definition = [...loadProtocol(reflectionProtocol(version)).services.values()][0] as ServiceDefinition;
	const method = definition.ServerReflectionInfo as NonNullable<ServiceDefinition[string]>;
	const client = new Client(agent.status, credentials.createInsecure());
	const stream = client.makeBidiStreamRequest(
		method.path,
		method.requestSerialize,
		method.responseDeserialize,
		new Metadata(),
	);
	stream.end(question);
	try {
		for await (const answer of stream)
			return (answer as Reflected).file_descriptor_response?.file_descriptor_proto ?? [];
		return [];
	} finally {
		client.close();
	}
}

/** The strings of field 3 of a FileDescriptorProto: the files that it imports. */
function importsOf(file: Buffer): string[] {
	const names: string[] = [];
	const reader = { at: 0 };
	const varint = (): number => {
		let value = 0;
		for (let shift = 0; ; shift += 7) {
			const byte = file[reader.at++] ?? 0;
			value += (byte & 0x7f) * 2 ** shift;
			if (byte < 0x80) return value;
		}
	};
	while (reader.at < file.length) {
		const tag = varint();
		if ((tag & 7) !== 2) {
			varint();
			continue;
		}
		const length = varint();
		if (tag >>> 3 === 3) names.push(file.toString('utf8', reader.at, reader.at + length));
		reader.at += length;
	}
	return names;
}

/** All files that a symbol needs, each once, those that are imported before those that import them. */
async function filesOf(version: 'v1' | 'v1alpha', symbol: string): Promise<Buffer[]> {
	const byName = new Map<string, Buffer>();
	const resolve = async (question: object): Promise<void> => {
		for (const file of await reflect(version, question)) {
			for (const name of importsOf(file)) if (!byName.has(name)) await resolve({ file_by_filename: name });
			byName.set(`${byName.size}`, file);
		}
	};
	await resolve({ file_containing_symbol: symbol });
	return [...byName.values()];
}

/** `FileDescriptorSet { 1 file: repeated FileDescriptorProto }`. */
function descriptorSet(files: readonly Buffer[]): Buffer {
	return Buffer.concat(
		files.flatMap((file) => {
			const head = [0x0a];
			let { length } = file;
			for (; length > 0x7f; length >>>= 7) head.push((length & 0x7f) | 0x80);
			return [Buffer.from([...head, length]), file];
		}),
	);
}

describe.each(['v1', 'v1alpha'] as const)('a client that knows nothing but reflection %s', (version) => {
	it('finds the service, with all that its files import, and calls it', async () => {
		const files = await filesOf(version, SERVICE);
		expect(files.length).toBeGreaterThan(0);
		const loaded = loadPackageDefinition(loadFileDescriptorSetFromBuffer(descriptorSet(files)));
		const Service = SERVICE.split('.').reduce<unknown>(
			(inside, name) => (inside as Record<string, unknown>)[name],
			loaded,
		);
		const client = new (
			Service as new (
				address: string,
				as: unknown,
			) => Client & Record<string, (message: object) => AsyncIterable<{ body: Buffer }>>
		)(agent.status, credentials.createInsecure());
		try {
			const results: unknown[] = [];
			for await (const { body } of client.DoAction?.({ type: 'MeshIdentity' }) ?? [])
				results.push(JSON.parse(body.toString()));
			expect(results).toEqual([expect.objectContaining({ ID: 'longbow-0', Status: 0 })]);
			const types: string[] = [];
			for await (const action of client.ListActions?.({}) ?? [])
				types.push((action as unknown as { type: string }).type);
			expect(types).toContain('MeshStatus');
		} finally {
			client.close();
		}
	});
});
