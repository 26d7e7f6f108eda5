// Steps through a journal, and shows what its node knew after each step.

import { JournalError, Replay } from '../../journal/index.ts';
import { createSerfDelegate } from '../../serf/index.ts';
import { NodeStatus, type StatusSource } from '../../status/index.ts';
import type { Instant, MeshEvent } from '../../swim/index.ts';
import { CliError } from '../cli/errors.ts';

export class JournalPlayer {
	readonly replay: Replay;
	readonly source: StatusSource;
	readonly #status: NodeStatus;
	#first: Instant | undefined;
	#now: Instant = 0;

	/** @throws {CliError} when the file is no journal. */
	constructor(file: Uint8Array) {
		this.replay = explained(
			() => new Replay(file, { delegate: (compat) => (compat === 'serf' ? createSerfDelegate() : undefined) }),
		);
		const { wallMs } = this.replay.header;
		this.#status = new NodeStatus({
			machine: this.replay.machine,
			now: () => this.#now,
			wallMs: (instant) => Math.round(wallMs + instant),
		});
		this.source = this.#status.source;
	}

	/** Since the first input. */
	get elapsedMs(): number {
		return this.#now - (this.#first ?? this.#now);
	}

	/** How long after the first input that instant of the node's clock is. */
	elapsedAt(instant: Instant): number {
		return instant - (this.#first ?? instant);
	}

	/**
	 * The events that one more input brings, known to the source already; `undefined` at the end of the record.
	 * @throws {CliError} when the file is damaged, or the replay differs from it.
	 */
	step(): MeshEvent[] | undefined {
		const step = explained(() => this.replay.next());
		if (!step) return undefined;
		this.#now = step.now;
		this.#first ??= step.now;
		const events = step.outputs.flatMap((output) => (output.type === 'event' ? [output.event] : []));
		for (const event of events) this.#status.note(event);
		return events;
	}
}

function explained<T>(run: () => T): T {
	try {
		return run();
	} catch (error) {
		if (!(error instanceof JournalError)) throw error;
		throw journalFailure(error);
	}
}

function journalFailure(error: JournalError): CliError {
	const { code, message } = error;
	if (code !== 'DIFFERS') return new CliError(message, { code, cause: error });
	const [what = message, hashes = ''] = message.split(': ');
	const why = `${hashes}. It was recorded by another version of longbow-mesh, or this is a bug of it.`;
	return new CliError(what, {
		code,
		cause: error,
		why,
		hints: ['the version that recorded it; else report it with the journal'],
	});
}
