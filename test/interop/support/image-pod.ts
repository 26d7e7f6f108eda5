// A pod of the chart as the kubelet would run it, but by runc, in the network namespace of a host.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Host, run } from '../../netns/support/namespaces.ts';
import { until } from '../../support/until.ts';
import type { KubeObject } from './helm.ts';
import type { Image } from './image-build.ts';

/** A line of the agent's log. */
export interface LogLine {
	readonly event: string;
	/** RFC 3339. */
	readonly time: string;
	readonly member?: string;
	readonly to?: string;
	readonly [key: string]: unknown;
}

export interface PodOptions {
	readonly image: Image;
	readonly host: Host;
	/** Of the pod; unique among those that run. */
	readonly name: string;
	/** Variables beside those of the image. */
	readonly env: Readonly<Record<string, string>>;
	/** IP address of the name server. */
	readonly nameServer: string;
	/** Folder for what runc needs. */
	readonly folder: string;
}

const READY_MS = 30_000;
/**
 * The chart requests CPU, and this stands for the request: other work of this machine must not keep an agent waiting for
 * longer than `ackTimeout`, or the others suspect it, and rightly so.
 */
const CPU_SHARES = 65_536;
const HOSTS = '127.0.0.1 localhost\n::1 localhost\n';

export class Pod {
	readonly name: string;
	readonly host: Host;
	readonly log: LogLine[] = [];
	/** Resolves with the exit code when the container has ended. */
	readonly exited: Promise<number | null>;
	readonly #runc: ChildProcess;
	readonly #state: string;
	#output = '';
	#code: number | null | undefined;

	private constructor(options: PodOptions) {
		const { name, host, folder } = options;
		this.name = name;
		this.host = host;
		this.#state = join(folder, 'state');
		const bundle = join(folder, name);
		mkdirSync(bundle, { recursive: true });
		writeFileSync(join(bundle, 'config.json'), JSON.stringify(runtimeConfig(options, bundle)));
		const args = ['--root', this.#state, 'run', '--bundle', bundle, name];
		this.#runc = spawn('runc', args, { stdio: ['ignore', 'pipe', 'pipe'] });
		this.exited = new Promise((resolve) => {
			this.#runc.once('exit', (code) => {
				this.#code = code;
				resolve(code);
			});
		});
		for (const stream of [this.#runc.stdout!, this.#runc.stderr!]) {
			createInterface({ input: stream }).on('line', (line) => this.#read(line));
		}
	}

	/** Resolves when the agent's doors are open. */
	static async start(options: PodOptions): Promise<Pod> {
		const pod = new Pod(options);
		const isUp = (): boolean => pod.log.some(({ event }) => event === 'ready');
		await until(`${pod.name} is up`, () => isUp() || pod.#code !== undefined, READY_MS);
		if (!isUp()) throw new Error(`${pod.name} did not start\n${pod.#output}`);
		return pod;
	}

	/** Runs a command in the container, as a probe or a hook does. @throws {Error} with its output when it fails. */
	exec(command: readonly string[]): Promise<string> {
		return new Promise((resolve, reject) => {
			execFile('runc', ['--root', this.#state, 'exec', this.name, ...command], (error, stdout, stderr) => {
				if (error) reject(new Error(`${command.join(' ')}: ${stdout}${stderr}`, { cause: error }));
				else resolve(stdout);
			});
		});
	}

	/**
	 * Runs a preStop hook to its end. To the kubelet its exit code is no more than an event, and so it is here: a hook that
	 * ends the agent ends its own container, and may be killed with it.
	 */
	async preStop(command: readonly string[]): Promise<void> {
		const hook = spawn('runc', ['--root', this.#state, 'exec', this.name, ...command], { stdio: 'ignore' });
		await once(hook, 'exit');
	}

	/** SIGKILL is a crash, SIGTERM the way in which containers are stopped. Returns the exit code. */
	async end(signal: 'KILL' | 'TERM'): Promise<number | null> {
		await run('runc', ['--root', this.#state, 'kill', this.name, signal]);
		return this.exited;
	}

	/** Process ID of the agent, seen from outside. */
	async pid(): Promise<number> {
		const { pid }: { pid: number } = JSON.parse(await run('runc', ['--root', this.#state, 'state', this.name]));
		return pid;
	}

	/** Steps of other members into a state, as this agent logged them. */
	saw(state: string, member?: string): readonly LogLine[] {
		return this.log.filter(
			(line) => line.event === 'state' && line.to === state && (member === undefined || line.member === member),
		);
	}

	#read(line: string): void {
		this.#output = `${this.#output}${line}\n`.slice(-20_000);
		if (line.startsWith('{')) this.log.push(JSON.parse(line));
	}
}

/** The container's variables with what the kubelet would put into them. */
export function environmentOf({ env }: KubeObject, name: string, { address }: Host): Record<string, string> {
	const fields: Record<string, string> = {
		'metadata.name': name,
		'metadata.namespace': 'default',
		'status.podIP': address,
	};
	return Object.fromEntries(
		env.map((each: KubeObject) => [each.name, each.value ?? fields[each.valueFrom.fieldRef.fieldPath]]),
	);
}

/** The image's own configuration with the security context of the chart, and in the namespace of the host. */
function runtimeConfig({ image, host, name, env, nameServer }: PodOptions, bundle: string): object {
	const config = JSON.parse(image.runtimeConfig);
	const { linux } = config;
	// As the kubelet does, which gives every container these two files.
	const files = { 'resolv.conf': `nameserver ${nameServer}\n`, hosts: HOSTS };
	const mounts = Object.entries(files).map(([file, text]) => {
		const source = join(bundle, file);
		writeFileSync(source, text);
		return { destination: `/etc/${file}`, type: 'bind', source, options: ['rbind', 'ro'] };
	});
	const namespaces = linux.namespaces.filter(({ type }: { type: string }) => type !== 'network');
	return {
		...config,
		hostname: name,
		root: { path: image.rootfs, readonly: true },
		process: {
			...config.process,
			terminal: false,
			env: [...config.process.env, ...Object.entries(env).map(([key, value]) => `${key}=${value}`)],
			capabilities: {},
			noNewPrivileges: true,
		},
		mounts: [...config.mounts, ...mounts],
		linux: {
			...linux,
			resources: { cpu: { shares: CPU_SHARES } },
			namespaces: [...namespaces, { type: 'network', path: `/run/netns/${host.namespace}` }],
		},
	};
}
