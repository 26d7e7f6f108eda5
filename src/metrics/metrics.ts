// The Prometheus page: the table of metrics, read from a node's own counters when somebody scrapes.

import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DiscoveryHealth } from '../discovery/index.ts';
import type { StatusSource } from '../status/index.ts';
import type { Distribution, LoopDelay, Metric, Observed } from './metric.ts';
import { METRICS } from './table.ts';

export interface Metrics {
	/** Value of the Content-Type header. */
	readonly contentType: string;
	/** The page in Prometheus' text format 0.0.4. */
	page(): Promise<string>;
	/** Stops listening to the node. */
	close(): void;
}

export interface MetricsOptions {
	readonly discovery?: () => readonly DiscoveryHealth[];
	/** How late the event loop was since the last call. */
	readonly loop?: () => LoopDelay;
}

/** Makes the page of one node, in a registry of its own: several nodes of a process do not disturb each other. */
export function createMetrics(status: StatusSource, { discovery, loop }: MetricsOptions = {}): Metrics {
	const registry = new Registry();
	const ring = fingerprintChanges(status);
	let delay: LoopDelay | undefined;
	const observed: Observed = {
		status,
		get discovery() {
			return discovery?.() ?? [];
		},
		get loop() {
			return delay;
		},
		get fingerprintChanges() {
			return ring.count;
		},
	};
	for (const metric of METRICS) register(registry, metric, observed);
	const page = (): Promise<string> => {
		// Once a scrape, since looking begins a new interval.
		delay = loop?.();
		return registry.metrics();
	};
	return { contentType: registry.contentType, page, close: ring.close };
}

/** Costs a comparison an event; the ring itself keeps no history. */
function fingerprintChanges(status: StatusSource): { readonly count: number; close(): void } {
	let last = status.ring.fingerprint;
	const changes = { count: 0, close: (): void => undefined };
	changes.close = status.onEvent(() => {
		if (status.ring.fingerprint === last) return;
		last = status.ring.fingerprint;
		changes.count++;
	});
	return changes;
}

// The node counts; the page only copies. `reset` first, because a scrape sets totals and adds nothing.
function register(registry: Registry, metric: Metric, observed: Observed): void {
	const { name, help } = metric;
	const shared = { name, help, labelNames: [...metric.labels], registers: [registry] };
	if (metric.type === 'histogram') {
		new CopiedHistogram(shared, () => metric.read(observed));
	} else if (metric.type === 'gauge') {
		new Gauge({
			...shared,
			collect() {
				this.reset();
				for (const { labels, value } of metric.read(observed)) this.set(labels, value);
			},
		});
	} else {
		new Counter({
			...shared,
			collect() {
				this.reset();
				for (const { labels, value } of metric.read(observed)) this.inc(labels, value);
			},
		});
	}
}

type HistogramValues = Awaited<ReturnType<Histogram['get']>>;

/** A histogram that was counted elsewhere: prom-client's own can only observe one value after the other. */
class CopiedHistogram extends Histogram {
	readonly #about: { readonly name: string; readonly help: string };
	readonly #read: () => Distribution;

	constructor(about: ConstructorParameters<typeof Histogram>[0], read: () => Distribution) {
		super(about);
		this.#about = about;
		this.#read = read;
	}

	override async get(): Promise<HistogramValues> {
		const { name, help } = this.#about;
		const { bounds, classes, sum } = this.#read();
		let count = 0;
		const values: { metricName: string; labels: { le?: string | number }; value: number }[] = [];
		for (let i = 0; i < classes.length; i++) {
			count += classes[i] ?? 0;
			values.push({ metricName: `${name}_bucket`, labels: { le: bounds[i] ?? '+Inf' }, value: count });
		}
		values.push({ metricName: `${name}_sum`, labels: {}, value: sum });
		values.push({ metricName: `${name}_count`, labels: {}, value: count });
		return { name, help, type: 'histogram', values, aggregator: 'sum' } as unknown as HistogramValues;
	}

	/** What the registry asks for when it prints the page. */
	getForPromString(): Promise<HistogramValues> {
		return this.get();
	}
}
