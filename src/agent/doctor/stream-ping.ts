// A ping over TCP, as memberlist's fallback probe sends it, and how exactly it was not answered.

import { connect } from 'node:net';
import type { Address, StreamHandler } from '../../swim/index.ts';
import { utf8, WireError } from '../../swim/index.ts';
import type { MemberlistCodec } from '../../wire/index.ts';

/**
 * `answered`: the ack came. `refused`: nobody listens. `unreachable`: no connection in time, or no route.
 * `silent`: connected, and then nothing. `hung-up`: connected, and the other end closed or spoke nonsense.
 */
export type StreamAnswer = 'answered' | 'refused' | 'unreachable' | 'silent' | 'hung-up';

/** Never rejects. An empty name asks whoever is there. */
export function pingStream(codec: MemberlistCodec, to: Address, name: string, waitMs: number): Promise<StreamAnswer> {
	return new Promise((resolve) => {
		let connected = false;
		const socket = connect({ host: to.host, port: to.port });
		const settle = (answer: StreamAnswer): void => {
			clearTimeout(timer);
			socket.destroy();
			resolve(answer);
		};
		const timer = setTimeout(() => settle(connected ? 'silent' : 'unreachable'), waitMs);
		const decoder = codec.streamDecoder(
			'dialer',
			ackHandler(() => settle('answered')),
		);
		socket.once('connect', () => {
			connected = true;
			socket.write(codec.streamPing('dialer', SEQ_NO, utf8(name)));
		});
		socket.on('data', (bytes) => {
			try {
				decoder.push(bytes);
			} catch (error) {
				if (!(error instanceof WireError)) throw error;
				settle('hung-up');
			}
		});
		socket.once('end', () => settle('hung-up'));
		socket.once('error', (error: NodeJS.ErrnoException) => {
			// A reset can come before the connection is told.
			if (connected || error.code === 'ECONNRESET') settle('hung-up');
			else settle(error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable');
		});
	});
}

/** The only ping of its stream, so any number will do. */
const SEQ_NO = 1;

function ackHandler(acked: () => void): StreamHandler {
	const ignore = (): void => undefined;
	return {
		streamAck: (seqNo) => {
			if (seqNo === SEQ_NO) acked();
		},
		streamPing: ignore,
		pushPull: ignore,
		streamUser: ignore,
		streamError: ignore,
	};
}
