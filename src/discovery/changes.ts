// The list of a provider for one reader: told at once when there is one, and again whenever it changes.

import { type Address, formatAddress } from '../swim/index.ts';
import { Latest } from './latest.ts';

/**
 * `begin` starts whatever asks; it is given a signal that aborts when the reader stops reading as well, and `look`,
 * to be called when `addresses` may return something else. What is equal to the list told last is not told again.
 */
export async function* changes(
	signal: AbortSignal,
	addresses: () => readonly Address[],
	begin: (signal: AbortSignal, look: () => void) => void,
): AsyncGenerator<readonly Address[], void, undefined> {
	const stop = new AbortController();
	const ends = AbortSignal.any([signal, stop.signal]);
	const lists = new Latest<readonly Address[]>();
	let told = '';
	const look = (): void => {
		const list = addresses();
		const text = list.map(formatAddress).join();
		if (ends.aborted || text === told) return;
		told = text;
		lists.set(list);
	};
	look();
	begin(ends, look);
	try {
		yield* lists.values(ends);
	} finally {
		stop.abort();
	}
}

/** Each address once, in the order of first mention. */
export function distinct(addresses: Iterable<Address>): readonly Address[] {
	const byText = new Map<string, Address>();
	for (const address of addresses) if (!byText.has(formatAddress(address))) byText.set(formatAddress(address), address);
	return [...byText.values()];
}
