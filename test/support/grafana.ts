// The Grafana board as tests read it: every expression that it sends to Prometheus, its variables filled in.

import { readFileSync } from 'node:fs';

interface Board {
	readonly panels: readonly {
		readonly title: string;
		readonly description: string;
		readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
		readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
	}[];
	readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
}

export const BOARD: Board = JSON.parse(
	readFileSync(new URL('../../deploy/grafana/longbow-mesh.json', import.meta.url), 'utf8'),
);

/** As Grafana would send them for all jobs and a scrape interval of 15 s. */
export function boardExpressions(): string[] {
	return BOARD.panels.flatMap(({ targets }) =>
		targets.map(({ expr }) => expr.replaceAll('$job', '.+').replaceAll('$__rate_interval', '1m')),
	);
}
