// What the bench asks of every contender, whatever it is written in: a JSON object a line on stdin, answered by one on stdout.

export interface Commands {
	/** Brings the first node up, then all others, which join it: at once, or one after the other with a gap between them. */
	start: { asks: { nodes: number; gapMs: number; streams: boolean }; answers: Took };
	/** What has been sent and said so far. */
	traffic: { asks: object; answers: Traffic };
	/** From now on so large a part of all packets is lost on its way to the socket, 0 to 1, streams are not touched, and harm is counted anew. */
	loss: { asks: { rate: number }; answers: object };
	/** A node, but not the first one, closes its sockets and says nothing; until all others hold it dead. */
	kill: { asks: object; answers: Took };
	/** One says goodbye; until all others hold it gone. */
	leave: { asks: object; answers: Took };
	/** One has new metadata; until all others have it. */
	tag: { asks: object; answers: Took };
	/** Who was killed or left is started again under its name and port; until all views are complete. */
	return: { asks: object; answers: Took };
	/** Makes a node without sockets that has heard these packets (base64). It is named `bench`. */
	known: { asks: { known: readonly string[] }; answers: object };
	/** Hands that node one packet so many times, on one core. */
	handle: { asks: { packet: string; times: number }; answers: Cost };
	/** A process with one node: starts it. Answers with `host:port`. */
	member: { asks: { name: string; seeds: readonly string[] }; answers: { address: string } };
	/** How many members that node holds alive, itself included. */
	members: { asks: object; answers: { count: number } };
}

/** Times in milliseconds. */
export interface Took {
	/** Until the last view; null: not within a minute. */
	readonly ms: number | null;
	/** Until the first view. */
	readonly firstMs: number;
	/** Until a probe of the node failed somewhere; 0: none did. */
	readonly suspectMs: number;
	/** Views that had come so far. */
	readonly views: number;
}

/** Counted over all nodes: packets since the start, harm since the start or the last change of loss. */
export interface Traffic {
	/** Sent, the lost ones included, and their UDP payload. */
	readonly packets: number;
	readonly bytes: number;
	/** Probes that failed, of members to whom nothing was done. */
	readonly suspicions: number;
	/** Views in which such a member died, and how many members that befell. */
	readonly deadViews: number;
	readonly deadMembers: number;
}

/** What one packet costs, on the mean. */
export interface Cost {
	/** Processor time, user and system. */
	readonly us: number;
	/** Allocated on the heap. */
	readonly bytes: number;
	/** Objects allocated; null where they are not counted. */
	readonly objects: number | null;
	/** Packets that were sent for it. */
	readonly answers: number;
}

/** How long anything may take before it counts as never. */
export const MOST_MS = 60_000;
