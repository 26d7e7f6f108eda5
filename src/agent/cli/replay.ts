// `replay`: plays the journal of a node, and shows what it knew at the end or at any point before.

import { readFile } from 'node:fs/promises';
import { duration, integer, readValue } from '../../config/index.ts';
import { durationText, PLAYBACK_SPEEDS } from '../../status/index.ts';
import { type MemberState, STATE_NAMES } from '../../swim/index.ts';
import type { Playback } from '../playback/play-journal.ts';
import type { Command, Invocation } from './command.ts';
import { CliError, usageError, warn } from './errors.ts';
import { memberColumns } from './member-rows.ts';
import { noMember } from './no-member.ts';
import { interruptible } from './signals.ts';
import { tableLines } from './table.ts';
import { select, type View } from './view.ts';
import { whyLines } from './why-lines.ts';

const LONGEST_MS = 3_650 * 86_400_000;

export const replay: Command = {
	name: 'replay',
	group: 'run',
	summary: 'play the journal of a node: what it knew, and why it decided',
	args: '<file>',
	argValues: 'file',
	examples: [
		['longbow-mesh replay node.lbj', 'all events, and the members at the end'],
		['longbow-mesh replay node.lbj --until suspect:longbow-17', 'up to that event'],
		['longbow-mesh replay node.lbj --until 4m12s --why longbow-17', 'what it knew of a member by then'],
		['longbow-mesh replay node.lbj --open', 'the dashboard over it, with a transport: play, step, scrub'],
		['longbow-mesh agent --journal node.lbj', 'how a journal is made'],
	],
	options: [
		{ flags: '--until <point>', about: 'stop there: a time since the start, or state:member' },
		{ flags: '--why <member>', about: 'explain the member as of the end point' },
		{ flags: '--open', about: 'serve the dashboard over it on a free port of loopback, until Ctrl-C' },
		{ flags: '--speed <n>', about: 'how many times as fast as it was it plays with --open, 1 to 100 (1)' },
	],
	exitOne: 'the file is no journal or is damaged, the point does not come, or the replay differs from the record',
	async run(invocation) {
		const { args, options, terminal, json } = invocation;
		const path = args[0] ?? '';
		const until = typeof options.until === 'string' ? untilOf(options.until) : undefined;
		const why = typeof options.why === 'string' ? options.why : undefined;
		if (options.speed !== undefined && options.open !== true)
			throw usageError('--speed without --open', 'longbow-mesh replay node.lbj --open --speed 10');
		if (options.open === true) return openJournal(await contents(path), until, why, invocation);
		const { playJournal } = await import('../playback/play-journal.ts');
		const playback = playJournal(await contents(path), {
			until: until?.reached,
			onLine: (line) => {
				if (!json) terminal.out(line(terminal));
			},
		});
		if (until && !playback.reached) throw notReached(playback, until, String(options.until));
		if (playback.cut)
			warn(
				[`the journal is cut off after input ${playback.inputs}: its node was killed, or still writes it`],
				terminal,
			);
		const explained = why === undefined ? undefined : explain(playback, why);
		if (json) terminal.out(JSON.stringify({ ...documentOf(playback), ...(explained && { why: explained }) }));
		else printEnd(playback, explained, invocation);
		return 0;
	},
};

interface Until {
	readonly text: string;
	reached(elapsedMs: number, states: readonly { name: string; to: string }[]): boolean;
}

/** The dashboard instead of lines and tables; it begins at the end point, where one is given. */
async function openJournal(
	file: Uint8Array,
	until: Until | undefined,
	why: string | undefined,
	{ options, ...rest }: Invocation,
): Promise<number> {
	const { least, most } = PLAYBACK_SPEEDS;
	const speed = readValue('--speed', String(options.speed ?? least), integer(least, most));
	const [{ playJournal }, { journalPlayable }, { openPlayback }] = await Promise.all([
		import('../playback/play-journal.ts'),
		import('../playback/journal-playable.ts'),
		import('../playback/serve.ts'),
	]);
	const point = playJournal(file, { until: until?.reached, onLine: () => undefined });
	if (until && !point.reached) throw notReached(point, until, String(options.until));
	if (why !== undefined) explain(point, why);
	const playable = journalPlayable(file);
	const start = { ...(until && { startMs: point.elapsedMs }), ...(why !== undefined && { member: why }) };
	await interruptible((stop) => openPlayback(playable, { ...rest, ...start, speed, stop }));
	return 0;
}

function untilOf(text: string): Until {
	const [word, name] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];
	const state = STATE_NAMES.find((each: MemberState) => each === word);
	if (state && name !== '') {
		const reached: Until['reached'] = (_, states) => states.some((each) => each.to === state && each.name === name);
		return { text: `before ${name} was ${state}`, reached };
	}
	if (text.includes(':'))
		throw usageError(
			`--until ${JSON.stringify(text)}: a time, or ${STATE_NAMES.join(', ')} and a member`,
			'longbow-mesh replay node.lbj --until suspect:longbow-17',
		);
	const mostMs = readValue('--until', text, duration(0, LONGEST_MS));
	return { text: `before --until ${text}`, reached: (elapsedMs) => elapsedMs >= mostMs };
}

async function contents(path: string): Promise<Uint8Array> {
	try {
		return await readFile(path);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new CliError(`${path} cannot be read`, { code: 'NO_FILE', cause: error, why });
	}
}

function notReached({ elapsedMs }: Playback, { text }: Until, given: string): CliError {
	return new CliError(`the journal ends at ${durationText(elapsedMs)}, ${text}`, {
		code: 'NOT_REACHED',
		hints: [`longbow-mesh replay without --until ${given}`],
	});
}

function explain(playback: Playback, name: string): NonNullable<ReturnType<Playback['why']>> {
	const document = playback.why(name);
	if (document) return document;
	throw noMember(
		name,
		playback.members.map(({ ID }) => ID),
		'replay <file> --why',
	);
}

function documentOf({ why, ...facts }: Playback): object {
	return { schema: 1, ...facts };
}

function printEnd(playback: Playback, explained: ReturnType<Playback['why']>, { terminal }: Invocation): void {
	const { self, members, shares, at, inputs, checkedInputs, elapsedMs, ended } = playback;
	const view: View = {
		self,
		members,
		shares: new Map(shares.map(({ member, share }) => [member, share])),
		measured: new Map(),
	};
	const rows = select(view, { state: undefined, tags: [], output: 'usual', sort: 'worst', header: true });
	terminal.out('');
	for (const line of tableLines(memberColumns('past', Date.parse(at)), rows, terminal)) terminal.out(line);
	if (explained) for (const line of ['', ...whyLines(explained, terminal)]) terminal.out(line);
	const count = inputs.toLocaleString('en-US');
	const checked = checkedInputs.toLocaleString('en-US');
	terminal.note(
		`${count} inputs in ${durationText(elapsedMs)} of ${self}; as recorded up to input ${checked}, the last checkpoint.`,
	);
	if (ended !== null && !ended.startsWith('closed')) terminal.note(`The record ends there, ${ended}.`);
}
