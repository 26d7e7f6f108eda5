// Real serf agents on loopback, driven by serf's own command line.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import { freePort } from './ports.ts';
import { Running } from './processes.ts';

const run = promisify(execFile);

export interface SerfMember {
	readonly name: string;
	/** `host:port` */
	readonly addr: string;
	readonly tags: Readonly<Record<string, string>>;
	readonly status: 'alive' | 'leaving' | 'left' | 'failed' | 'none';
}

export interface SerfOptions {
	readonly name: string;
	readonly tags?: Readonly<Record<string, string>>;
	/** Base64, 16 to 32 bytes. */
	readonly encrypt?: string;
	/** How patient it is: `local` (the default) probes with 200 ms, `lan` with 500 ms. */
	readonly profile?: 'local' | 'lan';
	/** `host:port` of a member to join at the start. */
	readonly join?: string;
}

export class SerfAgent {
	readonly name: string;
	/** `host:port` of its gossip. */
	readonly address: string;
	readonly process: Running;
	readonly #rpc: string;

	private constructor(name: string, address: string, rpc: string, process: Running) {
		this.name = name;
		this.address = address;
		this.process = process;
		this.#rpc = rpc;
	}

	/** Resolves when the agent answers. */
	static async start(options: SerfOptions): Promise<SerfAgent> {
		const { name, tags = {}, encrypt, join, profile = 'local' } = options;
		const address = `127.0.0.1:${await freePort()}`;
		const rpc = `127.0.0.1:${await freePort()}`;
		const args = ['agent', `-node=${name}`, `-bind=${address}`, `-rpc-addr=${rpc}`];
		args.push(`-profile=${profile}`, '-log-level=debug');
		for (const [key, value] of Object.entries(tags)) args.push('-tag', `${key}=${value}`);
		if (encrypt !== undefined) args.push(`-encrypt=${encrypt}`);
		if (join !== undefined) args.push(`-join=${join}`);
		const agent = new SerfAgent(name, address, rpc, Running.spawn(`serf ${name}`, 'serf', args));
		await vi.waitFor(() => agent.members(), { timeout: 10_000, interval: 100 });
		return agent;
	}

	async members(): Promise<readonly SerfMember[]> {
		const { members } = JSON.parse(await this.command('members', '-format', 'json'));
		return members;
	}

	/** Expects the agent to show a member so, now. */
	async shows(name: string, member: Partial<SerfMember>): Promise<void> {
		const members = await this.members();
		expect(members, this.log).toContainEqual(expect.objectContaining({ name, ...member }));
	}

	/** Waits until the agent shows a member so. */
	async willShow(name: string, member: Partial<SerfMember>, timeoutMs = 10_000): Promise<void> {
		await vi.waitFor(() => this.shows(name, member), { timeout: timeoutMs, interval: 100 });
	}

	/** Runs `serf <command> …` against this agent. @throws when serf does. */
	async command(command: string, ...args: readonly string[]): Promise<string> {
		const { stdout } = await run('serf', [command, `-rpc-addr=${this.#rpc}`, ...args], { timeout: 20_000 });
		return stdout;
	}

	/** The log without what our own commands cause, for the message of a failure. */
	get log(): string {
		return this.process.output.replace(/^.*agent\.ipc.*\n/gm, '');
	}

	/** Lines of the log that tell of trouble. */
	get complaints(): readonly string[] {
		return this.process.lines.filter((line) => /\[(WARN|ERR)\]/.test(line));
	}

	/** Kinds of lines in the log: without times, names and numbers; what our own commands cause is left out. */
	get logKinds(): ReadonlySet<string> {
		const logged = this.process.lines.filter((line) => line.includes('[') && !line.includes('agent.ipc'));
		return new Set(
			logged.map((line) =>
				line
					.replace(/^.*?(?=\[[A-Z]+\])/, '')
					.replace(/(EventMember\w+|message\w+Type|sync with): .*/, '$1')
					.replace(/\d+/g, '#'),
			),
		);
	}
}
