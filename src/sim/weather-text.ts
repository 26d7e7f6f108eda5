// Weather and history in one line, as people would say them; what is off is not mentioned.

import { durationText } from '../status/index.ts';
import type { Fault } from './history.ts';
import type { Weather } from './weather.ts';

/** `loss 3%, delay 5ms +10ms, 2 partitions, 4 stalls ≤ 9.0s, 6 crashes`. */
export function weatherText(weather: Weather, history: readonly Fault[]): string {
	return [...linkParts(weather), ...hostParts(weather), ...faultParts(history)].join(', ');
}

/** A share with two significant digits: `3%`, `0.25%`. */
export function percent(share: number): string {
	return `${Number((share * 100).toPrecision(2))}%`;
}

function linkParts({ link, badLinks, badLinkLoss, packetlessLinks, streamlessLinks, streams }: Weather): string[] {
	const jitter = link.jitterMs > 0 ? ` +${fineDuration(link.jitterMs)}` : '';
	return [
		link.loss > 0 ? `loss ${percent(link.loss)}` : 'no loss',
		link.burstStart > 0
			? `bursts of ${Math.round(link.burstPackets)} packets with loss ${percent(link.burstLoss)}`
			: '',
		`delay ${fineDuration(link.delayMs)}${jitter}`,
		link.reorder > 0 ? `reordering ${percent(link.reorder)}` : '',
		link.duplication > 0 ? `duplication ${percent(link.duplication)}` : '',
		link.mtuBytes < 65_507 ? `MTU ${Math.round(link.mtuBytes)} bytes` : '',
		badLinks > 0 ? `${percent(badLinks)} of links with loss ${percent(badLinkLoss)}` : '',
		packetlessLinks > 0 ? `${percent(packetlessLinks)} of links without UDP` : '',
		streamlessLinks > 0 ? `${percent(streamlessLinks)} of links without TCP` : '',
		streams ? '' : 'no TCP',
	].filter((part) => part !== '');
}

function hostParts({ clockSkew, foreign }: Weather): string[] {
	return [
		clockSkew > 0 ? `clocks ±${percent(clockSkew)}` : '',
		foreign > 0 ? `${foreign} plain memberlist ${foreign === 1 ? 'node' : 'nodes'}` : '',
	].filter((part) => part !== '');
}

const FAULT_WORDS: readonly (readonly [type: Fault['type'], one: string, many: string])[] = [
	['partition', 'partition', 'partitions'],
	['cut', 'one-way cut', 'one-way cuts'],
	['stall', 'stall', 'stalls'],
	['slow', 'slow process', 'slow processes'],
	['crash', 'crash', 'crashes'],
	['leave', 'goodbye', 'goodbyes'],
	['join', 'burst join', 'burst joins'],
	['tags', 'tag update', 'tag updates'],
];

function faultParts(history: readonly Fault[]): string[] {
	return FAULT_WORDS.flatMap(([type, one, many]) => {
		const faults = history.filter((fault) => fault.type === type);
		if (faults.length === 0) return [];
		const longest = Math.max(0, ...faults.map((fault) => ('forMs' in fault ? fault.forMs : 0)));
		const length = longest > 0 ? ` ≤ ${durationText(longest)}` : '';
		return [`${faults.length} ${faults.length === 1 ? one : many}${length}`];
	});
}

function fineDuration(ms: number): string {
	return ms < 10 ? `${Number(ms.toPrecision(2))}ms` : durationText(ms);
}
