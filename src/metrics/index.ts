// metrics: the Prometheus page of a node.
export type { LoopDelay } from './metric.ts';
export { createMetrics, type Metrics, type MetricsOptions } from './metrics.ts';
export { METRICS } from './table.ts';
