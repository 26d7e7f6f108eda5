// sim: the same machines under simulated time, network and faults.
export { CHECKERS, type CheckerKind, type Violation, WEATHER_CLASSES, type WeatherClass } from './checkers/index.ts';
export { Cluster, type ClusterOptions, type HostOptions } from './cluster.ts';
export { drawHistory, type Fault, hostName, hostNames, type Return } from './history.ts';
export { SimHost } from './host.ts';
export { hostStatus } from './host-status.ts';
export {
	caseLine,
	type Failure,
	type HuntClass,
	type HuntOptions,
	type HuntReport,
	hunt,
	hunting,
	reproduction,
} from './hunt.ts';
export { CALM, type LinkRule, type LinkWeather, Network } from './network.ts';
export type { Observer } from './observer.ts';
export { type ReportInput, simReportHtml } from './report/sim-report.ts';
export { type SweepInput, type SweepPoint, sweepReportHtml } from './report/sweep-report.ts';
export { RunHash } from './run-hash.ts';
export { type Shrunk, shrink } from './shrink.ts';
export { drawRun, type SimProgress, type SimReport, type SimulateOptions, simulate, simulation } from './simulate.ts';
export { type Quantiles, quantile } from './statistics/sample.ts';
export type { Timeline } from './statistics/timeline.ts';
export { type RunStatistics, Statistics } from './statistics.ts';
export { type SimSummary, type SummaryRow, simTimeText, summarize } from './summary.ts';
export { type SimTime, TimeQueue } from './time-queue.ts';
export { parseScript, runScript, type Script, type ScriptOptions } from './transcript/script.ts';
export { ScriptError } from './transcript/words.ts';
export { drawWeather, WEATHERS, type Weather, type WeatherName } from './weather.ts';
export { weatherText } from './weather-text.ts';
