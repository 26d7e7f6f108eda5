// The look, as drawings take it: the colours and type faces of tokens.css.

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

/** The tokens as tokens.css has them: `value('--alive-field')`. */
export function readTokens(value: (variable: string) => string): Tokens {
	const read = (variable: string): string => value(variable).trim();
	return {
		ground: read('--ground'),
		panel: read('--panel'),
		raised: read('--raised'),
		line: read('--line'),
		edge: read('--edge'),
		ink: read('--ink'),
		ink2: read('--ink2'),
		ink3: read('--ink3'),
		alive: read('--alive'),
		aliveField: read('--alive-field'),
		suspect: read('--suspect'),
		suspectMark: read('--suspect-mark'),
		suspectText: read('--suspect-text'),
		onSuspect: read('--on-suspect'),
		suspectWash: read('--suspect-wash'),
		dead: read('--dead'),
		deadWash: read('--dead-wash'),
		left: read('--left'),
		simulated: read('--simulated'),
		sans: read('--sans'),
		mono: read('--mono'),
	};
}

/** A canvas font: `font(12, tokens.mono)`. */
export function font(px: number, face: string, weight: 400 | 600 = 400): string {
	return `${weight} ${px}px ${face}`;
}
