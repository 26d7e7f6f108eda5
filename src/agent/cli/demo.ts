// `demo`: three agents on this machine, to watch and to break.

import type { Command } from './command.ts';
import { interrupted } from './signals.ts';

export const demo: Command = {
	name: 'demo',
	group: 'run',
	summary: 'three agents on this machine, to watch and to break',
	examples: [
		['longbow-mesh demo', 'then press 2 to kill one and watch: alive, suspect, dead'],
		['npm start', 'the same in a checkout'],
	],
	exitOne: 'an agent does not start, or they do not find each other',
	async run({ json, terminal }) {
		const { Demo } = await import('../demo/play.ts');
		const { onKeys } = await import('../demo/keys.ts');
		const stop = new AbortController();
		const signals = interrupted();
		signals.addEventListener('abort', () => stop.abort(), { once: true });
		const play = new Demo(terminal, { binary: process.argv[1] as string, json, stop: stop.signal });
		const keysOff = onKeys(process.stdin, (key) => {
			if (key === 'quit' || key === 'q') stop.abort();
			else play.press(key);
		});
		try {
			await play.run();
			return 0;
		} finally {
			keysOff();
		}
	},
};
