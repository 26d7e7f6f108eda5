// The serf delegate as its machine sees it: what it spreads, sends and tells, message by message.

import { describe, expect, it } from 'vitest';
import type { Address, DelegateHost, Member } from '../swim/index.ts';
import { utf8 } from '../swim/index.ts';
import { fieldNames, MsgpackWriter } from '../wire/index.ts';
import { createSerfDelegate, type SerfDelegate } from './delegate.ts';
import {
	decodeIntent,
	decodeState,
	encodeConflictResponse,
	encodeJoin,
	encodeLeave,
	encodeQueryResponse,
	encodeState,
	SerfType,
} from './messages.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const member = (name: string, tags: Record<string, string> = {}): Member => ({
	name,
	address: { host: '10.0.0.1', port: 7946 },
	state: 'alive',
	incarnation: 1,
	tags,
	protocol: [1, 5, 2, 2, 5, 5],
	own: false,
	changedAt: 0,
	seenAt: 0,
});

interface Rig {
	readonly serf: SerfDelegate;
	readonly broadcasts: { readonly body: Uint8Array; readonly key: string | undefined }[];
	readonly sent: { readonly to: Address; readonly body: Uint8Array }[];
}

/** A delegate named `us` that knows the member `other`. */
function rig(): Rig {
	const serf = createSerfDelegate();
	const broadcasts: Rig['broadcasts'] = [];
	const sent: Rig['sent'] = [];
	const host: DelegateHost = {
		self: member('us', { role: 'web' }),
		member: (name) => (name === 'other' ? member('other', { role: 'db' }) : name === 'us' ? host.self : undefined),
		broadcast: (body, key) => broadcasts.push({ body, key }),
		send: (to, body) => sent.push({ to, body }),
	};
	serf.attach(host);
	return { serf, broadcasts, sent };
}

interface QueryFields {
	readonly time?: number;
	readonly name?: string;
	readonly flags?: number;
	readonly filters?: readonly Uint8Array[];
	readonly payload?: Uint8Array;
	readonly addr?: Uint8Array;
	readonly port?: number;
}

function query(fields: QueryFields = {}): Uint8Array {
	const { time = 1, name = 'uptime', flags = 1, filters = [], payload = utf8(''), port = 7_000 } = fields;
	const names = fieldNames(
		'Addr',
		'Filters',
		'Flags',
		'ID',
		'LTime',
		'Name',
		'Payload',
		'Port',
		'SourceNode',
		'Timeout',
	);
	const w = new MsgpackWriter();
	const values = [
		() => w.str(fields.addr ?? Uint8Array.of(10, 0, 0, 9)),
		() => {
			w.arrayHeader(filters.length);
			for (const filter of filters) w.str(filter);
		},
		() => w.uint(flags),
		() => w.uint(42),
		() => w.uint(time),
		() => w.str(utf8(name)),
		() => w.str(payload),
		() => w.uint(port),
		() => w.str(utf8('other')),
		() => w.raw(Uint8Array.from([0xcf, 255, 255, 255, 255, 255, 255, 255, 255])),
	];
	w.byte(SerfType.query);
	w.mapHeader(names.length);
	for (const [index, field] of names.entries()) {
		w.raw(field);
		values[index]?.();
	}
	return w.copy();
}

function tagFilter(tag: string, pattern: string): Uint8Array {
	const [expr, tagKey] = fieldNames('Expr', 'Tag') as [Uint8Array, Uint8Array];
	const w = new MsgpackWriter();
	w.byte(1);
	w.mapHeader(2);
	w.raw(expr);
	w.str(utf8(pattern));
	w.raw(tagKey);
	w.str(utf8(tag));
	return w.copy();
}

describe('intents', () => {
	it('says farewell at the current time and moves on', () => {
		const { serf, broadcasts } = rig();
		serf.userMessage(encodeJoin({ time: 60, node: 'other' }), undefined);
		serf.leaving();
		expect(hex(broadcasts.at(-1)!.body)).toBe(hex(encodeLeave({ time: 61, node: 'us' })));
		expect(decodeState(serf.localState(false), utf8('us'))).toMatchObject({ memberTime: 62, statusTime: 61 });
	});

	it('contradicts a leave of itself at a later time, once', () => {
		const { serf, broadcasts } = rig();
		serf.userMessage(encodeLeave({ time: 9, node: 'us' }), undefined);
		serf.userMessage(encodeLeave({ time: 9, node: 'us' }), undefined);
		serf.userMessage(encodeLeave({ time: 4, node: 'us' }), undefined);
		expect(broadcasts.map(({ body, key }) => [body[0], decodeIntent(body), key])).toEqual([
			[SerfType.join, { time: 10, node: 'us' }, 'serf-intent'],
		]);
		expect(serf.counters.leavesRefuted).toBe(1);
		serf.userMessage(encodeLeave({ time: 11, node: 'us' }), undefined);
		expect(decodeIntent(broadcasts.at(-1)!.body)).toEqual({ time: 12, node: 'us' });
	});

	it('contradicts a leave that tells the same time as its own intent', () => {
		const { serf, broadcasts } = rig();
		serf.remoteState(encodeState({ memberTime: 7, eventTime: 1, queryTime: 1, statusTime: 0 }, 'other'), true);
		serf.userMessage(encodeLeave({ time: 7, node: 'us' }), undefined);
		expect(broadcasts.map(({ body }) => decodeIntent(body).time)).toEqual([7, 8]);
	});

	it('does not contradict while it leaves', () => {
		const { serf, broadcasts } = rig();
		serf.leaving();
		serf.userMessage(encodeLeave({ time: 50, node: 'us' }), undefined);
		serf.remoteState(encodeState({ memberTime: 99, eventTime: 1, queryTime: 1, statusTime: 50 }, 'us'), true);
		expect(broadcasts).toHaveLength(1);
	});

	it("spreads others' intents and events once, byte for byte, and its own never", () => {
		const { serf, broadcasts } = rig();
		const event = Buffer.from('0384a24343c3a54c54696d6503a44e616d65a66465706c6f79a75061796c6f6164a476312e32', 'hex');
		for (const body of [encodeLeave({ time: 5, node: 'x' }), encodeJoin({ time: 5, node: 'x' }), event]) {
			for (let copy = 0; copy < 3; copy++) serf.userMessage(body, { host: '10.0.0.9', port: 7946 });
			expect(hex(broadcasts.at(-1)!.body)).toBe(hex(body));
		}
		serf.userMessage(encodeJoin({ time: 5, node: 'us' }), undefined);
		expect(broadcasts).toHaveLength(3);
		expect(serf.counters).toMatchObject({ intentsReceived: 7, userEventsReceived: 3, rebroadcasts: 3 });
		expect(serf.counters.ignored.repeated).toBe(6);
	});

	it('keeps what it spreads when the bytes are used again', () => {
		const { serf, broadcasts } = rig();
		const body = Buffer.from(encodeJoin({ time: 5, node: 'x' }));
		serf.userMessage(body, undefined);
		body.fill(0);
		expect(decodeIntent(broadcasts[0]!.body)).toEqual({ time: 5, node: 'x' });
	});
});

describe('push/pull state', () => {
	const remote = { memberTime: 20, eventTime: 30, queryTime: 40, statusTime: 0 };

	it('takes over the clocks and announces itself at the first join alone', () => {
		const { serf, broadcasts } = rig();
		serf.remoteState(encodeState(remote, 'other'), true);
		serf.remoteState(encodeState(remote, 'other'), true);
		expect(broadcasts.map(({ body }) => [body[0], decodeIntent(body)])).toEqual([
			[SerfType.join, { time: 20, node: 'us' }],
		]);
		expect(decodeState(serf.localState(false), utf8('us'))).toEqual({
			memberTime: 21,
			eventTime: 30,
			queryTime: 40,
			statusTime: 20,
			left: false,
		});
	});

	it('announces nothing in a periodic exchange', () => {
		const { serf, broadcasts } = rig();
		serf.remoteState(encodeState(remote, 'other'), false);
		expect(broadcasts).toEqual([]);
	});

	it('contradicts when it is listed as left', () => {
		const { serf, broadcasts } = rig();
		const left = Buffer.from(
			'0286aa4576656e744c54696d6501a64576656e747390a54c54696d6508ab4c6566744d656d6265727391a27573aa51756572794c54696d6501ac5374617475734c54696d657381a2757307',
			'hex',
		);
		serf.remoteState(left, false);
		expect(broadcasts.map(({ body }) => [body[0], decodeIntent(body)])).toEqual([
			[SerfType.join, { time: 9, node: 'us' }],
		]);
	});

	it('contradicts when a later intent is held of it than it has sent', () => {
		const { serf, broadcasts } = rig();
		serf.remoteState(encodeState({ ...remote, statusTime: 5 }, 'us'), true);
		serf.remoteState(encodeState({ ...remote, statusTime: 20 }, 'us'), false);
		expect(broadcasts).toHaveLength(1);
		serf.remoteState(encodeState({ ...remote, memberTime: 23, statusTime: 22 }, 'us'), false);
		expect(broadcasts.map(({ body }) => [body[0], decodeIntent(body).time])).toEqual([
			[SerfType.join, 20],
			[SerfType.join, 23],
		]);
		expect(serf.counters.leavesRefuted).toBe(1);
	});

	it('takes no state for a plain memberlist peer', () => {
		const { serf } = rig();
		serf.remoteState(new Uint8Array(0), true);
		expect(Object.values(serf.counters.ignored).every((count) => count === 0)).toBe(true);
	});
});

describe('queries', () => {
	it('acknowledges and spreads a query, once', () => {
		const { serf, broadcasts, sent } = rig();
		serf.userMessage(query({ name: '_serf_ping' }), undefined);
		serf.userMessage(query({ name: '_serf_ping' }), undefined);
		expect(sent).toEqual([
			{
				to: { host: '10.0.0.9', port: 7_000 },
				body: encodeQueryResponse({ time: 1, id: 42, from: 'us', flags: 1, payload: undefined }),
			},
		]);
		expect(broadcasts).toHaveLength(1);
		expect(decodeState(serf.localState(false), utf8('us')).queryTime).toBe(2);
	});

	it('answers the 16-byte form of an address, does not spread what must not be, and acknowledges only on demand', () => {
		const { serf, broadcasts, sent } = rig();
		const mapped = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 7);
		serf.userMessage(query({ flags: 3, addr: mapped }), undefined);
		serf.userMessage(query({ time: 2, flags: 2 }), undefined);
		expect(sent.map(({ to }) => to)).toEqual([{ host: '10.0.0.7', port: 7_000 }]);
		expect(broadcasts).toEqual([]);
	});

	it('spreads but does not answer what is not for it', () => {
		const { serf, broadcasts, sent } = rig();
		const nodes = (name: string): Uint8Array => Uint8Array.of(0, 0x91, 0xa0 | name.length, ...utf8(name));
		const cases: readonly [filters: readonly Uint8Array[], answers: boolean][] = [
			[[nodes('us')], true],
			[[nodes('other')], false],
			[[nodes('us'), tagFilter('role', '^w')], true],
			[[nodes('us'), tagFilter('role', '^x')], false],
			[[tagFilter('absent', '^$')], true],
			[[tagFilter('toString', 'native')], false],
			[[tagFilter('role', '(?=w)')], false],
			[[Uint8Array.of(7)], false],
			[[new Uint8Array(0)], false],
			[new Array<Uint8Array>(17).fill(nodes('us')), false],
		];
		for (const [index, [filters, answers]] of cases.entries()) {
			const before = sent.length;
			serf.userMessage(query({ time: index + 1, filters }), undefined);
			expect(sent.length - before, `case ${index}`).toBe(answers ? 1 : 0);
		}
		expect(broadcasts).toHaveLength(cases.length);
		expect(serf.counters.ignored['unreadable-filter']).toBe(4);
	});

	it('votes in a name conflict unless it is a party', () => {
		const { serf, sent } = rig();
		const conflict = (time: number, name: string): Uint8Array =>
			query({ time, name: '_serf_conflict', flags: 0, payload: utf8(name) });
		serf.userMessage(conflict(1, 'other'), undefined);
		serf.userMessage(conflict(2, 'us'), undefined);
		serf.userMessage(conflict(3, 'stranger'), undefined);
		const payload = encodeConflictResponse(member('other', { role: 'db' }));
		expect(sent.map(({ body }) => hex(body))).toEqual([
			hex(encodeQueryResponse({ time: 1, id: 42, from: 'us', flags: 0, payload })),
		]);
		expect(serf.counters.votesSent).toBe(1);
	});

	it('sends nothing to an address that is none', () => {
		const { serf, sent } = rig();
		serf.userMessage(query({ addr: Uint8Array.of(1, 2, 3) }), undefined);
		serf.userMessage(query({ time: 2, port: 0 }), undefined);
		expect(sent).toEqual([]);
		expect(serf.counters.ignored['bad-address']).toBe(2);
	});
});

describe('nonsense', () => {
	it('is counted and changes nothing', () => {
		const { serf, broadcasts, sent } = rig();
		const state = hex(serf.localState(false));
		const hugeTime = Buffer.from('0182a54c54696d65cfffffffffffffffffa44e6f6465a178', 'hex');
		const lastTime = Buffer.from('0082a54c54696d65cf001fffffffffffffa44e6f6465a27573', 'hex');
		for (const body of [hugeTime, lastTime, Uint8Array.of(0), Uint8Array.of(4, 0xdf, 255, 255, 255, 255)]) {
			serf.userMessage(body, undefined);
		}
		serf.remoteState(Buffer.from('0281a54c54696d65cfffffffffffffffff', 'hex'), true);
		serf.remoteState(Uint8Array.of(2, 1), true);
		expect(serf.counters.ignored.malformed).toBe(6);
		for (const body of [new Uint8Array(0), Uint8Array.of(2), Uint8Array.of(200), Uint8Array.of(5), Uint8Array.of(9)]) {
			serf.userMessage(body, undefined);
		}
		serf.remoteState(Uint8Array.of(99), true);
		expect(serf.counters.ignored).toMatchObject({ 'unknown-type': 4, 'query-response': 1, relay: 1 });
		expect(broadcasts).toEqual([]);
		expect(sent).toEqual([]);
		expect(hex(serf.localState(false))).toBe(state);
	});

	it('survives the highest time that can be counted', () => {
		const { serf, broadcasts } = rig();
		serf.userMessage(encodeJoin({ time: Number.MAX_SAFE_INTEGER - 1, node: 'x' }), undefined);
		serf.leaving();
		expect(broadcasts).toHaveLength(2);
		expect(serf.localState(true).length).toBeGreaterThan(0);
	});
});
