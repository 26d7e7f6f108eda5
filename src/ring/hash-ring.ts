// The consistent-hash ring's interface.

/** What everybody may ask of a ring. */
export interface RingView {
	/** Number of members. */
	readonly size: number;
	/** 16 hex digits; equal exactly when the set of (member, weight) is equal. */
	readonly fingerprint: string;
	/** The member that owns the key; `undefined` only when the ring is empty. */
	owner(key: string | Uint8Array): string | undefined;
	/** The first `count` distinct members from the key on, the owner first; fewer when the ring has fewer. */
	owners(key: string | Uint8Array, count: number): string[];
	has(member: string): boolean;
	/** Share of the key space (0..1) by member, in name order; the shares add up to 1. */
	shares(): readonly { readonly member: string; readonly weight: number; readonly share: number }[];
}
