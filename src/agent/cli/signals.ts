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

/** Work that the first SIGINT or SIGTERM asks to end early; then, and afterwards, the signals have their usual effect. */
export async function interruptible<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
	const controller = new AbortController();
	const stop = (): void => {
		off();
		controller.abort();
	};
	const off = (): void => {
		process.off('SIGINT', stop);
		process.off('SIGTERM', stop);
	};
	process.on('SIGINT', stop);
	process.on('SIGTERM', stop);
	try {
		return await work(controller.signal);
	} finally {
		off();
	}
}
