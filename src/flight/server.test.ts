// The status service as its clients meet it, over real connections on loopback.

import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import {
	Client,
	type ClientReadableStream,
	credentials,
	Server,
	ServerCredentials,
	type ServerWritableStream,
	type ServiceDefinition,
	type ServiceError,
	status,
} from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { COMMANDS, callFlight, closeAll, opens, serveFlight } from '../../test/support/flight-server.ts';
import { ACTIONS } from './actions.ts';
import { callAction, type FlightServer } from './index.ts';
import { FLIGHT, HEALTH, reflectionProtocol } from './protocols.ts';
import { loadProtocol } from './services.ts';

afterEach(closeAll);

interface Outcome {
	readonly first?: object;
	readonly error?: ServiceError;
}

/** Calls any method by its definition; `first` is the first message of the answer. */
function raw(server: FlightServer, service: ServiceDefinition, name: string, request: object): Promise<Outcome> {
	const client = clientOf(server);
	const method = methodOf(service, name);
	const { path, requestSerialize: serialize, responseDeserialize: deserialize } = method;
	return new Promise((resolve) => {
		if (!method.responseStream) {
			client.makeUnaryRequest(path, serialize, deserialize, request, (error, first) =>
				resolve(error ? { error } : { first: first as object }),
			);
			return;
		}
		let stream: ClientReadableStream<unknown>;
		if (method.requestStream) {
			const duplex = client.makeBidiStreamRequest(path, serialize, deserialize);
			duplex.write(request);
			stream = duplex;
		} else {
			stream = client.makeServerStreamRequest(path, serialize, deserialize, request);
		}
		// `on`, not `once`: cancelling ends in an error, too.
		stream.on('error', (error: ServiceError) => resolve({ error }));
		stream.on('data', (first: object) => {
			resolve({ first });
			stream.cancel();
		});
	});
}

function clientOf({ address }: FlightServer): Client {
	const client = new Client(address, credentials.createInsecure());
	opens(() => client.close());
	return client;
}

function methodOf(service: ServiceDefinition, name: string): NonNullable<ServiceDefinition[string]> {
	return service[name] as NonNullable<ServiceDefinition[string]>;
}

function definition(file: Parameters<typeof loadProtocol>[0]): ServiceDefinition {
	return [...loadProtocol(file).services.values()][0] as ServiceDefinition;
}

describe('the admin token', () => {
	it('is asked of a caller from another machine', async ({ skip }) => {
		const outside = Object.values(networkInterfaces())
			.flat()
			.find((entry) => entry?.family === 'IPv4' && !entry.internal);
		if (!outside) {
			console.warn('NOT CHECKED: this machine has no address besides loopback');
			skip('no address besides loopback');
		}
		const server = await serveFlight({ address: `${outside?.address}:0`, adminToken: 'secret' });
		expect(await callFlight(server, 'MeshIdentity')).toMatchObject({ ID: 'b' });
		await expect(callFlight(server, 'MeshLeave')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
		await expect(callFlight(server, 'MeshLeave', undefined, 'guess')).rejects.toMatchObject({
			code: 'PERMISSION_DENIED',
		});
		expect(await callFlight(server, 'MeshLeave', undefined, 'secret')).toMatchObject({ told: 2 });
		// Whoever may not change anything is told so before it is looked at what he wants.
		const changing = ACTIONS.filter(({ mutating }) => mutating === true).map(({ type }) => type);
		expect(changing).toEqual(['MeshJoin', 'MeshLeave', 'MeshTags']);
		for (const type of changing) {
			const refused = callFlight(server, type, {}, 'guess');
			await expect(refused, type).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
		}
	});

	it('cannot be empty', async () => {
		await expect(serveFlight({ adminToken: '' })).rejects.toThrow(RangeError);
	});
});

describe('the rest of Flight', () => {
	it('lists the actions', async () => {
		const { first } = await raw(await serveFlight(), definition(FLIGHT), 'ListActions', {});
		expect(first).toEqual({ type: ACTIONS[0]?.type, description: ACTIONS[0]?.description });
	});

	it.each(Object.keys(definition(FLIGHT)).filter((method) => !['DoAction', 'ListActions'].includes(method)))(
		'%s is UNIMPLEMENTED with a sentence',
		async (method) => {
			const { error } = await raw(await serveFlight(), definition(FLIGHT), method, {});
			expect(error).toMatchObject({ code: status.UNIMPLEMENTED, details: expect.stringContaining('holds no data') });
		},
	);

	it('refuses a message that is too large', async () => {
		const body = { addresses: ['x'.repeat(100_000)] };
		await expect(callFlight(await serveFlight(), 'MeshJoin', body)).rejects.toMatchObject({
			code: 'RESOURCE_EXHAUSTED',
		});
	});
});

describe('health', () => {
	it('is SERVING for the server and for each service, NOT_FOUND for others', async () => {
		const server = await serveFlight();
		for (const service of ['', 'arrow.flight.protocol.FlightService', 'grpc.health.v1.Health']) {
			expect((await raw(server, definition(HEALTH), 'Check', { service })).first).toEqual({ status: 'SERVING' });
		}
		const { error } = await raw(server, definition(HEALTH), 'Check', { service: 'x' });
		expect(error?.code).toBe(status.NOT_FOUND);
	});

	it('ends a watch when the server closes', async () => {
		const server = await serveFlight();
		const { path, requestSerialize, responseDeserialize } = methodOf(definition(HEALTH), 'Watch');
		const request = { service: '' };
		const watch = clientOf(server).makeServerStreamRequest(path, requestSerialize, responseDeserialize, request);
		const seen: object[] = [];
		for await (const message of watch) {
			seen.push(message);
			if (seen.length === 1) void server.close();
		}
		expect(seen).toEqual([{ status: 'SERVING' }, { status: 'NOT_SERVING' }]);
	});
});

describe.each(['v1', 'v1alpha'] as const)('reflection %s', (version) => {
	const ask = async (request: object) => {
		const method = definition(reflectionProtocol(version));
		return (await raw(await serveFlight(), method, 'ServerReflectionInfo', request)).first;
	};

	it('lists the services', async () => {
		const answer = await ask({ host: 'h', list_services: '*' });
		expect(answer).toMatchObject({
			valid_host: 'h',
			list_services_response: {
				service: [
					{ name: 'arrow.flight.protocol.FlightService' },
					{ name: 'grpc.health.v1.Health' },
					{ name: 'grpc.reflection.v1.ServerReflection' },
					{ name: 'grpc.reflection.v1alpha.ServerReflection' },
				],
			},
		});
	});

	it.each([
		{ file_containing_symbol: 'arrow.flight.protocol.FlightService' },
		{ file_containing_symbol: 'arrow.flight.protocol.FlightService.DoAction' },
		{ file_containing_symbol: 'arrow.flight.protocol.FlightDescriptor.DescriptorType' },
		{ file_by_filename: 'arrow_flight_protocol.proto' },
	])('gives the file for %j', async (request) => {
		expect(await ask(request)).toMatchObject({
			file_descriptor_response: { file_descriptor_proto: [loadProtocol(FLIGHT).descriptor] },
		});
	});

	it.each([
		{ file_containing_symbol: 'arrow.flight.protocol.Nothing' },
		{ file_by_filename: 'nothing.proto' },
		{ all_extension_numbers_of_type: 'arrow.flight.protocol.Action' },
		{ file_containing_extension: { containing_type: 'x', extension_number: 1 } },
	])('answers %j with NOT_FOUND', async (request) => {
		expect(await ask(request)).toMatchObject({ error_response: { error_code: status.NOT_FOUND } });
	});
});

describe('a bad client', () => {
	it.each([
		['an HTTP/1.1 request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
		['bytes of no meaning', Buffer.alloc(4_096, 0xa5)],
		[
			'a preface and then nothing of sense',
			Buffer.from(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${'\xff'.repeat(99)}`, 'latin1'),
		],
	])('that sends %s does not disturb the others', async (_case, bytes) => {
		const server = await serveFlight();
		const { hostname, port } = new URL(`http://${server.address}`);
		const socket = connect(Number(port), hostname);
		socket.on('error', () => undefined); // a reset is as good as an end
		socket.resume().write(bytes);
		await once(socket, 'close');
		expect(await callFlight(server, 'MeshIdentity')).toMatchObject({ ID: 'b' });
	});

	it('that asks reflection without reading gets every answer once it reads', async () => {
		const server = await serveFlight();
		const method = methodOf(definition(reflectionProtocol('v1')), 'ServerReflectionInfo');
		const { path, requestSerialize, responseDeserialize } = method;
		const stream = clientOf(server).makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
		const questions = 500;
		for (let i = 0; i < questions; i++) stream.write({ file_containing_symbol: 'arrow.flight.protocol.Action' });
		stream.end();
		expect(await callFlight(server, 'MeshIdentity')).toMatchObject({ ID: 'b' });
		let answers = 0;
		for await (const answer of stream) {
			expect(answer).toHaveProperty('file_descriptor_response');
			answers++;
		}
		expect(answers).toBe(questions);
	});
});

describe('createFlightServer', () => {
	it('rejects with the code of the system when the port is taken', async () => {
		const { address } = await serveFlight();
		await expect(serveFlight({ address })).rejects.toMatchObject({
			code: 'EADDRINUSE',
			message: expect.stringContaining(`cannot listen on ${address}`),
		});
	});

	it('listens on IPv6', async () => {
		const server = await serveFlight({ address: '[::1]:0' });
		expect(server.address).toMatch(/^\[::1\]:\d+$/);
		expect(await callFlight(server, 'MeshLeave')).toMatchObject({ told: 2 });
	});

	it('closes twice, and then refuses calls', async () => {
		const server = await serveFlight();
		await callFlight(server, 'MeshIdentity');
		await Promise.all([server.close(), server.close()]);
		await expect(callFlight(server, 'MeshIdentity')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
	});

	it('lets a running action answer before it closes', async () => {
		let server: FlightServer | undefined;
		const leave = async () => {
			void server?.close();
			return { told: 0, of: 0, tookMs: 0 };
		};
		server = await serveFlight({ commands: { ...COMMANDS, leave } });
		expect(await callFlight(server, 'MeshLeave')).toEqual({ told: 0, of: 0, tookMs: 0 });
	});
});

describe('callAction', () => {
	it('reports a deadline', async () => {
		const server = await serveFlight({ commands: { ...COMMANDS, leave: () => new Promise(() => undefined) } });
		await expect(callAction(server.address, 'MeshLeave', undefined, { timeoutMs: 50 })).rejects.toMatchObject({
			name: 'FlightError',
			code: 'DEADLINE_EXCEEDED',
		});
	});

	it.each([
		['no result', [], 'MeshStatus: 0 results where one was expected'],
		['two results', ['1', '2'], 'MeshStatus: 2 results where one was expected'],
		['a result that is not JSON', ['<html>'], "MeshStatus: the answer is not JSON; is this an agent's address?"],
	])('refuses %s', async (_case, bodies, message) => {
		const stranger = new Server();
		opens(() => stranger.forceShutdown());
		stranger.addService(definition(FLIGHT), {
			DoAction: (call: ServerWritableStream<unknown, { body: Buffer }>) => {
				for (const body of bodies) call.write({ body: Buffer.from(body) });
				call.end();
			},
		});
		const port = await new Promise<number>((resolve, reject) => {
			const creds = ServerCredentials.createInsecure();
			stranger.bindAsync('127.0.0.1:0', creds, (error, bound) => (error ? reject(error) : resolve(bound)));
		});
		const answer = callAction(`127.0.0.1:${port}`, 'MeshStatus', undefined, { timeoutMs: 5_000 });
		await expect(answer).rejects.toMatchObject({ code: 'INTERNAL', message });
	});
});
