// Server-sent events out of text, however it is cut.

import { describe, expect, it } from 'vitest';
import { SseParser } from './sse.ts';

const TEXT =
	': hello\nevent: delta\nid: 7.1.2\ndata: {"a":\ndata: 1}\n\nevent: beat\ndata: {}\n\nid: 9\n\ndata: x\r\n\r\n';
const EVENTS = [
	{ event: 'delta', data: '{"a":\n1}', id: '7.1.2' },
	{ event: 'beat', data: '{}', id: '7.1.2' },
	{ event: 'message', data: 'x', id: '9' },
];

describe('the parser', () => {
	it('reads events, ids and comments', () => {
		expect(new SseParser().push(TEXT)).toEqual(EVENTS);
	});

	it('gives the same events for every place where the text may be cut', () => {
		for (let cut = 0; cut <= TEXT.length; cut++) {
			const parser = new SseParser();
			expect([...parser.push(TEXT.slice(0, cut)), ...parser.push(TEXT.slice(cut))]).toEqual(EVENTS);
		}
	});
});
