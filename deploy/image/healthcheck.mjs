// Whether the agent in this container runs: asks its /healthz, wherever LONGBOW_METRICS_ADDR has put it.

const [, host = '', port = '9090'] = /^(.*):(\d+)$/.exec(process.env.LONGBOW_METRICS_ADDR?.trim() ?? '') ?? [];
const everywhere = { '': '127.0.0.1', '0.0.0.0': '127.0.0.1', '[::]': '[::1]' };

try {
	const response = await fetch(`http://${everywhere[host] ?? host}:${port}/healthz`, {
		signal: AbortSignal.timeout(2_500),
	});
	if (!response.ok) throw new Error(`/healthz answers ${response.status}`);
} catch (error) {
	console.error(String(error.cause ?? error));
	process.exitCode = 1;
}
