// Jobs that run on exactly one member each, without a leader: a job belongs to the owner of its name.
//
//   npm run example -- scheduler

import { setTimeout as wait } from 'node:timers/promises';
import { createMesh, type Mesh } from 'longbow-mesh';

interface Run {
	readonly job: string;
	readonly by: string;
	readonly tick: number;
}

/** Asks at every tick who owns a job, and never holds a lease: when ownership moves, the next tick runs elsewhere. */
class Scheduler {
	readonly #mesh: Mesh;
	readonly #timer: NodeJS.Timeout;

	constructor(mesh: Mesh, jobs: readonly string[], everyMs: number, run: (run: Run) => void) {
		this.#mesh = mesh;
		this.#timer = setInterval(() => {
			const tick = Math.floor(Date.now() / everyMs);
			for (const job of jobs) if (this.owns(job)) run({ job, by: mesh.name, tick });
		}, everyMs);
	}

	owns(job: string): boolean {
		// A node that has seen nobody else owns everything: on one side of a partition that is right, at a start it is too soon.
		return this.#mesh.ring.size > 1 && this.#mesh.ring.owner(job) === this.#mesh.name;
	}

	stop(): void {
		clearInterval(this.#timer);
	}
}

// Two members whose views differ for a moment (a newcomer is known to one of them) may both think that they own a job, and
// two sides of a partition do for as long as it lasts. Gossip converges, it does not agree: a job that must never run
// twice takes a lock in a database as well, and finds it free nearly always.

const JOBS = ['backup', 'invoices', 'mail', 'reports', 'sync', 'thumbnails'];
const EVERY_MS = 50;
// Short times, so that the example ends soon. With the defaults a job moves about 5.5 s after its owner's crash.
const TIMES = { protocolPeriodMs: 100, ackTimeoutMs: 50, suspicionTimeoutMs: 1_000 };

const meshes: Mesh[] = [];
for (const name of ['node-1', 'node-2', 'node-3', 'node-4']) {
	const seeds = meshes.slice(0, 1).map(({ address }) => `${address.host}:${address.port}`);
	meshes.push(await createMesh({ name, seeds, bindHost: '127.0.0.1', port: 0, ...TIMES }));
}
while (meshes.some(({ ring }) => ring.size < meshes.length)) await wait(20);

const runs: Run[] = [];
const schedulers = meshes.map((mesh) => new Scheduler(mesh, JOBS, EVERY_MS, (run) => runs.push(run)));
const runnersOf = (job: string): string[] => [...new Set(runs.filter((run) => run.job === job).map(({ by }) => by))];
while (JOBS.some((job) => runnersOf(job).length === 0)) await wait(20);
for (const job of JOBS) console.log(`${job} runs on ${runnersOf(job).join(' and ')}`);

// The owner of the first job ends without a word, as a process does that is killed.
const [job = ''] = JOBS;
const [victim] = runnersOf(job);
const index = meshes.findIndex(({ name }) => name === victim);
schedulers[index]?.stop();
await meshes[index]?.close();
const diedAt = Date.now();
console.log(`${victim} dies`);
runs.length = 0;
while (runnersOf(job).length === 0) await wait(20);
console.log(`${job} runs on ${runnersOf(job)[0]}, ${((Date.now() - diedAt) / 1_000).toFixed(1)} s later`);

for (const scheduler of schedulers) scheduler.stop();
await Promise.all(meshes.map((mesh) => mesh.close()));
const twice = runs.filter((run) => runs.some((other) => other.job === run.job && other.by !== run.by));
console.log(`since then ${runs.length} runs, ${twice.length} of them of a job that ran on two members`);
