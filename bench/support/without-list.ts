// The parts that keep healthy members from being declared dead, each with the edits that take it out.

import type { Edit } from './without.ts';

export type PartName = 'awareness' | 'dynamic suspicion' | 'buddy' | 'X4' | 'repetition' | 'X8' | 'X9' | 'X15' | 'X16';

export interface Part {
	readonly name: PartName;
	/** What is there instead. */
	readonly instead: string;
	readonly edits: readonly Edit[];
}

/** Lifeguard's three (§IV-A to §IV-C), and six rules of our own; docs/lifeguard.md says what each is for. */
export const PARTS: readonly Part[] = [
	{
		name: 'awareness',
		instead: 'a node never doubts itself: every probe window is one period',
		edits: [
			{
				file: 'swim/awareness.ts',
				find: 'this.#score = Math.min(this.#max - 1, Math.max(0, this.#score + delta));',
				replace: '',
			},
		],
	},
	{
		name: 'dynamic suspicion',
		instead: 'every suspicion waits for the timeout of a confirmed one, and nobody confirms',
		edits: [
			{
				file: 'swim/suspicion.ts',
				find: 'return liveMembers < 4 ? 0 : Math.min(2, liveMembers - 2);',
				replace: 'return 0;',
			},
		],
	},
	{
		name: 'buddy',
		instead: 'a suspect hears of its suspicion from gossip alone',
		edits: [
			{
				file: 'swim/probe.ts',
				find: 'const suspect = node.table.state(slot) === State.suspect;',
				replace: 'const suspect = false;',
			},
		],
	},
	{
		name: 'X4',
		instead: 'anybody may accuse: suspects, the dead and strangers',
		edits: [
			{
				file: 'swim/membership.ts',
				find: '(accuser === NO_SLOT || !node.isAlive(accuser))',
				replace: 'false',
			},
		],
	},
	{
		name: 'repetition',
		instead: 'an accusation is said once, even if its accuser was itself suspected and nobody believed it',
		edits: [
			{ file: 'swim/membership.ts', find: 'this.#view.renewAccusations();', replace: '' },
			{ file: 'swim/view.ts', find: 'if (this.#isLeftToUs(suspicion)) this.onRemind?.(slot);', replace: '' },
		],
	},
	{
		name: 'X8',
		instead: 'a helper nacks after the whole ack timeout, and every nack is expected',
		edits: [
			{ file: 'swim/relay.ts', find: 'const NACK_AFTER = 0.8;', replace: 'const NACK_AFTER = 1;' },
			{ file: 'swim/probe.ts', find: 'if (nack && this.#nackCounts(helper, probe))', replace: 'if (nack)' },
		],
	},
	{
		name: 'X9',
		instead: 'late timers are served first and as if they were in time; then what has arrived is read',
		edits: [
			{
				file: 'swim/memberlist.ts',
				find: 'if (lateMs <= node.config.protocolPeriodMs) return;',
				replace: 'return;',
			},
			{
				file: 'sim/cluster.ts',
				find: 'while (host.inbox.length > 0 && host.busyUntil <= this.now && host.up)',
				replace: `if (host.clock(this.now) >= host.machine.deadline) this.#step(host, { type: 'timeout' });
		while (host.inbox.length > 0 && host.busyUntil <= this.now && host.up)`,
			},
		],
	},
	{
		name: 'X15',
		instead: 'one ping a probe, then helpers',
		edits: [{ file: 'swim/probe.ts', find: 'if (this.#isStill(probe)) this.#pingAgain(probe);', replace: '' }],
	},
	{
		name: 'X16',
		instead: 'a suspicion that runs out is a death, whoever has missed the refutation',
		edits: [
			{
				file: 'swim/view.ts',
				find: 'if (this.#suspicions.size <= SUSPECTS_ASKED) this.onRemind?.(slot);',
				replace: '',
			},
		],
	},
];

/** A cluster with some parts taken out. */
export interface Variant {
	readonly name: string;
	readonly without: readonly Part[];
}

/** Everything on, each part off, everything off. */
export const VARIANTS: readonly Variant[] = [
	{ name: 'all on', without: [] },
	...PARTS.map((part) => ({ name: `without ${part.name}`, without: [part] })),
	{ name: 'plain', without: PARTS },
];

export function editsOf({ without }: Variant): readonly Edit[] {
	return without.flatMap(({ edits }) => edits);
}
