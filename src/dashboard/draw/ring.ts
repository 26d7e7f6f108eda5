// The hash ring: who owns which part of the circle, in three quiet tones; the selected member's arcs stand out.

import { mix } from './colour.ts';
import { font, type Tokens } from './tokens.ts';
import type { Pen, Size } from './types.ts';
import { countText, percentText, plural } from './units.ts';

export interface RingData {
	/** 16 hex digits, or empty when there is no ring. */
	readonly fingerprint: string;
	/** For example *same on 22 of 22*. */
	readonly agreement: string;
	/** The circle in equal steps: the number of the owner of each. Empty while nobody owns anything. */
	readonly bins: ArrayLike<number>;
	/** The selected member's arcs, in turns from the top: 0 to 1, the end not before the beginning. */
	readonly arcs: readonly (readonly [from: number, to: number])[];
	/** In which state the selected member is: a suspect one stands out in its colour. */
	readonly selectedState: 'alive' | 'suspect' | 'dead' | 'left';
}

/** What the circle says about a point of it: the number of its owner's bin. */
export interface RingHits {
	readonly x: number;
	readonly y: number;
	readonly inner: number;
	readonly outer: number;
	readonly bins: number;
}

const TURN = 2 * Math.PI;

export function drawRing(pen: Pen, data: RingData, size: Size, tokens: Tokens): RingHits {
	const { width, height } = size;
	pen.clearRect(0, 0, width, height);
	const [x, y] = [width / 2, height / 2];
	// Ticks of the selected member reach beyond the band.
	const outer = Math.max(20, Math.min(width, height) / 2 - 8);
	const inner = outer * 0.83;
	drawBand(pen, data.bins, x, y, inner, outer, tokens);
	drawSelected(pen, data, x, y, inner, outer, tokens);
	pen.beginPath();
	pen.arc(x, y, inner - 5, 0, TURN);
	pen.strokeStyle = tokens.line;
	pen.lineWidth = 1;
	pen.stroke();
	drawCentre(pen, data, x, y, inner, tokens);
	return { x, y, inner, outer, bins: data.bins.length };
}

/** The bin under the pointer, a little beyond the band included; `undefined` elsewhere. */
export function ringBinAt({ x, y, inner, outer, bins }: RingHits, atX: number, atY: number): number | undefined {
	const [dx, dy] = [atX - x, atY - y];
	const away = Math.hypot(dx, dy);
	if (bins === 0 || away < inner - 6 || away > outer + 8) return undefined;
	const turns = (Math.atan2(dy, dx) / TURN + 1.25) % 1;
	return Math.min(bins - 1, Math.floor(turns * bins));
}

/** Neighbouring bins of one tone are one arc, so the drawing costs no more at 3,000 owners than at 30. */
function drawBand(
	pen: Pen,
	bins: ArrayLike<number>,
	x: number,
	y: number,
	inner: number,
	outer: number,
	tokens: Tokens,
): void {
	const tones = [0.06, 0.26, 0.46].map((amount) => mix(tokens.aliveField, tokens.alive, amount));
	const middle = (inner + outer) / 2;
	pen.lineWidth = outer - inner;
	for (let from = 0; from < bins.length; ) {
		const tone = (bins[from] as number) % tones.length;
		let to = from + 1;
		while (to < bins.length && (bins[to] as number) % tones.length === tone) to++;
		pen.beginPath();
		pen.arc(x, y, middle, angle(from / bins.length), angle(to / bins.length) + 0.002);
		pen.strokeStyle = tones[tone] as string;
		pen.stroke();
		from = to;
	}
	if (bins.length > 0) return;
	pen.beginPath();
	pen.arc(x, y, middle, 0, TURN);
	pen.strokeStyle = tokens.raised;
	pen.stroke();
}

function drawSelected(
	pen: Pen,
	{ arcs, selectedState }: RingData,
	x: number,
	y: number,
	inner: number,
	outer: number,
	tokens: Tokens,
): void {
	const middle = (inner + outer) / 2;
	const shown = arcsShown(arcs);
	const colour = selectedState === 'suspect' ? tokens.suspectMark : tokens.ink;
	// An arc is never narrower than what can be seen, and the tick outside finds it.
	const least = 1.5 / (TURN * outer);
	pen.strokeStyle = colour;
	for (const [from, to] of shown) {
		const centre = (from + to) / 2;
		const reach = Math.max(to - from, least) / 2;
		pen.lineWidth = outer - inner;
		pen.beginPath();
		pen.arc(x, y, middle, angle(centre - reach), angle(centre + reach));
		pen.stroke();
	}
	pen.lineWidth = 1.5;
	pen.beginPath();
	for (const [from, to] of shown) {
		const [cos, sin] = [Math.cos(angle((from + to) / 2)), Math.sin(angle((from + to) / 2))];
		pen.moveTo(x + cos * (outer + 2), y + sin * (outer + 2));
		pen.lineTo(x + cos * (outer + 7), y + sin * (outer + 7));
	}
	pen.stroke();
}

type Arc = RingData['arcs'][number];

/** More arcs than this cover the circle with marks, whatever they own. */
const MOST_ARCS = 96;
const FEWEST_ARCS = 12;
const SAMPLES = 720;

/**
 * The arcs as they are while they are few. Otherwise those that half a degree's middle falls into: their share of the
 * circle is the member's share of the keys. An owner of so little that hardly any is met shows its longest ones.
 */
export function arcsShown(arcs: readonly Arc[]): readonly Arc[] {
	if (arcs.length <= MOST_ARCS) return arcs;
	const inOrder = arcs.toSorted((a, b) => a[0] - b[0]);
	const met: Arc[] = [];
	for (let sample = 0, at = 0; sample < SAMPLES; sample++) {
		const place = (sample + 0.5) / SAMPLES;
		while (at < inOrder.length && (inOrder[at] as Arc)[1] <= place) at++;
		if (at < inOrder.length && (inOrder[at] as Arc)[0] <= place) met.push([sample / SAMPLES, (sample + 1) / SAMPLES]);
	}
	if (met.length >= FEWEST_ARCS) return met;
	return arcs.toSorted((a, b) => b[1] - b[0] - (a[1] - a[0])).slice(0, FEWEST_ARCS);
}

function drawCentre(pen: Pen, data: RingData, x: number, y: number, inner: number, tokens: Tokens): void {
	const { fingerprint, agreement } = data;
	pen.textAlign = 'center';
	pen.textBaseline = 'alphabetic';
	pen.fillStyle = tokens.ink3;
	pen.font = font(12, tokens.sans);
	pen.fillText(fingerprint === '' ? 'no owner' : 'fingerprint', x, y - 16);
	pen.fillStyle = tokens.ink;
	pen.font = font(inner > 90 ? 20 : 16, tokens.sans, 600);
	pen.fillText(fingerprintText(fingerprint), x, y + 3);
	pen.fillStyle = tokens.ink3;
	pen.font = font(12, tokens.sans);
	pen.fillText(agreement, x, y + 21);
	pen.textAlign = 'left';
}

/** The first 8 digits in two halves: enough to compare by eye. */
export function fingerprintText(fingerprint: string): string {
	return fingerprint === '' ? '' : `${fingerprint.slice(0, 4)}·${fingerprint.slice(4, 8)}`;
}

function angle(turns: number): number {
	return (turns - 0.25) * TURN;
}

export interface RingSummary {
	readonly owners: number;
	readonly fingerprint: string;
	readonly agreement: string;
	readonly selected: { readonly name: string; readonly share: number } | null;
}

/** The ring in a sentence: *23 owners, fingerprint c41f·08d2, same on 22 of 22. longbow-17 owns 4.33 %, 1.00× the fair share.* */
export function ringText({ owners, fingerprint, agreement, selected }: RingSummary): string {
	if (owners === 0) return 'The ring has no owner.';
	const all = `${plural(owners, 'owner')}, fingerprint ${fingerprintText(fingerprint)}, ${agreement}.`;
	if (!selected) return all;
	const { name, share } = selected;
	const owns =
		share > 0 ? `owns ${percentText(share)}, ${(share * owners).toFixed(2)}× the fair share` : 'owns nothing';
	return `${all} ${name} ${owns}.`;
}

/** *21 take over, the most any gets +0.49 %*. */
export function takeoverText(members: number, most: number): string {
	return `${countText(members)} take over, the most any gets +${percentText(most)}`;
}
