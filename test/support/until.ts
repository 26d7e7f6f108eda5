// Waiting for a condition in real time, with a bound: the only way in which tests wait.

/** Resolves when `holds` returns true; rejects after `withinMs`, naming what was waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
	const deadline = performance.now() + withinMs;
	while (!(await holds())) {
		if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}
