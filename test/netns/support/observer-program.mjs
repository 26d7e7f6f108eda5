// The program of the observer: fetches the pages that it is asked for, from the namespace that it runs in.

process.on('disconnect', () => process.exit());
process.on('message', (/** @type {{ id: number, url: string }} */ { id, url }) => {
	fetch(url, { signal: AbortSignal.timeout(2_000) })
		.then((answer) => answer.text())
		.then(
			(text) => process.send?.({ id, text }),
			(error) => process.send?.({ id, error: `${url}: ${error.cause ?? error}` }),
		);
});
