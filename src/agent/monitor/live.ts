// The live view: follows an agent, draws frames when something is new, and does what keys ask for.

import type { LiveDocument } from '../../flight/index.ts';
import type { WhyDocument } from '../../status/index.ts';
import type { AgentClient } from '../cli/client.ts';
import type { Invocation } from '../cli/command.ts';
import { doctorLines, doctorSummary } from '../cli/doctor-lines.ts';
import { CliError, failureLines } from '../cli/errors.ts';
import { interruptible } from '../cli/signals.ts';
import { Terminal } from '../cli/terminal.ts';
import { whyLines } from '../cli/why-lines.ts';
import type { DoctorReport } from '../doctor/report.ts';
import { feed } from './feed.ts';
import { frame } from './frame.ts';
import { Screen } from './screen.ts';
import { type Effect, firstState, heard, type MonitorState, press } from './state.ts';

/** No more than four frames a second. */
const FRAME_MS = 250;
/** While nothing but the clock moves. */
const CLOCK_MS = 1_000;

/** Until a key, Ctrl-C or SIGTERM ends it; resolves to the exit code. `examiner` waits as long as a doctor may take. */
export async function watchLive(
	{ terminal, env }: Invocation,
	client: AgentClient,
	examiner: AgentClient,
): Promise<number> {
	return interruptible(async (signal) => {
		const stop = new AbortController();
		signal.addEventListener('abort', () => stop.abort(), { once: true });
		const view = new LiveMonitor(terminal, plainTerminal(terminal, env), { client, examiner, stop });
		try {
			await feed<LiveDocument>(client, 'MeshLive', () => ({}), view, stop.signal);
		} finally {
			view.close();
		}
		return 0;
	});
}

/** Texts of other commands, without colours: a frame cuts and dims them. */
function plainTerminal({ utc, ascii }: Terminal, env: Invocation['env']): Terminal {
	const sink = { write: () => true };
	return new Terminal({ env, stdout: sink, stderr: sink, color: 'never', utc, ascii });
}

interface Surroundings {
	readonly client: AgentClient;
	readonly examiner: AgentClient;
	readonly stop: AbortController;
}

class LiveMonitor {
	readonly #terminal: Terminal;
	readonly #plain: Terminal;
	readonly #surroundings: Surroundings;
	#screen: Screen | undefined;
	#state: MonitorState | undefined;
	#timer: NodeJS.Timeout | undefined;
	#drawnAt = Number.NEGATIVE_INFINITY;

	constructor(terminal: Terminal, plain: Terminal, surroundings: Surroundings) {
		this.#terminal = terminal;
		this.#plain = plain;
		this.#surroundings = surroundings;
	}

	readonly take = (document: LiveDocument): void => {
		const now = Date.now();
		if (this.#state) this.#state = heard(this.#state, document, now);
		else if ('snapshot' in document) this.#state = firstState(document.snapshot, now);
		// The terminal is taken over only when there is something to show.
		this.#screen ??= new Screen(this.#terminal, {
			press: (key) => this.#press(key),
			resized: () => this.#due(0),
		});
		this.#due(0);
	};

	readonly lost = (): void => {
		if (this.#state) this.#state = { ...this.#state, lost: true };
		this.#due(0);
	};

	close(): void {
		clearTimeout(this.#timer);
		this.#screen?.close();
	}

	#press(key: string): void {
		if (!this.#state) return;
		const { state, effect } = press(this.#state, key, Date.now());
		this.#state = state;
		if (effect) this.#do(effect);
		this.#due(0);
	}

	#do(effect: Effect): void {
		switch (effect.type) {
			case 'quit':
				this.#surroundings.stop.abort();
				return;
			case 'why':
				void this.#answer(effect.member, async () =>
					whyLines(
						await this.#surroundings.client.call<WhyDocument>('MeshWhy', { member: effect.member }),
						this.#plain,
					),
				);
				return;
			case 'doctor':
				void this.#answer('doctor', async () => {
					const report = await this.#surroundings.examiner.call<DoctorReport>('MeshDoctor');
					return [...doctorLines(report, this.#plain), '', doctorSummary(report)];
				});
				return;
		}
		effect satisfies never;
	}

	/** Puts the answer, or why there is none, into the panel, if that is still about it. */
	async #answer(about: string, ask: () => Promise<readonly string[]>): Promise<void> {
		const lines = await ask().catch((error: unknown) => {
			if (error instanceof CliError) return failureLines(error, this.#plain);
			throw error;
		});
		if (this.#state?.answer?.about !== about) return;
		this.#state = { ...this.#state, answer: { about, lines } };
		this.#due(0);
	}

	/** A frame so soon, but not before its turn. */
	#due(inMs: number): void {
		clearTimeout(this.#timer);
		const waitMs = Math.max(inMs, this.#drawnAt + FRAME_MS - performance.now());
		this.#timer = setTimeout(() => this.#draw(), Math.max(0, waitMs));
	}

	#draw(): void {
		const [state, screen] = [this.#state, this.#screen];
		if (!state || !screen) return;
		if (screen.isReady) screen.draw(frame(state, screen.size, Date.now(), this.#plain));
		this.#drawnAt = performance.now();
		const burns = !state.lost && !state.held && state.snapshot.members.some(({ deadAt }) => deadAt !== null);
		this.#due(burns ? FRAME_MS : CLOCK_MS);
	}
}
