// The newest value for one reader: a slow reader misses the values in between, never the last one.

export class Latest<T> {
	#value: { readonly value: T } | undefined;
	#wake: (() => void) | undefined;

	set(value: T): void {
		this.#value = { value };
		this.#wake?.();
	}

	/** For one reader. Ends when `signal` aborts. */
	async *values(signal: AbortSignal): AsyncGenerator<T, void, undefined> {
		const wake = (): void => this.#wake?.();
		signal.addEventListener('abort', wake);
		try {
			while (!signal.aborted) {
				const next = this.#value;
				this.#value = undefined;
				if (next !== undefined) yield next.value;
				else await new Promise<void>((resolve) => (this.#wake = resolve));
			}
		} finally {
			signal.removeEventListener('abort', wake);
		}
	}
}
