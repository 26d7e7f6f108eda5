// The other end of a contender's pipes, for those of ours that are written in TypeScript.

import { createInterface } from 'node:readline';
import type { Commands } from './protocol.ts';

export type Answers = {
	readonly [K in keyof Commands]?: (
		asked: Commands[K]['asks'],
	) => Commands[K]['answers'] | Promise<Commands[K]['answers']>;
};

/** Answers until stdin ends, and then ends the process. @throws {Error} on a command that it does not know. */
export async function serve(answers: Answers): Promise<void> {
	for await (const line of createInterface({ input: process.stdin })) {
		const { do: what, ...asked } = JSON.parse(line);
		const answer = answers[what as keyof Commands] as ((asked: object) => object | Promise<object>) | undefined;
		if (answer === undefined) throw new Error(`unknown command: ${what}`);
		process.stdout.write(`${JSON.stringify(await answer(asked))}\n`);
	}
	process.exit();
}
