// Server reflection: tells clients such as grpcurl which services and types there are, as descriptor bytes.

import { type ServerDuplexStream, status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { LoadedFile } from './services.ts';

interface Request {
	readonly host: string;
	/** Which one of the questions was asked: the oneof of the protocol. */
	readonly message_request?: string;
	readonly file_by_filename?: string;
	readonly file_containing_symbol?: string;
}
type Call = ServerDuplexStream<Request, object>;

/** Serves v1 and v1alpha alike. No file imports another, so one descriptor answers each question. */
export function reflectionService(files: readonly LoadedFile[]): UntypedServiceImplementation {
	const respond = responder(files);
	return {
		ServerReflectionInfo: (call: Call): void => {
			call.on('data', (request: Request) => {
				const flowing = call.write({ valid_host: request.host, original_request: request, ...respond(request) });
				if (flowing) return;
				// A client that asks without reading must not fill our memory.
				call.pause();
				call.once('drain', () => call.resume());
			});
			call.on('end', () => call.end());
		},
	};
}

function responder(files: readonly LoadedFile[]): (request: Request) => object {
	const byName = new Map(files.map((file) => [file.fileName, file]));
	const bySymbol = new Map(files.flatMap((file) => file.symbols.map((symbol) => [symbol, file] as const)));
	const services = files.flatMap((file) => [...file.services.keys()]).map((name) => ({ name }));
	return (request) => {
		switch (request.message_request) {
			case 'list_services':
				return { list_services_response: { service: services } };
			case 'file_by_filename':
				return fileOrError(byName.get(request.file_by_filename ?? ''), request.file_by_filename);
			case 'file_containing_symbol':
				return fileOrError(bySymbol.get(request.file_containing_symbol ?? ''), request.file_containing_symbol);
			default:
				return refuse(status.NOT_FOUND, 'proto3 files have no extensions');
		}
	};
}

function fileOrError(file: LoadedFile | undefined, asked: string | undefined): object {
	if (!file) return refuse(status.NOT_FOUND, `${asked} is not known here`);
	return { file_descriptor_response: { file_descriptor_proto: [file.descriptor] } };
}

function refuse(error_code: number, error_message: string): object {
	return { error_response: { error_code, error_message } };
}
