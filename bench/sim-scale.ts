// Load, detection and memory by cluster size: what a node sends at rest, and how soon a crash is suspected.
import { Cluster } from '../src/sim/index.ts';

const sizes = (process.argv[2] ?? '10,100').split(',').map(Number);
const crashes = Number(process.argv[3] ?? 5);
const PERIOD_MS = 200;
const ACK_TIMEOUT_MS = 100;
/** SWIM §5: e / (e - 1) periods until somebody probes the crashed member; then the verdict at the end of that period. */
const EXPECTED_MS = (Math.E / (Math.E - 1)) * PERIOD_MS;

console.log(
	`machine: Node ${process.version}; the seed's timing, ${PERIOD_MS} ms and ${ACK_TIMEOUT_MS} ms; packets alone\n`,
);
for (const nodes of sizes) measure(nodes);

function measure(nodes: number): void {
	const started = performance.now();
	const cluster = new Cluster({ seed: 1, host: { streams: false } });
	let bytes = 0;
	const suspicion: { of: string; at: number }[] = [];
	cluster.observe({
		packet: (_from, _to, packet) => {
			bytes += packet.length;
		},
		event: (_host, event, at) => {
			if (event.type !== 'state') return;
			if (event.to === 'suspect' && !cluster.hosts.has(event.member.name))
				suspicion.push({ of: event.member.name, at });
		},
	});
	// They have known each other for long: joining is measured by sim-join.
	const hosts = cluster.addAcquainted(Array.from({ length: nodes }, (_, i) => `n${i}`));
	cluster.run(10_000);

	const [packetsBefore, bytesBefore, quietAt] = [cluster.packets, bytes, cluster.now];
	cluster.run(20_000);
	const seconds = (cluster.now - quietAt) / 1000;
	const packetsPerS = (cluster.packets - packetsBefore) / nodes / seconds;
	const bytesPerS = (bytes - bytesBefore) / nodes / seconds;

	const delays: number[] = [];
	for (let i = 0; i < crashes && nodes - i > 5; i++) {
		const victim = hosts[nodes - 1 - i]!;
		const at = cluster.now;
		cluster.kill(victim);
		cluster.runUntil(() => suspicion.some((seen) => seen.of === victim.name), 120_000);
		delays.push(suspicion.find((seen) => seen.of === victim.name)!.at - at);
		cluster.run(1_000 + 37 * i);
	}
	delays.sort((a, b) => a - b);
	const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
	(globalThis as { gc?: () => void }).gc?.();
	const memory = process.memoryUsage();
	console.log(
		`${nodes} nodes: at rest ${packetsPerS.toFixed(2)} packets/s and ${bytesPerS.toFixed(0)} B/s a node; ` +
			`first suspicion mean ${mean.toFixed(0)} ms, ${((mean - PERIOD_MS) / EXPECTED_MS).toFixed(2)} of the expectation ${EXPECTED_MS.toFixed(0)} ms + one period, ` +
			`worst ${delays.at(-1)?.toFixed(0)} ms (bound ${(2 * nodes - 1) * PERIOD_MS} ms); ` +
			`${((memory.heapUsed + memory.arrayBuffers) / nodes / nodes).toFixed(0)} bytes a view of a member; ${((performance.now() - started) / 1000).toFixed(1)} s of computing`,
	);
}
