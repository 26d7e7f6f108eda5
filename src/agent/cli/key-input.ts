// The key that a command is about: material by file or stdin, never on the command line, or the id of one that is held.

import { readFile } from 'node:fs/promises';
import { KEYS_FILE_BYTES_MAX, parseKeysFile } from '../../config/index.ts';
import type { Invocation } from './command.ts';
import { CliError, usageError } from './errors.ts';

const ID = /^([0-9a-f]{4})(…|\.\.\.)?$/i;

/** What MeshKeys takes for `key`: base64, or four hex digits. @throws {CliError} that repeats nothing of what may be a key. */
export async function keyArgument(invocation: Invocation, verb: string): Promise<string> {
	const [, text] = invocation.args;
	const { keyFile } = invocation.options;
	if (text !== undefined && typeof keyFile === 'string') {
		throw usageError('the key is named twice', `longbow-mesh keys ${verb} --key-file <path>`);
	}
	if (text !== undefined) return idOf(text, verb);
	if (typeof keyFile === 'string') return materialOf(await fileText(keyFile), `--key-file ${JSON.stringify(keyFile)}`);
	if (process.stdin.isTTY) {
		throw usageError(
			`${verb} needs a key, by file or on stdin${verb === 'install' ? '' : ', or the first 4 digits of one that is held'}`,
			verb === 'install'
				? 'longbow-mesh keygen | tee new.key | longbow-mesh keys install --all'
				: `longbow-mesh keys list, then longbow-mesh keys ${verb} <4 digits>`,
		);
	}
	return materialOf(await stdinText(), 'stdin');
}

function idOf(text: string, verb: string): string {
	const id = ID.exec(text)?.[1];
	if (verb === 'install' || id === undefined) {
		// Not repeated: it may be a key, and error texts end in logs.
		throw usageError(
			'a key does not belong on the command line, where every user of the host can read it',
			`longbow-mesh keys ${verb} --key-file <path>, or give it on stdin`,
		);
	}
	return id.toLowerCase();
}

function materialOf(text: string, where: string): string {
	const parsed = parseKeysFile(text);
	if ('problem' in parsed) throw new CliError(`${where} ${parsed.problem}`, { code: 'KEY', exitCode: 2 });
	const [key, ...more] = parsed.keys as [Uint8Array, ...Uint8Array[]];
	if (more.length === 0) return Buffer.from(key).toString('base64');
	throw new CliError(`${where} holds ${more.length + 1} keys, and one is wanted`, { code: 'KEY', exitCode: 2 });
}

async function fileText(path: string): Promise<string> {
	try {
		return await readFile(path, 'utf8');
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw new CliError(`--key-file ${JSON.stringify(path)} cannot be read`, { code: 'KEY', cause, why, exitCode: 2 });
	}
}

async function stdinText(): Promise<string> {
	let text = '';
	for await (const chunk of process.stdin.setEncoding('utf8')) {
		text += chunk;
		if (text.length > KEYS_FILE_BYTES_MAX) throw usageError('stdin is no key: it is too long', 'longbow-mesh keygen');
	}
	return text;
}
