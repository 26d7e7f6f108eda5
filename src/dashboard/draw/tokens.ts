// The look: every colour and type face, dark and light. One hue for what is normal; amber and vermilion are for states alone.

export interface Tokens {
	readonly ground: string;
	readonly panel: string;
	readonly raised: string;
	readonly line: string;
	/** A line that must be seen: borders of controls, hollow shapes. */
	readonly edge: string;
	readonly ink: string;
	readonly ink2: string;
	readonly ink3: string;
	readonly alive: string;
	/** Large areas of what is alive: dim, so that healthy is quiet. */
	readonly aliveField: string;
	readonly suspect: string;
	/** A thin mark of suspicion on a panel. */
	readonly suspectMark: string;
	readonly suspectText: string;
	/** Ink on an area of suspicion. */
	readonly onSuspect: string;
	readonly suspectWash: string;
	readonly dead: string;
	readonly deadWash: string;
	readonly left: string;
	/** The frame around what is played back, used for nothing else. */
	readonly simulated: string;
	readonly sans: string;
	readonly mono: string;
}

export type Theme = 'dark' | 'light';

const FACES = {
	sans: '"IBM Plex Sans Condensed", "Roboto Condensed", "Arial Narrow", system-ui, sans-serif',
	mono: '"IBM Plex Mono", ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace',
};

export const TOKENS: Readonly<Record<Theme, Tokens>> = {
	dark: {
		...FACES,
		ground: '#0b0f12',
		panel: '#10161a',
		raised: '#182127',
		line: '#222c33',
		edge: '#34434c',
		ink: '#e6ecee',
		ink2: '#a9b8bf',
		ink3: '#7f929b',
		alive: '#4fa8bd',
		aliveField: '#17333c',
		suspect: '#f5b83d',
		suspectMark: '#f5b83d',
		suspectText: '#f5b83d',
		onSuspect: '#1c1402',
		suspectWash: '#2a2210',
		dead: '#ff7350',
		deadWash: '#2b1914',
		left: '#8b9ca5',
		simulated: '#a48cf2',
	},
	light: {
		...FACES,
		ground: '#e3e8e8',
		panel: '#f9fbfa',
		raised: '#eef2f1',
		line: '#d5dddc',
		edge: '#b4c1c1',
		ink: '#10202a',
		ink2: '#445862',
		ink3: '#5d717b',
		alive: '#1f7d94',
		aliveField: '#d2e6ea',
		suspect: '#e79f0c',
		suspectMark: '#b87900',
		suspectText: '#8a5a00',
		onSuspect: '#241800',
		suspectWash: '#fdf1d6',
		dead: '#c8391a',
		deadWash: '#fbe7e1',
		left: '#5f7178',
		simulated: '#6a45c9',
	},
};

/** A canvas font: `font(12, tokens.mono)`. */
export function font(px: number, face: string, weight: 400 | 600 = 400): string {
	return `${weight} ${px}px ${face}`;
}
