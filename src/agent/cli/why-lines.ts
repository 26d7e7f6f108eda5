// The explanation of a member as lines: sentence, evidence oldest first, this node meanwhile, next steps.

import { durationText, type TimelineKind, type TimelineLine, type WhyDocument } from '../../status/index.ts';
import type { MemberState } from '../../swim/index.ts';
import { printable, type Terminal } from './terminal.ts';

/** More lines than this are shown only on request. */
const USUAL_LINES = 24;

/** The document with its newest evidence; `sinceMs` counts back from the time that was asked for. */
export function newest(
	document: WhyDocument,
	{ sinceMs, all }: { readonly sinceMs: number | undefined; readonly all: boolean },
): WhyDocument {
	const end = document.asked?.at ?? document.observer.at;
	const from = sinceMs === undefined ? 0 : Date.parse(end) - sinceMs;
	const recent = document.timeline.filter(({ at }) => Date.parse(at) >= from);
	return { ...document, timeline: all ? recent : recent.slice(-USUAL_LINES) };
}

export function whyLines(document: WhyDocument, terminal: Terminal): string[] {
	const { timeline, next, likely } = document;
	const lines = [
		isOver(document) ? pastHeadline(document, terminal) : headline(document, terminal),
		printable(localTimes(likely.text, terminal)),
	];
	if (timeline.length > 0) lines.push('', ...evidenceLines(timeline, terminal));
	lines.push('', meanwhile(document));
	const width = Math.max(0, ...next.map(({ command }) => command.length)) + 3;
	for (const [index, { command, about }] of next.entries()) {
		lines.push(printable(`${index === 0 ? 'next: ' : '      '}${command.padEnd(width)}${about}`));
	}
	return lines;
}

function headline({ member, state, since, deadAt, observer }: WhyDocument, terminal: Terminal): string {
	const name = printable(member);
	const time = terminal.time(Date.parse(since));
	if (state === 'forgotten') return `${name} was here once and is forgotten.`;
	if (state === 'left') return `${name} has left.`;
	if (state === 'suspect' && deadAt !== null) {
		const left = durationText(Date.parse(deadAt) - Date.parse(observer.at));
		const when = terminal.time(Date.parse(deadAt));
		return `${name} is ${terminal.word(state)}. It will be dead at ${when} (in ${left}) unless it refutes.`;
	}
	return state === 'alive' ? `${name} is alive.` : `${name} is ${terminal.word(state)} since ${time}.`;
}

/** Whether it speaks of then and not of now. */
function isOver({ asked }: WhyDocument): boolean {
	const last = asked?.turns.at(-1);
	return asked !== undefined && (last === undefined || last.state === 'alive' || last.state === 'forgotten');
}

function pastHeadline({ member, state, asked }: WhyDocument, terminal: Terminal): string {
	const name = printable(member);
	const time = (at = ''): string => terminal.time(Date.parse(at));
	const end = asked?.turns.at(-1);
	if (end === undefined) return `${name} was ${state} at ${time(asked?.at)}.`;
	const turns = asked?.turns.slice(0, -1) ?? [];
	const forgotten = end.state === 'forgotten';
	if (turns.length === 0) return `${name} ${forgotten ? 'was forgotten' : 'came back'} at ${time(end.at)}.`;
	const states = turns.map(({ state: each, at }) => `${each === 'left' ? 'gone' : each} from ${time(at)}`);
	return `${name} was ${states.join(', ')}${forgotten ? ', and forgotten at' : ' to'} ${time(end.at)}.`;
}

function evidenceLines(timeline: readonly TimelineLine[], terminal: Terminal): string[] {
	const width = Math.max(...timeline.map(({ title }) => printable(title).length)) + 3;
	return timeline.map(({ at, kind, title, text }) => {
		const state = STATE_OF[kind];
		const glyph = state ? terminal.glyph(state) : kind === 'now' ? ' ' : '·';
		const line = `  ${terminal.time(Date.parse(at))}  ${glyph} ${printable(title).padEnd(width)}${printable(text)}`;
		return line.trimEnd();
	});
}

/** Kinds that are, or show, a state; the others get a dot. */
const STATE_OF: Partial<Record<TimelineKind, MemberState>> = {
	ack: 'alive',
	alive: 'alive',
	refuted: 'alive',
	suspect: 'suspect',
	confirmed: 'suspect',
	dead: 'dead',
	expected: 'dead',
	left: 'left',
};

function meanwhile(document: WhyDocument): string {
	const { observer } = document;
	const { name, health, healthMax, stalls, probes, probesFailed } = observer;
	const stalled = stalls === 0 ? 'never stalled' : `stalled ${stalls} time${stalls === 1 ? '' : 's'}`;
	const lost = `probes lost ${probesFailed} of ${probes}`;
	return `this node ${isOver(document) ? 'now' : 'meanwhile'}: ${printable(name)}, local health ${health} of ${healthMax}, ${stalled}, ${lost} since its start`;
}

/** Times of a text as the user reads them. */
export function localTimes(text: string, terminal: Terminal): string {
	return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => terminal.time(Date.parse(time)));
}
