// Who was what when: a lane for each member that was ever doubted, filled by the share of views that doubted it.

import type { Life } from '../statistics/subject.ts';
import type { MemberTimeline, Timeline } from '../statistics/timeline.ts';
import { element, type Markup, textAt } from './svg.ts';
import { figure, PLOT_LEFT, PLOT_RIGHT, type TimeAxis, timeGrid, timeLabels } from './time-axis.ts';

const LANE = 18;
const BAR = 12;
const LANES_MAX = 40;

/** Lanes of the worst off, in the order of their names, and how many are not shown. */
export function memberLanes(timeline: Timeline, axis: TimeAxis): Markup {
	const { members } = timeline;
	const shown = [...members]
		.sort((a, b) => severity(b) - severity(a))
		.slice(0, LANES_MAX)
		.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
	if (shown.length === 0) return '<p class="quiet">No view ever doubted a member.</p>';
	const bottom = shown.length * LANE + 4;
	const lanes = shown.map((member, row) => lane(member, timeline, axis, row * LANE + 4));
	const hidden = members.length - shown.length + timeline.moreMembers;
	const more = hidden > 0 ? `<p class="quiet">${hidden} more were suspected for a shorter time.</p>` : '';
	const height = bottom + 18;
	const label = 'State of each doubted member over time';
	return figure(height, label, timeGrid(axis, 0, bottom), ...lanes, timeLabels(axis, bottom + 13)) + more;
}

/** Views × bins in which it was dead, then those in which it was suspect. */
function severity({ dead, suspect, left }: MemberTimeline): number {
	const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
	return sum(dead) * 1_000 + sum(left) * 10 + sum(suspect);
}

function lane(member: MemberTimeline, timeline: Timeline, axis: TimeAxis, top: number): Markup {
	const name = textAt(PLOT_LEFT - 8, top + 10, shortened(member.name), 'name', 'end');
	const lives = member.lives.map((life) => lifeBar(life, axis, top));
	const cells: Markup[] = [];
	for (const run of runs(member, timeline)) {
		const x = axis.bin(run.from);
		const width = axis.bin(run.to) - x;
		let y = top + BAR;
		for (const [state, share] of run.shares) {
			const height = Math.max(share * BAR, 2);
			y -= height;
			cells.push(element('rect', { class: `cell ${state}`, x, y: Math.max(top, y), width, height }));
		}
	}
	return name + lives.join('') + cells.join('');
}

interface Run {
	readonly from: number;
	to: number;
	readonly key: string;
	readonly shares: readonly (readonly [state: 'suspect' | 'dead' | 'left', share: number])[];
}

/** Neighbouring bins of the same look, so that a long death is one shape. */
function runs(member: MemberTimeline, timeline: Timeline): Run[] {
	const found: Run[] = [];
	for (let bin = 0; bin < timeline.bins; bin++) {
		const views = Math.max(1, timeline.running[bin]!);
		const shareOf = (value: number): number => Math.min(1, Math.round((value / views) * BAR) / BAR);
		const shares = (['dead', 'left', 'suspect'] as const)
			.map((state) => [state, shareOf(member[state][bin]!), member[state][bin]!] as const)
			.filter(([state, , raw]) => raw > 0 || (state === 'suspect' && member.suspectPeak[bin]! > 0))
			.map(([state, share]) => [state, share] as const);
		if (shares.length === 0) continue;
		const key = JSON.stringify(shares);
		const last = found.at(-1);
		if (last?.to === bin && last.key === key) last.to = bin + 1;
		else found.push({ from: bin, to: bin + 1, key, shares });
	}
	return found;
}

/** The truth: a line under the lane while the process ran, and how it ended. */
function lifeBar({ from, to, left }: Life, axis: TimeAxis, top: number): Markup {
	const end = Math.min(PLOT_RIGHT, axis.x(to ?? axis.endMs));
	const y = top + BAR + 1.5;
	const bar = element('line', { class: 'life', x1: axis.x(from), x2: end, y1: y, y2: y });
	if (to === undefined) return bar;
	return bar + element('line', { class: left ? 'end goodbye' : 'end', x1: end, x2: end, y1: top - 1, y2: y + 1.5 });
}

function shortened(name: string): string {
	return name.length > 20 ? `${name.slice(0, 19)}…` : name;
}
