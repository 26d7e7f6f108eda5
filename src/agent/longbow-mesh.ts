// The binary `longbow-mesh`: the agent and the commands that ask one.

import { crash, main } from './cli/main.ts';

// Whoever reads our output may go away first, as `head` does: that ends the command and is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code === 'EPIPE') process.exit(0);
	crash(error);
});
process.on('uncaughtException', crash);

process.exitCode = await main(process.argv.slice(2));
