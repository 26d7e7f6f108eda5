// The ordered log of what happened: noted during a step, published after it, to whoever listens.

import { explainWhy } from '../status/index.ts';
import type { Member, MeshEvent } from '../swim/index.ts';
import { EventStream } from './event-stream.ts';
import type { EventDelegate, MeshListeners } from './mesh.ts';

/** The member that an event made an owner of keys, or that it made one no longer: the news of an {@link EventDelegate}. */
export interface OwnerChange {
	readonly type: 'joined' | 'left';
	readonly member: Member;
}

interface Entry {
	readonly event: MeshEvent;
	readonly change: OwnerChange | undefined;
}

type AnyListener = (...args: unknown[]) => unknown;

/** What `on` takes. As an object, so that the compiler misses none. */
const NAMES: Readonly<Record<keyof MeshListeners, true>> = {
	join: true,
	suspect: true,
	alive: true,
	dead: true,
	leave: true,
	update: true,
	conflict: true,
	event: true,
};

/**
 * Listeners run after the state that they are told of is published, one event after the other, and
 * may call anything: what happens because of it is told later, in its turn. A listener that throws
 * is reported as a warning of the process, and the others go on.
 */
export class EventHub {
	readonly #delegate: EventDelegate;
	readonly #ackTimeoutMs: number;
	readonly #listeners = new Map<keyof MeshListeners, Set<AnyListener>>();
	readonly #streams = new Set<EventStream>();
	readonly #log: Entry[] = [];
	#publishing = false;

	constructor(delegate: EventDelegate, ackTimeoutMs: number) {
		this.#delegate = delegate;
		this.#ackTimeoutMs = ackTimeoutMs;
	}

	/** @throws {TypeError} on a name that is no event's, or a listener that is no function. */
	on<E extends keyof MeshListeners>(name: E, listener: MeshListeners[E]): () => void {
		if (!Object.hasOwn(NAMES, name)) {
			throw new TypeError(`on: ${JSON.stringify(name)} is not one of ${Object.keys(NAMES).join(', ')}`);
		}
		if (typeof listener !== 'function') {
			throw new TypeError(`on: ${String(listener)} is not a listener, for example on('${name}', console.log)`);
		}
		const listeners = this.#listeners.get(name) ?? new Set();
		this.#listeners.set(name, listeners);
		// Each registration is its own, even of the same function.
		const own: AnyListener = (...args) => (listener as AnyListener)(...args);
		listeners.add(own);
		return () => void listeners.delete(own);
	}

	stream(signal: AbortSignal | undefined): EventStream {
		const end = (): void => stream.end();
		const stream = new EventStream(() => {
			this.#streams.delete(stream);
			signal?.removeEventListener('abort', end);
		});
		this.#streams.add(stream);
		if (signal?.aborted) end();
		else signal?.addEventListener('abort', end);
		return stream;
	}

	note(event: MeshEvent, change?: OwnerChange): void {
		this.#log.push({ event, change });
	}

	/** Called within itself, by a listener that caused events, it leaves them to the call that runs. */
	publish(): void {
		if (this.#publishing || this.#log.length === 0) return;
		this.#publishing = true;
		for (let entry = this.#log.shift(); entry !== undefined; entry = this.#log.shift()) {
			this.#tellDelegate(entry);
			this.#tellByName(entry);
			this.#tell('event', entry.event);
			for (const stream of this.#streams) stream.push(entry.event);
		}
		this.#publishing = false;
	}

	/** Streams end; what they hold can still be read. */
	close(): void {
		for (const stream of [...this.#streams]) stream.end();
	}

	#tellDelegate({ event, change }: Entry): void {
		const delegate = this.#delegate;
		if (event.type === 'update') guarded(() => delegate.notifyUpdate?.(event.member));
		if (change?.type === 'joined') guarded(() => delegate.notifyJoin?.(change.member));
		if (change?.type === 'left') guarded(() => delegate.notifyLeave?.(change.member));
	}

	#tellByName({ event, change }: Entry): void {
		if (event.type === 'update') this.#tell('update', event.member, event.previous);
		if (event.type === 'conflict') this.#tell('conflict', event);
		if (event.type !== 'state') return;
		const names = listenerNames(event, change?.type === 'joined').filter((name) => this.#listeners.has(name));
		if (names.length === 0) return;
		const text = explainWhy(event.why, { at: event.at, ackTimeoutMs: this.#ackTimeoutMs });
		for (const name of names) this.#tell(name, event.member, { ...event.why, text });
	}

	#tell<E extends keyof MeshListeners>(name: E, ...args: Parameters<MeshListeners[E]>): void {
		const listeners = this.#listeners.get(name);
		if (listeners === undefined || listeners.size === 0) return;
		// A copy: who subscribes while an event is told hears the next one.
		for (const listener of [...listeners]) {
			if (listeners.has(listener)) guarded(() => listener(...args));
		}
	}
}

type StateListener = 'join' | 'suspect' | 'alive' | 'dead' | 'leave';

/** A member is announced by `join` before anything else is told of it, and the end of one that never joined is not told. */
function listenerNames(event: Extract<MeshEvent, { type: 'state' }>, joined: boolean): StateListener[] {
	switch (event.to) {
		case 'alive':
			return [joined ? 'join' : 'alive'];
		case 'suspect':
			return joined ? ['join', 'suspect'] : ['suspect'];
		case 'dead':
			return event.from === 'none' ? [] : ['dead'];
		case 'left':
			return event.from === 'none' ? [] : ['leave'];
		case 'none':
			return [];
	}
	return event.to satisfies never;
}

function guarded(call: () => unknown): void {
	try {
		const result = call();
		// An async listener fails later, and as quietly.
		if (result instanceof Promise) result.catch(warn);
	} catch (error) {
		warn(error);
	}
}

function warn(error: unknown): void {
	const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
	process.emitWarning('a listener of mesh events failed', { code: 'MESH_LISTENER_FAILED', detail });
}
