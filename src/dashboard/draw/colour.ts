// Mixing colours: a tint between two, and the ramps that drawings look values up in.

/** `#rrggbb` between two of them, `amount` 0 to 1. */
export function mix(from: string, to: string, amount: number): string {
	const a = channels(from);
	const b = channels(to);
	return `#${a.map((value, at) => hexByte(value + ((b[at] as number) - value) * amount)).join('')}`;
}

/** The colour with an opacity, as canvas and CSS take it. */
export function faded(colour: string, opacity: number): string {
	return `${colour}${hexByte(opacity * 255)}`;
}

/** So many colours from one to the other: a drawing of thousands of cells computes no colour. */
export function ramp(from: string, to: string, steps: number): readonly string[] {
	return Array.from({ length: steps }, (_, at) => mix(from, to, at / (steps - 1)));
}

/** Relative luminance by WCAG 2.2, 0 to 1. */
export function luminance(colour: string): number {
	const [r, g, b] = channels(colour).map((value) => {
		const part = value / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours by WCAG 2.2, 1 to 21. */
export function contrast(a: string, b: string): number {
	const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
	return (high + 0.05) / (low + 0.05);
}

function channels(colour: string): number[] {
	return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function hexByte(value: number): string {
	return Math.round(value).toString(16).padStart(2, '0');
}
