// The Go peer: Debian's memberlist under the program in memberlist/, built when it is asked for.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Program, scratchFolder } from './contender.ts';
import { type Found, packageVersion } from './found.ts';

const PACKAGE = 'golang-github-hashicorp-memberlist-dev';
/** Where Debian puts Go's sources. Without modules Go takes what is there, and asks no network. */
const DEBIAN_GO = { GO111MODULE: 'off', GOPATH: '/usr/share/gocode' };

export function findMemberlist(): Found {
	const version = packageVersion(PACKAGE);
	const go = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
	if (version === undefined || go.status !== 0) return { missing: `apt-get install golang-go ${PACKAGE}` };
	return { version: `${version}, ${go.stdout.trim()}` };
}

/** @throws {Error} with what the compiler says. */
export function buildMemberlist(): Program {
	const command = join(scratchFolder(), 'memberlist-nodes');
	const built = spawnSync('go', ['build', '-o', command, '.'], {
		cwd: join(process.cwd(), 'bench/peers/memberlist'),
		env: { ...process.env, ...DEBIAN_GO },
		encoding: 'utf8',
	});
	if (built.status !== 0) throw new Error(`go build has failed\n${built.stderr}`);
	return { command, args: [] };
}
