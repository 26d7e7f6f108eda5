// metrics: the Prometheus page of a node.
export type { LoopDelay } from './metric.ts';
export { createMetrics } from './metrics.ts';
export { METRICS } from './table.ts';
