// The Grafana board asks only for what the page of a node has: each metric, each label, each value of a label.

import { describe, expect, it } from 'vitest';
import { createMetrics, METRICS } from '../../src/metrics/index.ts';
import { BOARD, boardExpressions } from '../support/grafana.ts';
import { testSource } from '../support/status-source.ts';

/** Labels that Prometheus adds, and the one of a histogram's buckets. */
const OF_PROMETHEUS = ['job', 'instance'];

interface Selector {
	readonly metric: string;
	readonly matchers: readonly { readonly label: string; readonly value: string; readonly equal: boolean }[];
}

function selectors(expression: string): Selector[] {
	return [...expression.matchAll(/\b(gossip_\w+)(?:\{([^}]*)\})?/g)].map(([, metric = '', inside = '']) => ({
		metric,
		matchers: [...inside.matchAll(/(\w+)(=~|!=|!~|=)"([^"]*)"/g)].map(([, label = '', sign, value = '']) => ({
			label,
			value,
			equal: sign === '=',
		})),
	}));
}

function metricOf(series: string): (typeof METRICS)[number] | undefined {
	return METRICS.find(({ name, type }) =>
		type === 'histogram' ? new RegExp(`^${name}_(bucket|sum|count)$`).test(series) : name === series,
	);
}

function labelsOf(series: string): readonly string[] {
	return [...(metricOf(series)?.labels ?? []), ...(series.endsWith('_bucket') ? ['le'] : []), ...OF_PROMETHEUS];
}

const expressions = boardExpressions();

describe('deploy/grafana/longbow-mesh.json', () => {
	it('asks for metrics and labels that exist', async () => {
		const page = await createMetrics(testSource(), { loop: () => ({ p99Ms: 1, maxMs: 2 }) }).page();
		expect(expressions.length).toBeGreaterThan(20);
		for (const expression of expressions) {
			const found = selectors(expression);
			expect(found.length, expression).toBeGreaterThan(0);
			for (const { metric, matchers } of found) {
				expect(metricOf(metric), `${metric} in ${expression}`).toBeDefined();
				for (const { label, value, equal } of matchers) {
					expect(labelsOf(metric), `${metric}{${label}} in ${expression}`).toContain(label);
					if (equal) expect(page, `${label}="${value}" in ${expression}`).toMatch(seriesWith(metric, label, value));
				}
			}
		}
	});

	it('groups only by labels that what it groups has', () => {
		for (const expression of expressions) {
			const labels = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
			const known = selectors(expression).flatMap(({ metric }) => labelsOf(metric));
			// `count_values` makes its own.
			const made = [...expression.matchAll(/count_values\("(\w+)"/g)].map(([, label]) => label);
			for (const label of labels) expect([...known, ...made], expression).toContain(label);
		}
	});

	it('shows in its legends only labels that are left', () => {
		for (const { targets } of BOARD.panels) {
			for (const { expr, legendFormat } of targets) {
				for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
					expect(selectors(expr).flatMap(({ metric }) => labelsOf(metric))).toContain(label);
					if (/^(sum|max|min)/.test(expr)) expect(expr).toMatch(new RegExp(`by \\([^)]*\\b${label}\\b`));
				}
			}
		}
	});

	it('shows every metric that an alert or the docs call a question, in panels that do not overlap', () => {
		const cells = new Set<string>();
		for (const { title, description, gridPos } of BOARD.panels) {
			expect(description, title).toMatch(/\.$/);
			for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
				for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
					expect(cells.has(`${x},${y}`), title).toBe(false);
					cells.add(`${x},${y}`);
				}
			}
			expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
		}
		const shown = new Set(expressions.flatMap((each) => selectors(each).map(({ metric }) => metricOf(metric)?.name)));
		const hidden = METRICS.map(({ name }) => name).filter((name) => !shown.has(name));
		expect(hidden).toEqual([
			'gossip_pings_total',
			'gossip_packets_total',
			'gossip_streams_total',
			'gossip_stream_bytes_total',
			'gossip_updates_total',
			'gossip_digests_compared_total',
		]);
	});
});

function seriesWith(metric: string, label: string, value: string): RegExp {
	return new RegExp(`^${metric}\\{[^}]*\\b${label}="${value}"`, 'm');
}
