// sim: the same machines under simulated time, network and faults.
export { Cluster, type ClusterOptions, type HostOptions, type Observer } from './cluster.ts';
export { SimHost } from './host.ts';
export { CALM, type LinkRule, type LinkWeather, Network } from './network.ts';
export { RunHash } from './run-hash.ts';
export { type SimTime, TimeQueue } from './time-queue.ts';
export { parseScript, runScript, type Script, type ScriptOptions } from './transcript/script.ts';
export { ScriptError } from './transcript/words.ts';
