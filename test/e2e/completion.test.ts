// Completion in the real shells: commands, flags, values, the members of a live agent, and nothing at all without one.

import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentProcess, freePort, startAgentProcess } from '../support/agent-process.ts';
import { BINARY, cli, eventually } from '../support/cli.ts';
import { openScreen, type Screen } from '../support/tmux.ts';
import { hasTools } from '../support/tools.ts';

const run = promisify(execFile);
/** A name as only an attacker would have one. */
const EVIL = 'b$(touch pwned)`touch pwned`';

let folder: string;
let agent: AgentProcess;
let second: AgentProcess;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'longbow-completion-'));
	await symlink(BINARY, join(folder, 'longbow-mesh'));
	await chmod(BINARY, 0o755);
	for (const shell of ['bash', 'zsh', 'fish'])
		await writeFile(join(folder, shell), (await cli(['completion', shell])).out);
	await writeFile(join(folder, 'node.lbj'), '');
	agent = await startAgentProcess('longbow-00');
	second = await startAgentProcess(EVIL, { join: [agent.gossip] });
	await eventually('both are alive', async () => {
		const { code } = await cli(['members', '--expect', '2', '--addr', agent.status]);
		return code === 0 || undefined;
	});
});

afterAll(async () => {
	await Promise.all([agent?.end(), second?.end()]);
	await rm(folder, { recursive: true, force: true });
});

function environment(addr: string): Record<string, string> {
	return { PATH: `${folder}:${process.env.PATH}`, LANG: 'C.UTF-8', HOME: folder, LONGBOW_ADDR: addr };
}

const BASH = `
source ./bash
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_longbow_mesh longbow-mesh
printf '%s\\n' "\${COMPREPLY[@]}"`;

/** What a shell offers at the end of a line. */
const offers = {
	async bash(line: string, addr: string): Promise<string[]> {
		const words = line.split(/ |(?==)|(?<==)/);
		return lines((await run('bash', ['-c', BASH, 'bash', ...words], { cwd: folder, env: environment(addr) })).stdout);
	},
	async fish(line: string, addr: string): Promise<string[]> {
		const code = `source ./fish; complete -C '${line}'`;
		const { stdout } = await run('fish', ['--no-config', '-c', code], { cwd: folder, env: environment(addr) });
		return lines(stdout).map((each) => each.split('\t')[0] as string);
	},
};

function lines(text: string): string[] {
	return text.split('\n').filter((line) => line !== '');
}

const SHELLS = (['bash', 'fish'] as const).filter((shell) => hasTools(`completion in ${shell}`, shell));

describe.each(SHELLS)('%s', (shell) => {
	const nobody = '127.0.0.1:1';

	it.each([
		['longbow-mesh me', ['members']],
		['longbow-mesh help mem', ['members']],
		['longbow-mesh members --sta', ['--state']],
		['longbow-mesh members --state ', ['alive', 'dead', 'left', 'suspect']],
		['longbow-mesh members --state=s', ['suspect']],
		['longbow-mesh members -o ', ['json', 'name', 'wide']],
		['longbow-mesh completion ', ['bash', 'fish', 'zsh']],
		['longbow-mesh agent --gossip-com', ['--gossip-compat']],
		['longbow-mesh agent --gossip-compat ', ['none', 'serf']],
		['longbow-mesh sim --weather c', ['calm', 'cloud']],
		['longbow-mesh replay n', ['node.lbj']],
		['longbow-mesh version --js', ['--json']],
		['longbow-mesh members --expect ', []],
	])('%s', async (line, expected) => {
		const offered = await offers[shell](line, nobody);
		// fish offers what is typed as --flag=value whole.
		expect(offered.map((word) => word.replace(/^--\w+=/, '')).sort()).toEqual(expected);
	});

	it('knows every command', async () => {
		const { out } = await cli(['help']);
		const offered = await offers[shell]('longbow-mesh ', nobody);
		for (const name of offered.filter((each) => each !== 'help')) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
		expect(offered).toEqual(expect.arrayContaining(['members', 'agent', 'sim', 'completion', 'version', 'help']));
	});

	it.each(['why long', 'info long', 'ring --member long', 'doctor --peer long'])(
		'%s names the members of the agent',
		async (line) => {
			const offered = await eventually('a member is offered', async () => {
				const words = await offers[shell](`longbow-mesh ${line}`, agent.status);
				return words.length > 0 ? words : undefined;
			});
			expect(offered).toEqual(['longbow-00']);
		},
	);

	it('never runs a name that looks like code', async () => {
		const offered = await eventually('the member is offered', async () => {
			const words = await offers[shell]('longbow-mesh why b', agent.status);
			return words.length > 0 ? words : undefined;
		});
		expect(offered).toHaveLength(1);
		expect(offered[0]?.replaceAll('\\', '')).toBe(EVIL);
		expect(await readdir(folder)).not.toContain('pwned');
		if (shell === 'bash') expect(offered[0]).toContain('\\$\\(');
	});

	it('offers no member, and does not hang, when nobody or a stopped agent is there', async () => {
		expect(await offers[shell]('longbow-mesh why ', `127.0.0.1:${await freePort()}`)).toEqual([]);
		const mute = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
		try {
			await eventually('it listens', () => mute.listening || undefined);
			const address = mute.address();
			const port = typeof address === 'object' ? address?.port : undefined;
			expect(await offers[shell]('longbow-mesh why ', `127.0.0.1:${port}`)).toEqual([]);
		} finally {
			mute.close();
		}
	});
});

describe.runIf(hasTools('completion in zsh', 'zsh', 'tmux'))('zsh', () => {
	let screen: Screen | undefined;
	const open = async (addr: string): Promise<Screen> => {
		screen = openScreen(['zsh', '-f', '-i'], { columns: 120, rows: 40, env: environment(addr) });
		await screen.type(`cd ${folder}; autoload -Uz compinit; compinit -u -D; source ./zsh; PS1='> '; clear\n`);
		await screen.shows(/^> $|^>$/m);
		return screen;
	};
	const close = (): void => screen?.close();

	it.each([
		['longbow-mesh mem', /^> longbow-mesh members$/m],
		['longbow-mesh members --sta', /^> longbow-mesh members --state$/m],
		['longbow-mesh members --state ', /^alive +dead +left +suspect$/m],
		['longbow-mesh members --state=s', /^> longbow-mesh members --state=suspect$/m],
		['longbow-mesh members --', /^--expect +-- wait until n members are alive$/m],
		['longbow-mesh replay n', /^> longbow-mesh replay node\.lbj$/m],
		['longbow-mesh comp', /^> longbow-mesh completion$/m],
	])('%s', async (line, expected) => {
		try {
			const shell = await open('127.0.0.1:1');
			await shell.type(line);
			await shell.press('Tab');
			await shell.shows(expected);
		} finally {
			close();
		}
	});

	it('names the members of the agent, and quotes what looks like code', async () => {
		try {
			const shell = await open(agent.status);
			await shell.type('longbow-mesh why long');
			await eventually('the name is completed', async () => {
				await shell.press('Tab');
				return (await shell.rows()).some((row) => row.startsWith('> longbow-mesh why longbow-00')) || undefined;
			});
			await shell.press('C-u');
			await shell.type('longbow-mesh why b');
			await eventually('the name is completed', async () => {
				await shell.press('Tab');
				return (await shell.rows()).some((row) => row.includes('b\\$\\(touch')) || undefined;
			});
			expect(await readdir(folder)).not.toContain('pwned');
		} finally {
			close();
		}
	});

	it('offers nothing, and goes on, when nobody is there', async () => {
		try {
			const shell = await open(`127.0.0.1:${await freePort()}`);
			await shell.type('longbow-mesh why ');
			await shell.press('Tab');
			await shell.type('x');
			await shell.shows(/^> longbow-mesh why x$/m);
		} finally {
			close();
		}
	});
});

describe.runIf(hasTools('completion at a prompt of bash', 'bash', 'tmux'))('bash at a prompt', () => {
	it('completes as it is typed', async () => {
		const screen = openScreen(['bash', '--norc', '-i'], { columns: 120, env: environment('127.0.0.1:1') });
		try {
			await screen.type(`cd ${folder}; source ./bash; PS1='> '; clear\n`);
			await screen.shows(/^>$/m);
			await screen.type('longbow-mesh members --state=s');
			await screen.press('Tab');
			await screen.shows(/^> longbow-mesh members --state=suspect$/m);
		} finally {
			screen.close();
		}
	});
});
