// Serf's delegate takes any bytes, and its regular expressions agree with the platform's.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSerfDelegate, type SerfDelegate } from '../../src/serf/index.ts';
import { matches } from '../../src/serf/regexp.ts';
import { UnsupportedPattern } from '../../src/serf/regexp-parser.ts';
import type { Member } from '../../src/swim/index.ts';
import { vectorFile } from '../golden/vectors.ts';

const self: Member = {
	name: 'node-a',
	address: { host: '127.0.0.1', port: 7946 },
	state: 'alive',
	incarnation: 1,
	tags: { role: 'web' },
	protocol: [1, 5, 2, 2, 5, 5],
	own: true,
	changedAt: 0,
	seenAt: 0,
};

const attached = (): SerfDelegate => {
	const serf = createSerfDelegate();
	serf.attach({ self, member: () => self, broadcast: () => {}, send: () => {} });
	return serf;
};

const atom = fc.constantFrom('a', 'b', '.', '\\w', '\\D', '[ab]', '[^a]', '[a-c]', '\\.', '^', '$', '\\b', 'c');
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,2}', '{0,}', '*?');
const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
	piece: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		// An assertion takes no quantifier in JavaScript.
		fc.tuple(atom, quantifier).map(([a, q]) => (/^(\^|\$|\\b)$/.test(a) ? a : a + q)),
		fc.tuple(tie('pattern'), quantifier).map(([inner, q]) => `(${inner})${q}`),
	),
	pattern: fc
		.array(fc.array(tie('piece'), { maxLength: 4 }), { minLength: 1, maxLength: 2 })
		.map((options) => options.map((pieces) => pieces.join('')).join('|')),
}));

describe('serf regular expressions', () => {
	it('answer as the platform does', () => {
		fc.assert(
			fc.property(
				pattern,
				fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '.', '\n'), maxLength: 8 }),
				(p, text) => {
					fc.pre(p.length <= 80);
					expect(matches(p, text)).toBe(new RegExp(p, 'u').test(text));
				},
			),
			{ numRuns: 3_000 },
		);
	});

	it('answer or refuse, whatever the pattern', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.string(), (p, text) => {
				try {
					expect(typeof matches(p, text)).toBe('boolean');
				} catch (error) {
					expect(error).toBeInstanceOf(UnsupportedPattern);
				}
			}),
			{ numRuns: 2_000 },
		);
	});
});

describe('serf delegate', () => {
	it('takes any bytes', () => {
		const serf = attached();
		fc.assert(
			fc.property(fc.nat({ max: 10 }), fc.uint8Array(), (type, rest) => {
				const body = Uint8Array.of(type, ...rest);
				serf.userMessage(body, undefined);
				serf.remoteState(body, true);
			}),
			{ numRuns: 2_000 },
		);
	});

	it('takes any damage to real messages', () => {
		const { vectors = [], captured = [] } = vectorFile('serf') as object as {
			vectors?: { hex: string }[];
			captured?: { hex: string }[];
		};
		const messages = [...vectors, ...captured].map(({ hex }) => Uint8Array.from(Buffer.from(hex, 'hex')));
		const serf = attached();
		fc.assert(
			fc.property(fc.constantFrom(...messages), fc.nat(), fc.nat({ max: 255 }), fc.nat(), (message, at, byte, cut) => {
				const damaged = message.slice(0, 1 + (cut % (2 * message.length)));
				damaged[at % damaged.length] = byte;
				serf.userMessage(damaged, undefined);
				serf.remoteState(damaged, false);
			}),
			{ numRuns: 3_000 },
		);
		expect(serf.counters.ignored.malformed).toBeGreaterThan(0);
	});
});
