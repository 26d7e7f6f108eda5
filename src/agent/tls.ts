// Certificates of the status API, read from their files: what the agent shows, and how it and the CLI know the others.

import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { AgentConfig } from '../config/index.ts';
import type { ClientTls, ServerTls } from '../flight/index.ts';
import { CliError } from './cli/errors.ts';

/** A file and what named it: a flag or a variable. */
export interface NamedFile {
	readonly label: string;
	readonly path: string;
}

export interface ClientTlsFiles {
	readonly ca: NamedFile | undefined;
	readonly cert: NamedFile | undefined;
	readonly key: NamedFile | undefined;
	readonly serverName: string | undefined;
}

/** `undefined`: the status API speaks plain text. @throws {CliError} naming the variable of a file that is of no use. */
export async function serverTls(config: AgentConfig): Promise<ServerTls | undefined> {
	const { metaTlsCert, metaTlsKey, metaTlsClientCa } = config;
	if (metaTlsCert === undefined || metaTlsKey === undefined) return undefined;
	const certFile = { label: 'LONGBOW_META_TLS_CERT', path: metaTlsCert };
	const keyFile = { label: 'LONGBOW_META_TLS_KEY', path: metaTlsKey };
	const [cert, key] = await Promise.all([contents(certFile), contents(keyFile)]);
	checkPair(certFile, cert, keyFile, key);
	if (metaTlsClientCa === undefined) return { cert, key };
	return { cert, key, clientCa: await authority({ label: 'LONGBOW_META_TLS_CLIENT_CA', path: metaTlsClientCa }) };
}

/** How an agent asks the others: as it answers itself. */
export async function peerTls(config: AgentConfig): Promise<ClientTls | undefined> {
	const { metaTlsCert, metaTlsKey, metaTlsCa, metaTlsServerName: serverName } = config;
	const named = (label: string, path: string | undefined): NamedFile | undefined =>
		path === undefined ? undefined : { label, path };
	return clientTls({
		ca: named('LONGBOW_META_TLS_CA', metaTlsCa),
		cert: named('LONGBOW_META_TLS_CERT', metaTlsCert),
		key: named('LONGBOW_META_TLS_KEY', metaTlsKey),
		serverName,
	});
}

/** `undefined`, when nothing of it is given: plain text. @throws {CliError} naming what is of no use. */
export async function clientTls(files: ClientTlsFiles): Promise<ClientTls | undefined> {
	const { ca, cert, key, serverName } = files;
	if (!ca && !cert && !key && serverName === undefined) return undefined;
	const half = cert ?? key;
	if (half && !(cert && key)) {
		throw unusable(half, 'A certificate and its private key are of use together alone.');
	}
	const tls: { -readonly [K in keyof ClientTls]: ClientTls[K] } = { serverName };
	if (ca) tls.ca = await authority(ca);
	if (cert && key) {
		[tls.cert, tls.key] = await Promise.all([contents(cert), contents(key)]);
		checkPair(cert, tls.cert, key, tls.key);
	}
	return tls;
}

async function contents(file: NamedFile): Promise<Buffer> {
	try {
		return await readFile(file.path);
	} catch (error) {
		throw unusable(file, (error as Error).message, error);
	}
}

async function authority(file: NamedFile): Promise<Buffer> {
	const ca = await contents(file);
	if (ca.includes('-----BEGIN CERTIFICATE-----')) return ca;
	throw unusable(file, 'It holds no certificate in PEM.');
}

function checkPair(certFile: NamedFile, cert: Buffer, keyFile: NamedFile, key: Buffer): void {
	try {
		createSecureContext({ cert });
	} catch (error) {
		throw unusable(certFile, `It holds no certificate in PEM (${(error as Error).message}).`, error);
	}
	try {
		createSecureContext({ cert, key });
	} catch (error) {
		throw unusable(keyFile, `It is not the private key of ${certFile.path} (${(error as Error).message}).`, error);
	}
}

function unusable({ label, path }: NamedFile, why: string, cause?: unknown): CliError {
	return new CliError(`${label} ${JSON.stringify(path)} cannot be used`, { code: 'TLS_FILE', cause, why, exitCode: 2 });
}
