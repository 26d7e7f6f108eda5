// A page with every drawing at the sizes it has on the overview, to be looked at and measured in a real browser.

import {
	drawField,
	drawHeat,
	drawLanes,
	drawProbePaths,
	drawRing,
	drawShares,
	drawTraffic,
	type FieldData,
	type FieldLayout,
	layoutField,
	type Pen,
	probePathsHeight,
	readTokens,
	type Size,
	type Tokens,
} from '../../../src/dashboard/draw/index.ts';
import { type Scene, sceneOf } from './scene.ts';
import '../../../src/dashboard/tokens.css';
import './page.css';

interface Panel {
	readonly id: string;
	readonly size: Size;
	draw(pen: Pen, scene: Scene, size: Size, tokens: Tokens): unknown;
}

const query = new URLSearchParams(location.search);
const dpr = devicePixelRatio;
const phone = innerWidth < 640;
const scene = sceneOf(Number(query.get('n') ?? 24));
const size = (width: number, height: number): Size => ({ width, height, dpr });

const PANELS: readonly Panel[] = [
	{
		id: 'field',
		size: phone ? size(370, 408) : size(720, 235),
		draw: (pen, { field }, at, look) => drawField(pen, field, at, look, fieldLayout(field, at)),
	},
	{ id: 'ring', size: size(182, 182), draw: (pen, { ring }, at, look) => drawRing(pen, ring, at, look) },
	{ id: 'shares', size: size(288, 72), draw: (pen, { shares }, at, look) => drawShares(pen, shares, at, look) },
	{
		id: 'lanes',
		size: size(phone ? 362 : 712, 168),
		draw: (pen, { lanes }, at, look) => drawLanes(pen, lanes, at, look),
	},
	{ id: 'heat', size: size(288, 172), draw: (pen, { heat }, at, look) => drawHeat(pen, heat, at, look) },
	{ id: 'traffic', size: size(288, 172), draw: (pen, { traffic }, at, look) => drawTraffic(pen, traffic, at, look) },
	{
		id: 'paths',
		size: size(356, probePathsHeight(scene.paths.helpers.length)),
		draw: (pen, { paths }, at, look) => drawProbePaths(pen, paths, at, look),
	},
];

function fieldLayout({ groups }: FieldData, at: Size): FieldLayout {
	return layoutField(
		groups.map(({ name, members }) => ({ name, places: members.length })),
		at,
	);
}

document.documentElement.dataset.theme = query.get('theme') ?? 'dark';
const style = getComputedStyle(document.documentElement);
const tokens = readTokens((variable) => style.getPropertyValue(variable));

function contextOf(id: string, { width, height }: Size): CanvasRenderingContext2D {
	const canvas = document.getElementById(id) as HTMLCanvasElement;
	canvas.width = Math.round(width * dpr);
	canvas.height = Math.round(height * dpr);
	canvas.style.width = `${width}px`;
	canvas.style.height = `${height}px`;
	const context = canvas.getContext('2d') as CanvasRenderingContext2D;
	context.setTransform(dpr, 0, 0, dpr, 0, 0);
	return context;
}

/** Milliseconds that each of so many redraws of the field took, the pixels included. */
function measureField(redraws: number): number[] {
	const at = (PANELS[0] as Panel).size;
	const pen = contextOf('field', at);
	const layout = fieldLayout(scene.field, at);
	return Array.from({ length: redraws }, () => {
		const began = performance.now();
		drawField(pen, scene.field, at, tokens, layout);
		pen.getImageData(0, 0, 1, 1);
		return performance.now() - began;
	});
}

Object.assign(globalThis, { measureField });
await Promise.all(['400 12px', '600 12px'].map((face) => document.fonts.load(`${face} ${tokens.sans}`)));
await document.fonts.load(`400 12px ${tokens.mono}`);
for (const { id, size: at, draw } of PANELS) draw(contextOf(id, at), scene, at, tokens);
document.body.dataset.ready = 'yes';
