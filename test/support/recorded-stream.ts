// A StreamHandler that writes down what it is told, for tests of the stream decoder.

import type { PushPull, StreamHandler } from '../../src/swim/index.ts';

export type StreamMessage =
	| { type: 'ping'; seqNo: number; node: Uint8Array }
	| { type: 'ack'; seqNo: number }
	| ({ type: 'pushPull' } & PushPull)
	| { type: 'user'; body: Uint8Array }
	| { type: 'error'; text: string };

export class RecordedStream implements StreamHandler {
	readonly messages: StreamMessage[] = [];

	streamPing(seqNo: number, node: Uint8Array): void {
		this.messages.push({ type: 'ping', seqNo, node });
	}

	streamAck(seqNo: number): void {
		this.messages.push({ type: 'ack', seqNo });
	}

	pushPull(message: PushPull): void {
		this.messages.push({ type: 'pushPull', ...message });
	}

	streamUser(body: Uint8Array): void {
		this.messages.push({ type: 'user', body });
	}

	streamError(text: string): void {
		this.messages.push({ type: 'error', text });
	}
}
