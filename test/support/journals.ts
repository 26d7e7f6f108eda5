// A journal in memory, and its replay to the end.

import { JournalWriter, Replay } from '../../src/journal/index.ts';
import type { MeshEvent } from '../../src/swim/index.ts';

export class MemoryJournal extends JournalWriter {
	readonly #chunks: Uint8Array[];

	constructor(maxBytes = 64 * 1024 * 1024) {
		const chunks: Uint8Array[] = [];
		super({
			maxBytes,
			write: (bytes) => {
				chunks.push(bytes.slice());
				return true;
			},
		});
		this.#chunks = chunks;
	}

	/** The file so far. */
	get bytes(): Uint8Array {
		this.flush();
		return new Uint8Array(Buffer.concat(this.#chunks));
	}
}

export function replayAll(file: Uint8Array): { replay: Replay; events: MeshEvent[] } {
	const replay = new Replay(file);
	const events: MeshEvent[] = [];
	for (let step = replay.next(); step; step = replay.next()) {
		for (const output of step.outputs) if (output.type === 'event') events.push(output.event);
	}
	return { replay, events };
}
