// metrics: the Prometheus view of a node.
export { createMetrics, type Metrics } from './metrics.ts';
export { METRICS, type Metric, type Sample } from './table.ts';
