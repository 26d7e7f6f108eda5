// Ctrl-C and SIGTERM as an AbortSignal.

/** Aborts at the first SIGINT or SIGTERM; from then on the signals have their usual effect. */
export function interrupted(): AbortSignal {
	const controller = new AbortController();
	const stop = (): void => {
		process.off('SIGINT', stop);
		process.off('SIGTERM', stop);
		controller.abort();
	};
	process.on('SIGINT', stop);
	process.on('SIGTERM', stop);
	return controller.signal;
}
