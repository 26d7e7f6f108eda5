// Drawing: SVG as text, scales, and ticks that people would choose.

/** Markup that is safe to insert. */
export type Markup = string;

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element; text children must have passed `escapeText`. */
export function element(name: string, attributes: Attributes, ...children: readonly Markup[]): Markup {
	const written = Object.entries(attributes)
		.filter(([, value]) => value !== undefined)
		.map(([key, value]) => ` ${key}="${typeof value === 'number' ? coordinate(value) : escapeText(value as string)}"`)
		.join('');
	return children.length > 0 ? `<${name}${written}>${children.join('')}</${name}>` : `<${name}${written}/>`;
}

export function escapeText(text: string): Markup {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function textAt(x: number, y: number, text: string, style: string, anchor?: 'middle' | 'end'): Markup {
	return element('text', { x, y, class: style, 'text-anchor': anchor }, escapeText(text));
}

/** Hundredths of a pixel are enough, and keep the file small. */
export function coordinate(value: number): string {
	return String(Math.round(value * 100) / 100);
}

/** A linear map from values to pixels. */
export interface Scale {
	(value: number): number;
	readonly from: number;
	readonly to: number;
}

export function linear(from: number, to: number, start: number, end: number): Scale {
	const factor = to > from ? (end - start) / (to - from) : 0;
	return Object.assign((value: number): number => start + (value - from) * factor, { from, to });
}

const NICE = [1, 2, 5, 10];
const NICE_MS = [
	1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
	900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 432_000_000,
];

/** About so many round numbers from 0 to the largest value, which the last one reaches or exceeds. */
export function ticks(largest: number, about = 4): number[] {
	if (!(largest > 0)) return [0, 1];
	let unit = 1;
	while (unit * 10 <= largest / about) unit *= 10;
	while (unit > largest / about) unit /= 10;
	const step = unit * NICE.find((nice) => unit * nice * about >= largest * 0.999)!;
	return multiples(step, Math.ceil(largest / step - 1e-9));
}

/** Round durations from 0; the last one does not exceed the largest. */
export function timeTicks(largestMs: number, about = 8): number[] {
	const step = NICE_MS.find((nice) => nice * about >= largestMs) ?? NICE_MS.at(-1)!;
	return multiples(step, Math.floor(largestMs / step + 1e-9));
}

function multiples(step: number, count: number): number[] {
	return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** Steps over bins: each value holds over the whole width of its bin. */
export function stepPath(values: readonly number[], x: (bin: number) => number, y: (value: number) => number): string {
	let path = '';
	for (const [bin, value] of values.entries()) {
		if (bin > 0 && value === values[bin - 1]) continue;
		path += `${bin === 0 ? 'M' : 'H'}${coordinate(x(bin))}${bin === 0 ? ',' : 'V'}${coordinate(y(value))}`;
	}
	return values.length > 0 ? `${path}H${coordinate(x(values.length))}` : '';
}

/** The area between two stepped lines. */
export function stepArea(
	upper: readonly number[],
	lower: readonly number[],
	x: (bin: number) => number,
	y: (value: number) => number,
): string {
	if (upper.length === 0) return '';
	const back = [...lower].reverse();
	const down = stepPath(back, (bin) => x(lower.length - bin), y).replace(/^M[^,]*,/, 'V');
	return `${stepPath(upper, x, y)}${down}Z`;
}
