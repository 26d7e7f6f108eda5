// docs/metrics.md is made of the table of metrics; `npx vitest run test/golden/metrics-page.test.ts -u` writes it anew.

import { expect, it } from 'vitest';
import { METRICS } from '../../src/metrics/index.ts';

const HEAD = `# Metrics

What \`http://<node>:9090/metrics\` shows, in Prometheus' text format. Every series is there from the start, at 0, those of discovery for each provider that is configured. Labels have few values, none of them from the network.
The first three of the seed are \`gossip_active_members\`, \`gossip_pings_total\` and \`gossip_member_state_changes_total\`.

| metric | type | labels | what it is |
|---|---|---|---|
`;

const TAIL = `
[\`deploy/grafana/longbow-mesh.json\`](../deploy/grafana/longbow-mesh.json) shows them on one board, from what is wrong to what it costs; [\`deploy/prometheus/rules.yml\`](../deploy/prometheus/rules.yml) has the alerts.

## Questions and the query that answers them

| question | query |
|---|---|
| Who is not there? | \`gossip_members{state=~"suspect\\|dead"}\` |
| Do all see the same? | \`count(count by (value) (count_values("value", gossip_active_members)))\`, \`gossip_views{verdict="differ"}\` |
| How slow is the network? | \`histogram_quantile(0.99, rate(gossip_probe_rtt_seconds_bucket[5m]))\` |
| Is my \`ackTimeout\` too short? | \`rate(gossip_probe_answers_total{answer="late"}[5m]) / rate(gossip_probes_total[5m])\` |
| How many suspicions were wrong? | \`rate(gossip_member_state_changes_total{from="suspect",to="alive"}[10m])\` |
| Is a node slow itself? | \`gossip_health_score\`, \`gossip_event_loop_delay_seconds{stat="max"}\`, \`rate(gossip_stalls_total[5m])\` |
| What does gossip cost? | \`sum by (type) (rate(gossip_packet_bytes_total{direction="sent"}[1m]))\` |
| Does somebody else's cluster knock? | \`rate(gossip_rejected_total{reason=~"bad-label\\|cannot-decrypt"}[5m])\` |
| Is UDP blocked between some? | \`gossip_members_by_path{path="stream"}\` |
| Does news pile up? | \`gossip_queue_depth\`, \`gossip_queue_oldest_seconds\` |
| How long does news take to reach all? | \`histogram_quantile(0.99, sum by (le) (rate(gossip_propagation_seconds_bucket[1h])))\` |
| Which node accuses many? | \`topk(3, increase(gossip_accusations_total[10m]))\` |
`;

it('seed 29: docs/metrics.md tells every metric', async () => {
	const rows = METRICS.map(({ name, type, labels, help }) => {
		const names = labels.map((label) => `\`${label}\``).join(' ');
		return `| \`${name}\` | ${type} | ${names} | ${help} |`;
	});
	await expect(`${HEAD}${rows.join('\n')}\n${TAIL}`).toMatchFileSnapshot('../../docs/metrics.md');
});
