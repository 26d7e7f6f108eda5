// The words for a door that cannot be opened.

import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { TransportError } from '../net/index.ts';
import { CliError } from './cli/errors.ts';
import { startError } from './start-error.ts';

const UDP = {
	protocol: 'udp',
	host: '0.0.0.0',
	port: 7946,
	otherPort: 'LONGBOW_GOSSIP_PORT=7947',
	anyAddress: 'LONGBOW_GOSSIP_BIND_ADDR=0.0.0.0',
} as const;
const TCP = {
	protocol: 'tcp',
	host: '0.0.0.0',
	port: 3001,
	otherPort: 'LONGBOW_META_ADDR=0.0.0.0:3002',
	anyAddress: 'LONGBOW_META_ADDR=0.0.0.0:3001',
} as const;

describe('startError', () => {
	it('names the port, who may hold it, and what to do', () => {
		const cause = new TransportError('NET_ADDRESS_IN_USE', 'in use');
		const error = startError(new Error('mesh', { cause }), UDP) as CliError;
		expect(error).toBeInstanceOf(CliError);
		expect(error).toMatchObject({
			message: 'UDP 7946 is in use on 0.0.0.0',
			why: 'Another process holds it, perhaps a second agent or serf.',
			hints: ["ss -lunp 'sport = :7946', or LONGBOW_GOSSIP_PORT=7947"],
			exitCode: 1,
		});
	});

	it('knows the codes of the system', async () => {
		const server = createServer();
		const other = createServer();
		try {
			await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
			const { port } = server.address() as { port: number };
			const raised = await new Promise((resolve) => other.once('error', resolve).listen(port, '127.0.0.1'));
			expect(startError(raised, { ...TCP, port })).toMatchObject({
				code: 'PORT_IN_USE',
				message: `TCP ${port} is in use on 0.0.0.0`,
			});
		} finally {
			server.close();
			other.close();
		}
		const system = (code: string) => Object.assign(new Error(code), { code });
		expect(startError(system('EACCES'), TCP)).toMatchObject({ code: 'PORT_DENIED' });
		expect(startError(system('EADDRNOTAVAIL'), TCP)).toMatchObject({
			code: 'ADDRESS_UNAVAILABLE',
			hints: ['ip address', 'LONGBOW_META_ADDR=0.0.0.0:3001'],
		});
		expect(startError(system('EADDRNOTAVAIL'), UDP)).toMatchObject({
			hints: ['ip address', 'LONGBOW_GOSSIP_BIND_ADDR=0.0.0.0'],
		});
	});

	it('explains an address that the others cannot reach, in three lines', () => {
		const text = '127.0.0.1:7946 would be advertised, and 10.0.0.2:7946 is on another host, which cannot reach it';
		expect(startError(Object.assign(new Error(text), { code: 'MESH_NOT_REACHABLE' }), UDP)).toMatchObject({
			code: 'NOT_REACHABLE',
			exitCode: 1,
			message: text,
			why: 'Loopback means a different host to each of them.',
			hints: ['LONGBOW_GOSSIP_BIND_ADDR=0.0.0.0, or LONGBOW_GOSSIP_ADVERTISE_ADDR=<address of this host>'],
		});
	});

	it('gives any other error back', () => {
		const error = new TypeError('bug');
		expect(startError(error, TCP)).toBe(error);
	});
});
