// Runs the transcripts of test/scenarios; `--rewrite` writes into them what the nodes say now.

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const args = process.argv.slice(2);
const rewrite = args.includes('--rewrite');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const rest = args.filter((arg) => arg !== '--rewrite'); // for example `-t "seed 02"`
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'scenarios', ...rest], {
	cwd: root,
	stdio: 'inherit',
	env: rewrite ? { ...process.env, LONGBOW_REWRITE: '1' } : process.env,
});
if (rewrite) {
	console.log('\nNow read it: git diff test/scenarios');
	console.log('Commit only what you understand and want: each changed line is something that nodes say to each other.');
} else if (status !== 0) {
	console.log('\nIf nodes are meant to speak differently now: npm run scenarios -- --rewrite');
}
process.exitCode = status ?? 1;
