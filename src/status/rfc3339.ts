// Times as documents have them: written, and read back.

/** `2026-11-22T14:02:32.004Z` for milliseconds since 1970. */
export function rfc3339(wallMs: number): string {
	return new Date(wallMs).toISOString();
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;

/** Milliseconds since 1970; of a time without a fraction, the last one of its second. `undefined` when the text is none. */
export function parseRfc3339(text: string): number | undefined {
	const [whole, fraction] = RFC_3339.exec(text) ?? [];
	const wallMs = whole === undefined ? Number.NaN : Date.parse(whole);
	if (Number.isNaN(wallMs)) return undefined;
	// Whoever names a second means what happened in it.
	return fraction === undefined ? wallMs + 999 : wallMs;
}
