// Inputs and stream messages as JSON: bytes become base64 under a key of their own.

const BYTES_KEY = '$bytes';

export function toJson(value: unknown): string {
	return JSON.stringify(value, function (this: Record<string, unknown>, key, item: unknown) {
		// `item` of a Buffer is what its toJSON has made of it.
		const raw = this[key];
		return raw instanceof Uint8Array ? { [BYTES_KEY]: Buffer.from(raw).toString('base64') } : item;
	});
}

/** @throws {SyntaxError} on what is no JSON. */
export function fromJson(text: string): unknown {
	return JSON.parse(text, (_key, item: unknown) => {
		if (typeof item !== 'object' || item === null || !(BYTES_KEY in item)) return item;
		// A Buffer's `slice` shares memory where the machine expects a copy.
		return new Uint8Array(Buffer.from(String(item[BYTES_KEY]), 'base64'));
	});
}
