// The ring in lines: how many see the same one, and how another one differs.

import { durationText, type RingDifference, type RingObject } from '../../status/index.ts';
import { printable } from './terminal.ts';

/** Of 16 hex digits so many are shown to people. */
const SHOWN_DIGITS = 8;

export function shortHash(text: string): string {
	return text.slice(0, SHOWN_DIGITS);
}

/** `ring c41f08d2, 23 owners, same on 22 of 22`. */
export function ringLine({ fingerprint, size, agree, of }: RingObject): string {
	return `ring ${shortHash(fingerprint)}, ${size} owner${size === 1 ? '' : 's'}, same on ${agree} of ${of}`;
}

/** `longbow-437  ring 9a01be77, lacks longbow-12; differs for 40s`. */
export function differenceLine(difference: RingDifference, nowMs: number): string {
	const { member, fingerprint, lacks, adds, digest, since, problem } = difference;
	const known =
		fingerprint === null ? `view ${shortHash(digest)}, not asked: ${problem}` : `ring ${shortHash(fingerprint)}`;
	const parts = [known, ...named('lacks', lacks), ...named('adds', adds)];
	return printable(`${member}  ${parts.join(', ')}; differs for ${durationText(nowMs - Date.parse(since))}`);
}

const MOST_NAMED = 5;

function named(verb: string, names: readonly string[]): string[] {
	if (names.length === 0) return [];
	const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
	return [`${verb} ${names.slice(0, MOST_NAMED).join(', ')}${more}`];
}
