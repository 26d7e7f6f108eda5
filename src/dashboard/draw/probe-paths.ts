// The probe that failed, as paths: the direct ping that got no ack, and through which helpers it was tried again.

import { drawGlyph } from './glyph.ts';
import { fitted } from './names.ts';
import { font, type Tokens } from './tokens.ts';
import type { Pen, Size } from './types.ts';

export interface ProbeHelper {
	readonly name: string;
	/** It reached the target; said that it could not; or did not answer itself. */
	readonly answer: 'ack' | 'nack' | 'silent';
}

export interface ProbePaths {
	/** Who pinged, as it is to be written: *this node*, or a name. */
	readonly from: string;
	readonly target: string;
	readonly targetState: 'alive' | 'suspect' | 'dead' | 'left';
	/** For example *no ack in 100 ms*. */
	readonly direct: string;
	readonly helpers: readonly ProbeHelper[];
}

const ROW = 23;
const FIRST_ROW = 36;
const DIRECT = 10;
const MARGIN = 27;
const BOX_HEIGHT = 18;

/** How high the drawing must be for so many helpers. */
export function probePathsHeight(helpers: number): number {
	return Math.max(FIRST_ROW + helpers * ROW - (ROW - BOX_HEIGHT) / 2, 48);
}

export function drawProbePaths(pen: Pen, data: ProbePaths, size: Size, tokens: Tokens): void {
	const { width, height } = size;
	pen.clearRect(0, 0, width, height);
	const [left, right] = [MARGIN, width - MARGIN];
	const boxWidth = Math.min(120, width * 0.32);
	const boxLeft = (width - boxWidth) / 2;
	for (const [at, helper] of data.helpers.entries()) {
		const y = FIRST_ROW + at * ROW;
		drawPath(pen, left, DIRECT, boxLeft, y, pathOut(helper.answer, tokens));
		drawPath(pen, right, DIRECT, boxLeft + boxWidth, y, pathOn(helper.answer, tokens));
		drawHelper(pen, helper, boxLeft, y, boxWidth, tokens);
	}
	drawDirect(pen, data.direct, left, right, tokens);
	drawEnds(pen, data, left, right, tokens);
}

interface PathStyle {
	readonly colour: string;
	readonly dash: number[];
}

/** From the accuser to the helper: whole when the helper answered, dotted when nothing came back. */
function pathOut(answer: ProbeHelper['answer'], tokens: Tokens): PathStyle {
	return answer === 'silent' ? { colour: tokens.ink3, dash: [1.5, 3] } : { colour: tokens.alive, dash: [] };
}

/** From the helper to the target; what a silent helper did is not known and not drawn. */
function pathOn(answer: ProbeHelper['answer'], tokens: Tokens): PathStyle | undefined {
	if (answer === 'silent') return undefined;
	return answer === 'ack' ? { colour: tokens.alive, dash: [] } : { colour: tokens.suspectMark, dash: [4, 3] };
}

function drawPath(pen: Pen, x1: number, y1: number, x2: number, y2: number, style: PathStyle | undefined): void {
	if (!style) return;
	const bend = (x2 - x1) * 0.5;
	pen.strokeStyle = style.colour;
	pen.lineWidth = 1.5;
	pen.setLineDash(style.dash);
	pen.beginPath();
	pen.moveTo(x1, y1);
	pen.bezierCurveTo(x1 + bend * 0.35, y2, x1 + bend, y2, x2, y2);
	pen.stroke();
	pen.setLineDash([]);
}

function drawHelper(
	pen: Pen,
	{ name, answer }: ProbeHelper,
	x: number,
	y: number,
	width: number,
	tokens: Tokens,
): void {
	const top = y - BOX_HEIGHT / 2;
	pen.fillStyle = tokens.raised;
	pen.fillRect(x, top, width, BOX_HEIGHT);
	pen.strokeStyle = tokens.edge;
	pen.lineWidth = 1;
	pen.strokeRect(x + 0.5, top + 0.5, width - 1, BOX_HEIGHT - 1);
	pen.textBaseline = 'middle';
	pen.font = font(12, tokens.sans);
	const room = width - 22 - pen.measureText(answer).width;
	pen.textAlign = 'right';
	pen.fillStyle = answer === 'ack' ? tokens.alive : tokens.ink2;
	pen.fillText(answer, x + width - 8, y + 0.5);
	pen.textAlign = 'left';
	pen.fillStyle = tokens.ink;
	pen.fillText(fitted(pen, name, room), x + 8, y + 0.5);
	pen.textBaseline = 'alphabetic';
}

function drawDirect(pen: Pen, text: string, left: number, right: number, tokens: Tokens): void {
	pen.strokeStyle = tokens.suspectMark;
	pen.lineWidth = 1.5;
	pen.setLineDash([4, 3]);
	pen.beginPath();
	pen.moveTo(left + 9, DIRECT);
	pen.lineTo(right - 9, DIRECT);
	pen.stroke();
	pen.setLineDash([]);
	pen.font = font(12, tokens.sans);
	pen.textAlign = 'center';
	pen.textBaseline = 'middle';
	const width = pen.measureText(text).width + 14;
	pen.fillStyle = tokens.panel;
	pen.fillRect((left + right - width) / 2, DIRECT - 8, width, 16);
	pen.fillStyle = tokens.ink2;
	pen.fillText(text, (left + right) / 2, DIRECT + 0.5);
}

function drawEnds(
	pen: Pen,
	{ from, target, targetState }: ProbePaths,
	left: number,
	right: number,
	tokens: Tokens,
): void {
	for (const [x, state] of [
		[left, 'alive'],
		[right, targetState],
	] as const) {
		pen.fillStyle = tokens.panel;
		pen.beginPath();
		pen.arc(x, DIRECT, 8, 0, 2 * Math.PI);
		pen.fill();
		const colour = state === 'suspect' ? tokens.suspectMark : tokens[state];
		drawGlyph(pen, state, x, DIRECT, 6, colour);
	}
	pen.font = font(12, tokens.sans);
	pen.fillStyle = tokens.ink2;
	pen.textAlign = 'left';
	const words = from.includes(' ') ? from.split(' ') : [fitted(pen, from, 2 * MARGIN)];
	for (const [at, word] of words.entries()) pen.fillText(word, 0, DIRECT + 25 + at * 14);
	pen.textAlign = 'right';
	pen.fillText(fitted(pen, target, 2 * MARGIN), right + MARGIN, DIRECT + 25);
	pen.textAlign = 'left';
	pen.textBaseline = 'alphabetic';
}

/** *This node pinged longbow-17: no ack in 100 ms. Of 3 helpers longbow-03 and longbow-11 said nack, longbow-21 was silent.* */
export function probePathsText({ from, target, direct, helpers }: ProbePaths): string {
	const who = from.charAt(0).toUpperCase() + from.slice(1);
	const said = (['ack', 'nack', 'silent'] as const).flatMap((answer) => {
		const names = helpers.filter((helper) => helper.answer === answer).map(({ name }) => name);
		if (names.length === 0) return [];
		return [answer === 'silent' ? `${names.join(' and ')} silent` : `${answer} from ${names.join(' and ')}`];
	});
	return `${who} pinged ${target}: ${direct}. ${said.length > 0 ? `Helpers: ${said.join(', ')}.` : 'No helper was asked.'}`;
}
