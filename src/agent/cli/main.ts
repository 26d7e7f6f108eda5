// Every command of the binary, and the start of it all.

import { agent } from './agent.ts';
import type { Command } from './command.ts';
import { completionOf } from './completion.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { reportError } from './errors.ts';
import { info } from './info.ts';
import { join } from './join.ts';
import { keygen } from './keygen.ts';
import { keys } from './keys.ts';
import { leave } from './leave.ts';
import { members } from './members.ts';
import { monitor } from './monitor.ts';
import { isDebug, runCli } from './program.ts';
import { replay } from './replay.ts';
import { ring } from './ring.ts';
import { sim } from './sim.ts';
import { Terminal } from './terminal.ts';
import { version } from './version.ts';
import { why } from './why.ts';

export const COMMANDS: readonly Command[] = [
	members,
	info,
	why,
	ring,
	monitor,
	doctor,
	join,
	leave,
	keys,
	agent,
	sim,
	replay,
	demo,
	keygen,
	completionOf(() => COMMANDS),
	version,
];

/** Reports what nobody caught and ends the process: its state is unknown. */
export function crash(error: unknown): never {
	const terminal = new Terminal({ env: process.env, stdout: process.stdout, stderr: process.stderr });
	process.exit(reportError(error, terminal, { json: process.argv.includes('--json'), debug: isDebug(process.env) }));
}

/** @returns the exit code. */
export function main(argv: readonly string[]): Promise<number> {
	return runCli(argv, COMMANDS, { env: process.env, stdout: process.stdout, stderr: process.stderr });
}
