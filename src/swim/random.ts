// Port: chance. The machine draws only from here, so a seed repeats a run.

/** A source of chance. */
export interface Random {
	/** A uniformly distributed unsigned 32-bit integer. */
	uint32(): number;
}

/** A whole number in [0, below). `below` is at most 2³². */
export function randomBelow(random: Random, below: number): number {
	return Math.floor((random.uint32() / 0x1_0000_0000) * below);
}

/** Fisher-Yates, in place. */
export function shuffle<Item>(
	random: Random,
	items: { [index: number]: Item; readonly length: number },
	length: number,
): void {
	for (let i = length - 1; i > 0; i--) {
		const j = randomBelow(random, i + 1);
		const other = items[j] as Item;
		items[j] = items[i] as Item;
		items[i] = other;
	}
}

/** xoshiro128**, seeded by splitmix32: the generator of tests and simulations, not of keys. */
export function seededRandom(seed: number): Random {
	let mix = seed >>> 0;
	const splitmix = (): number => {
		mix = (mix + 0x9e3779b9) | 0;
		let z = mix;
		z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
		z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
		return z ^ (z >>> 15);
	};
	let a = splitmix();
	let b = splitmix();
	let c = splitmix();
	let d = splitmix();
	const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));
	return {
		uint32(): number {
			const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
			const t = b << 9;
			c ^= a;
			d ^= b;
			b ^= c;
			a ^= d;
			c ^= t;
			d = rotate(d, 11);
			return result;
		},
	};
}
