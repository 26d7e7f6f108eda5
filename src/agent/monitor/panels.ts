// Panels of the monitor that are lines of text from top to bottom: ring, events, keys, and what the agent answers.

import type { EventObject, LiveSnapshot } from '../../status/index.ts';
import { STATE_NAMES } from '../../swim/index.ts';
import { percent } from '../cli/member-rows.ts';
import type { MonitorState } from './state.ts';
import { type Clock, fitted, type Line, line, piece, right, stateGlyph, wrapped } from './text.ts';

const SHARE_BAR = 40;

/** Whole, to be scrolled through. */
export function panelLines(state: MonitorState, snapshot: LiveSnapshot, columns: number, clock: Clock): Line[] {
	switch (state.panel) {
		case 'ring':
			return ringLines(snapshot);
		case 'events':
			return eventLines(snapshot, clock);
		case 'keys':
			return KEYS.map((text) => line(` ${text}`));
		case 'why':
		case 'doctor':
			return answerLines(state)
				.flatMap((text) => wrapped(` ${text}`, columns))
				.map((text) => line(text));
		case 'members':
			return [];
	}
	return state.panel satisfies never;
}

function answerLines({ answer, panel }: MonitorState): readonly string[] {
	if (answer?.lines) return answer.lines;
	if (panel === 'why') return [`Asking why ${answer?.about ?? ''} is what it is.`];
	return ['The agent examines itself; that takes up to 10s.'];
}

function ringLines({ members, ring }: LiveSnapshot): Line[] {
	const owners = members.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share || (a.ID < b.ID ? -1 : 1));
	const name = Math.min(32, Math.max(5, ...owners.map(({ ID }) => [...ID].length)));
	const weights = owners.map(({ Tags }) => Number(Tags.w ?? 1));
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	const most = owners[0]?.share ?? 1;
	const head = ` ring ${ring.fingerprint}, ${ring.owners} owner${ring.owners === 1 ? '' : 's'}`;
	const rows = owners.map(({ ID, share }, i) => {
		const fair = (share * total) / (weights[i] as number);
		const bar = '█'.repeat(Math.round((share / most) * SHARE_BAR));
		return line(` ${fitted(ID, name)}  ${right(percent(share), 6)}  ${right(`${fair.toFixed(2)}x`, 6)}  ${bar}`);
	});
	return [line(head), [piece(` ${'OWNER'.padEnd(name)}  ${right('SHARE', 6)}  ${right('FAIR', 6)}`, 'dim')], ...rows];
}

/** Newest first. */
export function eventLines({ events }: LiveSnapshot, clock: Clock, most = events.length): Line[] {
	if (events.length === 0) return [line(' Nothing has happened yet. That is good.')];
	return events
		.slice(-most)
		.reverse()
		.map((event) => eventLine(event, clock));
}

function eventLine({ at, type, member, from, to, reason }: EventObject, clock: Clock): Line {
	const time = piece(` ${clock.time(Date.parse(at))}  `);
	const about = `  ${member ?? 'this node'}  `;
	const [before, after] = [from, to].map((word) => STATE_NAMES.find((state) => state === word));
	if (type !== 'state') {
		const why = reason ?? (from === undefined ? '' : `${from} → ${to}`);
		return [time, piece(`     ·${about}${type}  ${why}`.trimEnd())];
	}
	return [
		time,
		...(before ? [stateGlyph(before), piece(' → ')] : [piece('  → ')]),
		after ? stateGlyph(after) : piece(' '),
		piece(`${about}${reason ?? ''}`.trimEnd()),
	];
}

const KEYS: readonly string[] = [
	'up down, j k    another member; in a text, another line',
	'Enter           why that member is what it is',
	'/               find members by a part of their name; Esc shows all again',
	'm               members       r   ring, who owns how much',
	'e               events        d   doctor: examines the agent, up to 10s',
	'Space           hold the picture; what comes meanwhile is counted',
	'Esc             back to the members',
	'q, Ctrl-C       quit',
	'',
	'● alive: answers          ◐ suspect: does not answer; may still refute',
	'✕ dead: did not refute    ○ left: said goodbye; not a failure',
	'RTT, the last probes of a member: higher is slower, full is unanswered.',
	'KEYS, its share of the ring. SEEN, how long ago it answered this node.',
	'A bar burns down until a suspect is declared dead.',
];
