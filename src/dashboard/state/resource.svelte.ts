// A document that a panel asks for by itself, beside the live stream: the latest answer, or why there is none.

/** Asking again keeps the old answer on the screen until the new one is there; the latest question wins. */
export class Resource<T> {
	data = $state.raw<T | undefined>(undefined);
	/** One sentence. */
	error = $state.raw<string | undefined>(undefined);
	busy = $state.raw(false);
	#abort: AbortController | undefined;

	async load(url: string): Promise<void> {
		this.#abort?.abort();
		const abort = new AbortController();
		this.#abort = abort;
		this.busy = true;
		try {
			const response = await fetch(url, { signal: abort.signal, headers: { Accept: 'application/json' } });
			const body: unknown = await response.json();
			if (this.#abort !== abort) return;
			if (!response.ok) throw new Error((body as { error?: string }).error ?? `The node answered ${response.status}.`);
			this.data = body as T;
			this.error = undefined;
		} catch (error) {
			if (this.#abort === abort) this.error = error instanceof Error ? error.message : String(error);
		} finally {
			if (this.#abort === abort) this.busy = false;
		}
	}

	clear(): void {
		this.#abort?.abort();
		this.#abort = undefined;
		this.data = undefined;
		this.error = undefined;
		this.busy = false;
	}
}
