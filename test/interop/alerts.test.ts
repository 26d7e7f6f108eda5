// The alerts by Prometheus' own tools: each fires on its fault, none on a rolling restart, and all speak of metrics that exist.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { METRICS } from '../../src/metrics/index.ts';
import { describeWith } from './support/programs.ts';

interface Rule {
	readonly alert: string;
	readonly expr: string;
	readonly annotations: { readonly summary: string; readonly description: string };
}

const folder = fileURLToPath(new URL('../../deploy/prometheus/', import.meta.url));
const rules: readonly Rule[] = parse(readFileSync(`${folder}rules.yml`, 'utf8')).groups[0].rules;
const cases = readFileSync(`${folder}rules.test.yml`, 'utf8');

function promtool(...args: string[]): { status: number | null; said: string } {
	const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
	return { status, said: stdout + stderr };
}

describeWith('promtool', 'alerts', () => {
	it('are rules to Prometheus', () => {
		expect(promtool('check', 'rules', 'rules.yml')).toMatchObject({ status: 0 });
	});

	it('fire on their faults, and stay silent on a rolling restart', () => {
		expect(promtool('test', 'rules', 'rules.test.yml')).toMatchObject({ status: 0 });
	});

	it.each(rules.map((rule) => [rule.alert, rule] as const))('%s has a case in which it fires', (alert) => {
		expect(cases).toContain(`alertname="${alert}"`);
	});

	it.each(rules.map((rule) => [rule.alert, rule] as const))('%s reads metrics and labels that exist', (_, { expr }) => {
		const read = [...expr.matchAll(/(gossip_[a-z_]+)(?:\{([^}]*)\})?/g)];
		const names = read.map(([, name]) => name);
		for (const [, name, selectors = ''] of read) {
			const metric = METRICS.find((each) => each.name === name);
			expect(metric, name).toBeDefined();
			for (const [, label] of selectors.matchAll(/([a-z]+)=/g)) expect(metric?.labels, name).toContain(label);
		}
		expect(names.length).toBeGreaterThan(0);
	});

	it.each(rules.map((rule) => [rule.alert, rule] as const))('%s says what to do next', (_, { annotations }) => {
		expect(annotations.summary).toMatch(/\.$/);
		expect(annotations.description).toMatch(/longbow-mesh [a-z]|raise|does something/);
	});
});
