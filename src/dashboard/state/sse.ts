// Reads a stream of server-sent events: bytes in, events out. By fetch and not EventSource, which hides why a stream was refused.

export interface SseEvent {
	readonly event: string;
	readonly data: string;
	/** The latest `id:`, what to send as `Last-Event-ID`. */
	readonly id: string;
}

/** An event of this size is no event of ours: the stream is given up. */
const MOST_CHARS = 64 * 1024 * 1024;

/** WHATWG HTML §9.2.6, without `retry:`, which the page decides itself. */
export class SseParser {
	#rest = '';
	#event = '';
	#data: string[] = [];
	#id = '';

	/** The events that `text` completes, in order. */
	push(text: string): SseEvent[] {
		const events: SseEvent[] = [];
		const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
		this.#rest = lines.pop() ?? '';
		if (this.#rest.length > MOST_CHARS) throw new Error('A line of the stream does not end.');
		for (const line of lines) {
			if (line === '') events.push(...this.#dispatch());
			else this.#field(line);
		}
		return events;
	}

	#dispatch(): SseEvent[] {
		const event = { event: this.#event || 'message', data: this.#data.join('\n'), id: this.#id };
		const empty = this.#data.length === 0;
		this.#event = '';
		this.#data = [];
		return empty ? [] : [event];
	}

	#field(line: string): void {
		const colon = line.indexOf(':');
		const name = colon < 0 ? line : line.slice(0, colon);
		const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
		if (name === 'event') this.#event = value;
		else if (name === 'data') this.#data.push(value);
		else if (name === 'id') this.#id = value;
	}
}
