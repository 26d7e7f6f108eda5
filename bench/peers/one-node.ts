// A process with one node in it, ours or a peer's, as the comparison of processes sees it.

/** One process with one node. */
export interface OneNode extends AsyncDisposable {
	/** `host:port` of its gossip. */
	readonly address: string;
	readonly cpuSeconds: number;
	readonly rssBytes: number;
	/** That it holds alive, itself included; 0: it does not answer yet. */
	members(): Promise<number>;
}
