// From a protocol's declaration to what a gRPC server needs: method definitions, and descriptor bytes for reflection.

import type { ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { type ProtoFile, symbolsOf, toNamespace } from './proto.ts';

export interface LoadedFile {
	/** Service definitions by full name. */
	readonly services: ReadonlyMap<string, ServiceDefinition>;
	/** The name under which reflection serves the file. */
	readonly fileName: string;
	/** An encoded google.protobuf.FileDescriptorProto. */
	readonly descriptor: Buffer;
	/** Fully qualified names that the file declares. */
	readonly symbols: readonly string[];
}

// 64-bit numbers as text and enumerations by name; absent fields get their default, so handlers need no `?? ''`.
const OPTIONS = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };

export function loadProtocol(file: ProtoFile): LoadedFile {
	const definitions = fromJSON(toNamespace(file), OPTIONS);
	const services = new Map<string, ServiceDefinition>();
	let descriptor: Buffer | undefined;
	for (const [name, definition] of Object.entries(definitions)) {
		if ('fileDescriptorProtos' in definition && Array.isArray(definition.fileDescriptorProtos)) {
			descriptor = definition.fileDescriptorProtos[0];
		} else {
			services.set(name, definition as ServiceDefinition);
		}
	}
	if (!descriptor) throw new Error(`${file.packageName} declares no message`);
	return {
		services,
		fileName: `${file.packageName.replaceAll('.', '_')}.proto`, // protobuf.js names descriptors so
		descriptor,
		symbols: symbolsOf(file),
	};
}
