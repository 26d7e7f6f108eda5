// Metrics of discovery: what each provider found and how often it failed.

import type { Metric } from './metric.ts';

export const DISCOVERY_METRICS: readonly Metric[] = [
	{
		name: 'gossip_discovery_addresses',
		type: 'gauge',
		help: 'Addresses in the last good answer of each provider.',
		labels: ['provider'],
		read: ({ discovery }) =>
			discovery.map(({ provider, addresses }) => ({ labels: { provider }, value: addresses.length })),
	},
	{
		name: 'gossip_discovery_errors_total',
		type: 'counter',
		help: 'Questions to each provider that failed; the last good answer stands.',
		labels: ['provider'],
		read: ({ discovery }) => discovery.map(({ provider, errors }) => ({ labels: { provider }, value: errors })),
	},
];
