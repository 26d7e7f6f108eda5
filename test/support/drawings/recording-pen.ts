// A pen that draws nothing and remembers all: what was drawn, where, in which colour, in which order.

import type { Pen } from '../../../src/dashboard/draw/index.ts';

export interface Stroke {
	readonly call: string;
	readonly args: readonly (number | string)[];
	/** Of the fill, or of the stroke where lines are drawn. */
	readonly colour: string;
	readonly lineWidth: number;
	readonly dash: readonly number[];
	/** What was painted along a path, as `moveTo`, `lineTo` and so on have built it; empty for rectangles and words. */
	readonly path: readonly (readonly [call: string, ...args: number[]])[];
}

export interface Recording {
	readonly pen: Pen;
	readonly strokes: Stroke[];
	/** All words that were written, in order. */
	texts(): string[];
	/** What was drawn in that colour. */
	inColour(colour: string): Stroke[];
}

const PATH_CALLS = ['moveTo', 'lineTo', 'bezierCurveTo', 'arc', 'rect', 'closePath'];
const PAINT_CALLS = ['fill', 'stroke', 'clip'];
const DRAW_CALLS = ['fill', 'stroke', 'fillRect', 'strokeRect', 'clearRect', 'fillText', 'clip'];

export function recordingPen(): Recording {
	const strokes: Stroke[] = [];
	const saved: Record<string, unknown>[] = [];
	let path: [string, ...number[]][] = [];
	let dash: number[] = [];
	const state: Record<string, unknown> = { fillStyle: '#000000', strokeStyle: '#000000', lineWidth: 1, font: '10px x' };
	const calls: Record<string, (...args: never[]) => unknown> = {
		save: () => saved.push({ ...state, dash }),
		restore: () => {
			const { dash: dashes, ...rest } = saved.pop() as { dash: number[] };
			dash = dashes;
			Object.assign(state, rest);
		},
		beginPath: () => {
			path = [];
		},
		setLineDash: (pattern: number[]) => {
			dash = pattern;
		},
		measureText: (text: string) => ({ width: text.length * sizeOf(String(state.font)) * 0.48 }),
	};
	for (const call of PATH_CALLS) calls[call] = (...args: number[]) => path.push([call, ...args]);
	for (const call of DRAW_CALLS) {
		calls[call] = (...args: (number | string)[]) => {
			for (const arg of args) if (typeof arg === 'number' && !Number.isFinite(arg)) throw new Error(`${call} ${args}`);
			const colour = String(call.startsWith('stroke') ? state.strokeStyle : state.fillStyle);
			strokes.push({
				call,
				args,
				colour,
				lineWidth: Number(state.lineWidth),
				dash,
				path: PAINT_CALLS.includes(call) ? [...path] : [],
			});
		};
	}
	const pen = new Proxy(state, {
		get: (target, key) => calls[String(key)] ?? target[String(key)],
		set: (target, key, value) => {
			target[String(key)] = value;
			return true;
		},
	}) as unknown as Pen;
	return {
		pen,
		strokes,
		texts: () => strokes.filter(({ call }) => call === 'fillText').map(({ args }) => String(args[0])),
		inColour: (colour) => strokes.filter((stroke) => stroke.colour === colour),
	};
}

function sizeOf(font: string): number {
	return Number(/([\d.]+)px/.exec(font)?.[1] ?? 10);
}
