// A journal played to its end or to a point before: its events as lines of the log, and the views as of then.

import type { RingShare } from '../../ring/index.ts';
import { type MemberObject, memberObjects, rfc3339, type WhyDocument, whyDocument } from '../../status/index.ts';
import type { MeshEvent } from '../../swim/index.ts';
import type { Terminal } from '../cli/terminal.ts';
import { textLine } from '../log-line.ts';
import { recordOf } from '../log-record.ts';
import { JournalPlayer } from './journal-player.ts';

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
	const player = new JournalPlayer(file);
	let reached = false;
	for (let more = true; more && !reached; ) {
		const events = player.step();
		more = events !== undefined;
		for (const event of events ?? []) tell(player, event, onLine);
		const states = (events ?? []).flatMap((event) =>
			event.type === 'state' ? [{ name: event.member.name, to: event.to as string }] : [],
		);
		reached = more && until?.(player.elapsedMs, states) === true;
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

function tell({ source }: JournalPlayer, event: MeshEvent, onLine: PlaybackOptions['onLine']): void {
	const { config, wallMs } = source;
	const record = recordOf(event, config.name, config.ackTimeoutMs);
	if (record) onLine((terminal) => textLine(record, wallMs(event.at), terminal));
}
