// Invariant 1: news about members is a join-semilattice, so neither its order nor its repetition matters (X4).

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	type Codec,
	IdentityPool,
	type Member,
	Memberlist,
	type MemberState,
	resolveConfig,
	STATE_NAMES,
	seededRandom,
	utf8,
} from '../../src/swim/index.ts';
import { createCodec } from '../../src/wire/index.ts';

const codec: Codec = createCodec({ packetBytes: 1_400 });
const identities = new IdentityPool((meta) => codec.decodeTags(meta));

interface News {
	readonly about: string;
	readonly state: MemberState;
	readonly incarnation: number;
	/** Which of several things a member says about itself. */
	readonly payload: number;
	readonly by: string;
}

const SUBJECTS = ['m1', 'm2'];
const ACCUSERS = ['accuser-1', 'accuser-2'];
const FROM = { host: '10.0.0.99', port: 7946 };

function identityOf(name: string, payload: number): ReturnType<IdentityPool['identity']> {
	return identities.identity({
		name: utf8(name),
		addr: Uint8Array.of(10, 1, payload >> 1, 1),
		port: 7946,
		meta: codec.encodeTags({ lb: '1', v: String(payload) }),
		vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
	});
}

function encode({ about, state, incarnation, payload, by }: News): Uint8Array {
	if (state === 'alive') return codec.alive(identityOf(about, payload), incarnation);
	if (state === 'suspect') return codec.suspect(utf8(about), incarnation, utf8(by));
	return codec.dead(utf8(about), incarnation, utf8(state === 'left' ? about : by));
}

function hear(machine: Memberlist, message: Uint8Array): void {
	const packet = codec.packet();
	packet.message(message);
	machine.step(0, { type: 'packet', from: FROM, bytes: packet.finish({ crc: false }) });
}

/** A machine that knows the accusers and `known`, and has heard the news in this order. */
function viewOf(news: readonly News[], known: readonly string[]): Memberlist {
	const config = resolveConfig({ name: 'observer', streams: false });
	const machine = new Memberlist({ config, codec, identities, random: seededRandom(1) });
	machine.step(0, { type: 'start', advertise: { host: '10.0.0.1', port: 7946 }, incarnation: 1 });
	for (const name of [...ACCUSERS, ...known]) hear(machine, codec.alive(identityOf(name, 0), 1));
	for (const item of news) hear(machine, encode(item));
	return machine;
}

function picture(machine: Memberlist): unknown {
	return { digest: machine.digest, members: machine.members().map(look) };
}

/**
 * Who is in the ring, as what. Of strangers a suspicion is ignored and a death is kept out of sight, so whether
 * one is suspect already and which of the dead are shown may depend on the order; the ring may not.
 */
function livePicture(machine: Memberlist): unknown {
	const live = machine.members().filter(({ state }) => state === 'alive' || state === 'suspect');
	return { digest: machine.digest, members: live.map((member) => look({ ...member, state: 'alive' })) };
}

function look({ name, state, incarnation, address, tags }: Member): unknown {
	return { name, state, incarnation, address, tags };
}

function newsOf(states: readonly MemberState[]): fc.Arbitrary<News> {
	return fc.record({
		about: fc.constantFrom(...SUBJECTS),
		state: fc.constantFrom(...states),
		incarnation: fc.integer({ min: 1, max: 4 }),
		payload: fc.integer({ min: 0, max: 3 }),
		by: fc.constantFrom(...ACCUSERS),
	});
}

/** The same news twice: as it was drawn, and in another order with repetitions. */
function inTwoOrders(news: fc.Arbitrary<News[]>): fc.Arbitrary<readonly [News[], News[]]> {
	return news.chain((items) => {
		const shuffled = fc.shuffledSubarray(items, { minLength: items.length });
		const repeated = items.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...items), { maxLength: 6 });
		return fc.tuple(
			fc.constant(items),
			fc.tuple(repeated, shuffled, repeated).map((parts) => parts.flat()),
		);
	});
}

describe('invariant 1: merging is order-free and idempotent', () => {
	it('any order, any repetition: the same view of the known, and the same digest', () => {
		fc.assert(
			fc.property(
				inTwoOrders(fc.array(newsOf(['alive', 'alive', 'suspect', 'dead', 'left']), { maxLength: 12 })),
				([one, other]) => {
					expect(picture(viewOf(other, SUBJECTS))).toEqual(picture(viewOf(one, SUBJECTS)));
				},
			),
			{ numRuns: 3_000 },
		);
	});

	it('of strangers, who may be accused before they are known: the same live view and digest', () => {
		// Whoever accuses a member has heard it alive at that incarnation, so that is news of the same set.
		const closed = fc
			.array(newsOf(['alive', 'suspect', 'dead', 'left']), { maxLength: 8 })
			.map((items) =>
				items.flatMap((item): News[] => (item.state === 'alive' ? [item] : [item, { ...item, state: 'alive' }])),
			);
		fc.assert(
			fc.property(inTwoOrders(closed), ([one, other]) => {
				expect(livePicture(viewOf(other, []))).toEqual(livePicture(viewOf(one, [])));
			}),
			{ numRuns: 2_000 },
		);
	});

	it('the view is the greatest news and the greatest of what the member said of itself', () => {
		fc.assert(
			fc.property(fc.array(newsOf(['alive', 'suspect', 'dead', 'left']), { maxLength: 12 }), (news) => {
				const machine = viewOf(news, SUBJECTS);
				for (const name of SUBJECTS) {
					const about = [{ state: 'alive', incarnation: 1, payload: 0 }, ...news.filter((item) => item.about === name)];
					const greatest = about.toSorted((a, b) => rank(a) - rank(b)).at(-1)!;
					const said = about
						.filter(({ state }) => state === 'alive')
						.toSorted((a, b) => a.incarnation - b.incarnation || a.payload - b.payload)
						.at(-1)!;
					expect(machine.member(name)).toMatchObject({
						state: greatest.state,
						incarnation: greatest.incarnation,
						tags: { v: String(said.payload) },
					});
				}
			}),
			{ numRuns: 1_000 },
		);
	});
});

function rank({ state, incarnation }: { readonly state: string; readonly incarnation: number }): number {
	return incarnation * 4 + STATE_NAMES.indexOf(state as MemberState);
}
