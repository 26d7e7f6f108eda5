import { describe, expect, it } from 'vitest';
import { recordingPen, type Stroke } from '../../../test/support/drawings/recording-pen.ts';
import { tokensOf } from '../../../test/support/drawings/theme-tokens.ts';
import { drawField, fieldHits, fieldText } from './field.ts';
import { aliveTints, type FieldData, type FieldMember } from './field-data.ts';
import { layoutField, type Tier } from './field-layout.ts';
import type { Hit, Size } from './types.ts';

const DESK: Size = { width: 720, height: 235, dpr: 1 };
const tokens = tokensOf('dark');

function member(name: string, changes: Partial<FieldMember> = {}): FieldMember {
	const suspect = changes.state === 'suspect';
	return {
		name,
		state: 'alive',
		self: false,
		rttMs: 0.8,
		share: 0.1,
		leftMs: suspect ? 3_100 : null,
		fuseMs: suspect ? 6_200 : null,
		agoMs: 41_000,
		address: '10.42.0.11:7946',
		incarnation: 217_321_354,
		probes: [0.8, 0.9, null, 0.7],
		...changes,
	};
}

function field(members: readonly (FieldMember | null)[], changes: Partial<FieldData> = {}): FieldData {
	return {
		groups: [{ name: '', members }],
		colourBy: 'state',
		selected: null,
		prefix: 'longbow-',
		stale: false,
		...changes,
	};
}

const crowd = (count: number, special: Record<number, Partial<FieldMember>> = {}): FieldMember[] =>
	Array.from({ length: count }, (_, at) => member(`longbow-${at}`, special[at]));

function drawn(
	data: FieldData,
	size = DESK,
): ReturnType<typeof recordingPen> & { readonly tier: Tier; readonly hits: Hit[] } {
	const recording = recordingPen();
	const layout = layoutField(
		data.groups.map(({ name, members }) => ({ name, places: members.length })),
		size,
	);
	drawField(recording.pen, data, size, tokens, layout);
	const names = data.groups.map(({ members }) => members.map((each) => each?.name ?? null));
	return { ...recording, tier: layout.tier, hits: fieldHits(names, layout) };
}

const last = (strokes: readonly Stroke[], all: readonly Stroke[]): number => all.indexOf(strokes.at(-1) as Stroke);

describe('the members field with words', () => {
	it('says all that a large tile has room for', () => {
		const { texts, tier } = drawn(field([member('longbow-00'), member('longbow-02', { state: 'suspect' })]));
		expect(tier).toBe('big');
		expect(texts()).toEqual([
			'longbow-00',
			'0.8 ms',
			'10.42.0.11:7946',
			'incarnation 217321354',
			'owns 10.0 % of keys',
			'longbow-02',
			'3.1 s left',
			'10.42.0.11:7946',
			'incarnation 217321354',
			'owns 10.0 % of keys',
		]);
	});

	it('leaves out of a narrow tile what would be cut', () => {
		const { texts } = drawn(field([member('longbow-00')]), { width: 160, height: 235, dpr: 1 });
		expect(texts()).toEqual(['longbow-00', '0.8 ms', '10.42.0.11:7946', 'owns 10.0 % of keys']);
	});

	it('says short names and what matters of each state on a card', () => {
		const states = { 1: { state: 'suspect' }, 2: { state: 'dead' }, 3: { state: 'left' }, 4: { self: true } } as const;
		const { texts, tier } = drawn(field(crowd(12, states)));
		expect(tier).toBe('card');
		expect(texts().slice(0, 10)).toEqual('0,0.8 ms,1,3.1 s left,2,41 s ago,3,41 s ago,4,this node'.split(','));
	});

	it('counts nothing down without news', () => {
		const { texts } = drawn(field(crowd(12, { 1: { state: 'suspect' }, 2: { state: 'dead' } }), { stale: true }));
		expect(texts().slice(2, 6)).toEqual(['1', 'suspect then', '2', 'dead']);
	});

	it('burns the fuse of a suspicion down to what is left of it', () => {
		const { inColour, hits } = drawn(field(crowd(12, { 1: { state: 'suspect' } })));
		const box = hits[1];
		const fuse = inColour(tokens.onSuspect).find(({ call, args }) => call === 'fillRect' && args[3] === 4);
		expect(fuse?.args[2]).toBeCloseTo((box?.width ?? 0) / 2, 5);
	});

	it('marks the node whose view it is, and nobody else', () => {
		const corner = (data: FieldData): number =>
			drawn(data)
				.inColour(tokens.ink)
				.filter(({ call, path }) => call === 'fill' && path.length === 4).length;
		expect(corner(field(crowd(12, { 4: { self: true } })))).toBe(1);
		expect(corner(field(crowd(12)))).toBe(0);
	});

	it('keeps a place free for who is forgotten', () => {
		const { hits, inColour } = drawn(field([...crowd(7), null, member('longbow-8')]));
		expect(hits).toHaveLength(8);
		expect(inColour(tokens.line).some(({ call }) => call === 'strokeRect')).toBe(true);
	});
});

describe('the members field of small cells', () => {
	const special = { 5: { state: 'suspect' }, 90: { state: 'dead' }, 91: { state: 'left' } } as const;

	it.each([300, 3_000])('draws who is not alive after all the others, at %i members', (count) => {
		const { strokes, inColour } = drawn(field(crowd(count, special)));
		const tints = aliveTints(tokens, 'state');
		const lastAlive = last(
			strokes.filter(({ colour, call }) => call === 'fillRect' && tints.includes(colour)),
			strokes,
		);
		for (const colour of [tokens.suspect, tokens.dead, tokens.left]) {
			expect(inColour(colour).length).toBeGreaterThan(0);
			for (const stroke of inColour(colour)) expect(strokes.indexOf(stroke)).toBeGreaterThan(lastAlive);
		}
	});

	it('draws them 2 px larger to each side where cells are tiny, with a gap around', () => {
		const { inColour, hits, tier } = drawn(field(crowd(3_000, special)));
		expect(tier).toBe('pixel');
		const box = hits[5];
		const [x, , width] = (inColour(tokens.suspect)[0] as Stroke).args as number[];
		expect(x).toBe((box?.x ?? 0) - 2);
		expect(width).toBe((box?.width ?? 0) + 4);
		const gap = inColour(tokens.panel).find(({ args }) => args[0] === (x as number) - 1);
		expect(gap?.args[2]).toBe((width as number) + 2);
	});

	it('outlines the selected one last of all, with a gap', () => {
		const { strokes, inColour } = drawn(field(crowd(300), { selected: 'longbow-77' }));
		const outline = inColour(tokens.ink);
		expect(outline).toHaveLength(1);
		expect(outline[0]).toMatchObject({ call: 'strokeRect', lineWidth: 2 });
		expect(strokes.at(-1)).toBe(outline[0]);
	});

	it('tints by round trip, by share, and leaves states their shapes in each mode', () => {
		const slow = crowd(300, { ...special, 7: { rttMs: 60 } });
		for (const colourBy of ['state', 'rtt', 'share'] as const) {
			const { inColour, strokes, hits } = drawn(field(slow, { colourBy }));
			expect(inColour(tokens.suspect).length).toBeGreaterThan(0);
			expect(inColour(tokens.dead).length).toBeGreaterThan(0);
			const tints = aliveTints(tokens, colourBy);
			const cell = strokes.find(({ args }) => args[0] === hits[7]?.x && args[1] === hits[7]?.y);
			if (colourBy !== 'share') expect(tints.indexOf(cell?.colour ?? '')).toBeGreaterThan(tints.length / 2);
		}
	});
});

describe('each state without its colour (UX row 17)', () => {
	/** What a state looks like when every colour is the same: calls, dashes and the numbers of lines and arcs. */
	function shapeOf(count: number, state: FieldMember['state']): string {
		const at = 5;
		const { strokes, hits } = drawn(field(crowd(count, { [at]: { state, probes: [], rttMs: null, agoMs: null } })));
		const plain = drawn(field(crowd(count, { [at]: { probes: [], rttMs: null } })));
		const box = hits[at];
		const within = ({ args, path }: Stroke): boolean => {
			const [x, y] = path.find(([call]) => call === 'arc' || call === 'moveTo')?.slice(1) ?? args;
			if (!box || typeof x !== 'number' || typeof y !== 'number') return false;
			return x > box.x - 4 && x < box.x + box.width + 3 && y > box.y - 4 && y < box.y + box.height + 3;
		};
		const look = (all: readonly Stroke[]): string =>
			all
				.filter(within)
				.filter(({ call }) => call !== 'fillText')
				.map(
					({ call, dash, path }) =>
						`${call}${dash.length > 0 ? ' dashed' : ''} ${path.map(([part]) => part).join(' ')}`,
				)
				.join('; ');
		return state === 'alive' ? look(plain.strokes) : look(strokes);
	}

	it.each([
		['big', 4],
		['card', 12],
		['chip', 70],
		['cell', 300],
		['pixel', 3_000],
	] as const)('is told by its shape on a %s', (tier, count) => {
		const few = tier === 'big' ? 6 : count;
		const shapes = (['alive', 'suspect', 'dead', 'left'] as const).map((state) => shapeOf(few, state));
		expect(new Set(shapes).size).toBe(4);
	});
});

describe('the field in words', () => {
	it('counts, then names who is not alive', () => {
		const members = crowd(24, { 17: { state: 'suspect' }, 9: { state: 'dead' } });
		expect(fieldText(field(members))).toBe(
			'24 members: 22 alive, 1 suspect, 1 dead. Not alive: longbow-9 dead, longbow-17 suspect.',
		);
		expect(fieldText(field(crowd(1)))).toBe('1 member: 1 alive.');
	});
});

describe('what all views hold', () => {
	it('divides the box of a member about which they differ', () => {
		const views = [
			{ state: 'alive', share: 0.75 },
			{ state: 'suspect', share: 0.25 },
		] as const;
		const { inColour, texts, hits } = drawn(field(crowd(12, { 3: { views } })));
		const box = hits[3];
		const part = inColour(tokens.suspect).find(({ call, args }) => call === 'fillRect' && Number(args[2]) > 6);
		expect(part?.args[2]).toBeCloseTo((box?.width ?? 0) / 4, 5);
		expect(Number(part?.args[1])).toBeGreaterThan((box?.y ?? 0) + 40);
		expect(texts()).toContain('25 % suspect');
		expect(fieldText(field(crowd(12, { 3: { views } })))).toBe('12 members: 12 alive. Views differ about longbow-3.');
	});
});
