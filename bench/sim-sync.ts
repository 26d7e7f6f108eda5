// Claim: a round of anti-entropy costs under 200 bytes while views agree, at any size, and the difference otherwise; `--plot docs/anti-entropy.svg` draws it.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { agreeingRound, type Difference, differingRound } from './support/exchange.ts';
import { type Curve, plotSvg } from './support/plot.ts';
import { Report } from './support/report.ts';

type Kind = Omit<Difference, 'members'> & { readonly label: string };

/** Those between which all others lie. */
const KINDS: readonly Kind[] = [
	{ newer: 'asked', what: 'unknown', label: 'the asked one knows more members' },
	{ newer: 'asked', what: 'changed', label: 'the asked one knows newer tags' },
	{ newer: 'asker', what: 'changed', label: 'the asker knows newer tags' },
];
const AGREEING = [10, 100, 1_000, 10_000];
const DIFFERING = [100, 1_000];
/** Parts of all members that differ. */
const PARTS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98];

const { values } = parseArgs({
	options: { plot: { type: 'string' }, json: { type: 'boolean', default: false } },
});
const report = new Report(
	'Two members compare their views: all UDP payload of a round, both ways. Under 200 bytes when the views agree, at any size; else a request and what differs.',
	values.json,
);
for (const members of AGREEING) report.add({ members, differ: 0, what: 'views agree', total: agreeingRound(members) });
for (const members of DIFFERING) for (const kind of KINDS) tabulate(members, kind);
report.print();
if (values.plot) writeFileSync(values.plot, plot());

function differences(members: number): number[] {
	return [...new Set([1, ...PARTS.map((part) => Math.round(part * members))])];
}

function tabulate(members: number, { label, ...kind }: Kind): void {
	for (const differ of differences(members)) {
		const { digests, buckets, pages, handedBack, total, exchanges } = differingRound(members, {
			...kind,
			members: differ,
		});
		const each = Math.round((total - digests - buckets) / differ);
		const planes = { digests, buckets, pages, 'handed back': handedBack, total };
		report.add({ members, differ, what: label, ...planes, 'bytes a member': each, exchanges });
	}
}

function plot(): string {
	const panels = DIFFERING.map((members) => ({
		title: `Of ${members.toLocaleString('en')} members`,
		yTitle: 'bytes of the round, both ways',
		curves: KINDS.map(
			({ label, ...kind }): Curve => ({
				label,
				points: [
					[0, agreeingRound(members)],
					...differences(members).map((differ): [number, number] => [
						differ,
						differingRound(members, { ...kind, members: differ }).total,
					]),
				],
			}),
		),
	}));
	return plotSvg({ xTitle: 'members about whom the views differ', panels });
}
