// metrics: the Prometheus view of a node.
export { createMetrics } from './metrics.ts';
export { METRICS } from './table.ts';
