// The Prometheus page: the table of metrics, read from a node's own counters when somebody scrapes.

import { Counter, Gauge, Registry } from 'prom-client';
import type { StatusSource } from '../status/index.ts';
import { METRICS, type Metric } from './table.ts';

export interface Metrics {
	/** Value of the Content-Type header. */
	readonly contentType: string;
	/** The page in Prometheus' text format 0.0.4. */
	page(): Promise<string>;
}

/** Makes the page of one node, in a registry of its own: several nodes of a process do not disturb each other. */
export function createMetrics(source: StatusSource): Metrics {
	const registry = new Registry();
	for (const metric of METRICS) register(registry, metric, source);
	return { contentType: registry.contentType, page: () => registry.metrics() };
}

// The node counts; the page only copies. `reset` first, because a scrape sets totals and adds nothing.
function register(registry: Registry, metric: Metric, source: StatusSource): void {
	const { name, help } = metric;
	const shared = { name, help, labelNames: [...metric.labels], registers: [registry] };
	if (metric.type === 'gauge') {
		new Gauge({
			...shared,
			collect() {
				this.reset();
				for (const { labels, value } of metric.read(source)) this.set(labels, value);
			},
		});
	} else {
		new Counter({
			...shared,
			collect() {
				this.reset();
				for (const { labels, value } of metric.read(source)) this.inc(labels, value);
			},
		});
	}
}
