// A journal played to its end or to a point before: its events as lines of the log, and the views as of then.

import { JournalError, Replay } from '../journal/index.ts';
import type { RingShare } from '../ring/index.ts';
import { createSerfDelegate } from '../serf/index.ts';
import {
	type MemberObject,
	memberObjects,
	NodeStatus,
	rfc3339,
	type StatusSource,
	type WhyDocument,
	whyDocument,
} from '../status/index.ts';
import type { Instant, MeshEvent } from '../swim/index.ts';
import { CliError } from './cli/errors.ts';
import type { Terminal } from './cli/terminal.ts';
import { textLine } from './log-line.ts';
import { recordOf } from './log-record.ts';

export interface PlaybackOptions {
	/** Whether to stop after a step: so long after the first input, with these changes of state. */
	readonly until?: ((elapsedMs: number, states: readonly { name: string; to: string }[]) => boolean) | undefined;
	/** Each event that the agent would have logged, in order. */
	readonly onLine: (line: (terminal: Terminal) => string) => void;
}

/** The node as of the end point. */
export interface Playback {
	readonly self: string;
	/** The end point, RFC 3339. */
	readonly at: string;
	/** Since the first input. */
	readonly elapsedMs: number;
	readonly inputs: number;
	/** Up to this input the replay is proven to be the record. */
	readonly checkedInputs: number;
	/** Whether `until` said so. */
	readonly reached: boolean;
	/** The file ends without saying why. */
	readonly cut: boolean;
	/** Why the record ends, when the playback came so far. */
	readonly ended: string | null;
	readonly members: readonly MemberObject[];
	readonly shares: readonly RingShare[];
	why(name: string): WhyDocument | undefined;
}

/** @throws {CliError} when the file is no journal, is damaged, or when the replay differs from it. */
export function playJournal(file: Uint8Array, { until, onLine }: PlaybackOptions): Playback {
	const player = explained(() => new Player(file, onLine));
	let reached = false;
	for (let more = true; more && !reached; ) {
		const states = explained(() => player.step());
		more = states !== undefined;
		reached = (states && until?.(player.elapsedMs, states)) === true;
	}
	const { replay, source, elapsedMs } = player;
	const began = replay.inputs > 0;
	return {
		self: replay.header.config.name,
		at: rfc3339(source.wallMs(source.now())),
		elapsedMs,
		inputs: replay.inputs,
		checkedInputs: replay.checkedInputs,
		reached,
		cut: !reached && replay.ended === undefined,
		ended: replay.ended ?? null,
		members: began ? memberObjects(source) : [],
		shares: source.ring.shares(),
		why: (name) => (began ? whyDocument(source, name) : undefined),
	};
}

class Player {
	readonly replay: Replay;
	readonly source: StatusSource;
	readonly #onLine: PlaybackOptions['onLine'];
	readonly #status: NodeStatus;
	#first: Instant | undefined;
	#now: Instant = 0;

	constructor(file: Uint8Array, onLine: PlaybackOptions['onLine']) {
		this.replay = new Replay(file, { delegate: (compat) => (compat === 'serf' ? createSerfDelegate() : undefined) });
		this.#onLine = onLine;
		const { wallMs } = this.replay.header;
		this.#status = new NodeStatus({
			machine: this.replay.machine,
			now: () => this.#now,
			wallMs: (instant) => Math.round(wallMs + instant),
		});
		this.source = this.#status.source;
	}

	get elapsedMs(): number {
		return this.#now - (this.#first ?? this.#now);
	}

	/** The changes of state that one more input brings; `undefined` at the end of the record. */
	step(): { name: string; to: string }[] | undefined {
		const step = this.replay.next();
		if (!step) return undefined;
		this.#now = step.now;
		this.#first ??= step.now;
		const events = step.outputs.flatMap((output) => (output.type === 'event' ? [output.event] : []));
		for (const event of events) this.#take(event);
		return events.flatMap((event) => (event.type === 'state' ? [{ name: event.member.name, to: event.to }] : []));
	}

	#take(event: MeshEvent): void {
		this.#status.note(event);
		const { config, wallMs } = this.source;
		const record = recordOf(event, config.name, config.ackTimeoutMs);
		if (record) this.#onLine((terminal) => textLine(record, wallMs(event.at), terminal));
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
