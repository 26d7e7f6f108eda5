// A measurement that several checks need and that is made once.

/** The function, which is called by the first who asks. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | undefined;
	return () => {
		made ??= make();
		return made;
	};
}
