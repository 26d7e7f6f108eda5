// The nearest known word to a mistyped one: Damerau's edit distance with adjacent transpositions.

/** Edits (insert, delete, replace, swap two neighbours) between two words; compared without regard to case. */
export function editDistance(left: string, right: string): number {
	const a = left.toLowerCase();
	const b = right.toLowerCase();
	let beforeLast: number[] = [];
	let last = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
			let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
				best = Math.min(best, at(beforeLast, j - 2) + 1);
			}
			row.push(best);
		}
		beforeLast = last;
		last = row;
	}
	return at(last, b.length);
}

/** The candidate with the fewest edits, the first of equals; `undefined` when all need more than `limit`. */
export function nearest(word: string, candidates: Iterable<string>, limit = 2): string | undefined {
	let best: string | undefined;
	let bestDistance = limit + 1;
	for (const candidate of candidates) {
		const distance = editDistance(word, candidate);
		if (distance < bestDistance) {
			best = candidate;
			bestDistance = distance;
		}
	}
	return best;
}

function at(row: readonly number[], index: number): number {
	return row[index] as number;
}
