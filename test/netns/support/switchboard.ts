// The switchboard of a network: which packets pass the bridge, decided in its namespace, one way or both.

import { type Host, type Network, run } from './namespaces.ts';

export type Protocol = 'tcp' | 'udp';

/** Address resolution always passes: a one-way cut would become a cut both ways as soon as a neighbour entry ages. */
const RULES = `
table bridge board {
	counter dropped { }
	set cut {
		type ifname . ifname . inet_proto
	}
	chain loss {
	}
	chain forward {
		type filter hook forward priority 0; policy accept;
		iifname . oifname . meta l4proto @cut counter name dropped drop
		meta l4proto { tcp, udp } jump loss
	}
}
`;
const BOTH: readonly Protocol[] = ['udp', 'tcp'];

export class Switchboard {
	readonly #hub: string;

	private constructor(hub: string) {
		this.#hub = hub;
	}

	static async install({ hub }: Network): Promise<Switchboard> {
		const board = new Switchboard(hub);
		await board.#apply(RULES);
		return board;
	}

	/** Nothing passes from the one to the others; the way back stays open. */
	async cut(from: readonly Host[], to: readonly Host[], protocols: readonly Protocol[] = BOTH): Promise<void> {
		const elements: string[] = [];
		for (const source of from) {
			for (const target of to) {
				if (source === target) continue;
				for (const protocol of protocols) elements.push(`"${source.port}" . "${target.port}" . ${protocol}`);
			}
		}
		await this.#apply(`add element bridge board cut { ${elements.join(', ')} }\n`);
	}

	/** Nothing passes between the two sides. */
	async part(left: readonly Host[], right: readonly Host[], protocols: readonly Protocol[] = BOTH): Promise<void> {
		await this.cut(left, right, protocols);
		await this.cut(right, left, protocols);
	}

	/** Loses so many per cent of all packets, on every link and each way; 0 = none. */
	async lose(percent: number): Promise<void> {
		const rule = `add rule bridge board loss numgen random mod 100 < ${percent} counter name dropped drop\n`;
		await this.#apply(`flush chain bridge board loss\n${percent > 0 ? rule : ''}`);
	}

	/** Everything passes. */
	async heal(): Promise<void> {
		await this.#apply('flush set bridge board cut\nflush chain bridge board loss\n');
	}

	/** Packets that were dropped so far: a fault that dropped none has tested nothing. */
	async dropped(): Promise<number> {
		const text = await run('ip', [
			'netns',
			'exec',
			this.#hub,
			'nft',
			'-j',
			'list',
			'counters',
			'table',
			'bridge',
			'board',
		]);
		const { nftables }: { nftables: { counter?: { packets: number } }[] } = JSON.parse(text);
		return nftables.reduce((sum, { counter }) => sum + (counter?.packets ?? 0), 0);
	}

	/** One transaction: all of it holds from one moment on. */
	async #apply(commands: string): Promise<void> {
		await run('ip', ['netns', 'exec', this.#hub, 'nft', '-f', '-'], commands);
	}
}
