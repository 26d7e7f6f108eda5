// What all drawings share: the pen they draw with, sizes and boxes.

/** The part of CanvasRenderingContext2D that the drawings use, so that a test can record what was drawn. */
export interface Pen {
	get fillStyle(): unknown;
	set fillStyle(colour: string);
	get strokeStyle(): unknown;
	set strokeStyle(colour: string);
	lineWidth: number;
	globalAlpha: number;
	font: string;
	get textAlign(): string;
	set textAlign(align: 'left' | 'right' | 'center');
	get textBaseline(): string;
	set textBaseline(baseline: 'top' | 'middle' | 'alphabetic' | 'bottom');
	save(): void;
	restore(): void;
	beginPath(): void;
	closePath(): void;
	moveTo(x: number, y: number): void;
	lineTo(x: number, y: number): void;
	bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
	arc(x: number, y: number, radius: number, from: number, to: number): void;
	rect(x: number, y: number, width: number, height: number): void;
	clip(): void;
	fill(): void;
	stroke(): void;
	setLineDash(pattern: number[]): void;
	fillRect(x: number, y: number, width: number, height: number): void;
	strokeRect(x: number, y: number, width: number, height: number): void;
	clearRect(x: number, y: number, width: number, height: number): void;
	fillText(text: string, x: number, y: number): void;
	measureText(text: string): { readonly width: number };
}

/** Of the canvas, in CSS pixels. Edges are put on whole device pixels, of which `dpr` make one CSS pixel. */
export interface Size {
	readonly width: number;
	readonly height: number;
	readonly dpr: number;
}

export interface Box {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** Where the pointer finds what was drawn; later ones lie on top. */
export interface Hit extends Box {
	readonly id: string;
}
