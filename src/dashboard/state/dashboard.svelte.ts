// The page's state: the board, the connection, what is selected, and the time; every panel reads it here.

import type { LiveMember, LiveSnapshot, PlaybackCommand } from '../../status/index.ts';
import { State } from '../../swim/index.ts';
import { clockText, readTokens, type TimeSpan, type Tokens, wholeSecond } from '../draw/index.ts';
import { type Board, NOTHING_YET, newEvents, pause, take } from './board.ts';
import { type Connection, type LiveDocument, LiveStream } from './live-stream.ts';
import { keepPlaces, NO_PLACES, type Places, readSlots } from './places.ts';
import { command, playedTo } from './playback.ts';
import { problems, worstMember } from './problems.ts';
import { HOME, parseRoute, RANGE_WORDS, RANGES, type Route, routeHash, type View } from './route.ts';
import { recall, remember, Settings, type Theme } from './settings.svelte.ts';
import { type Silence, silenceOf } from './silence.ts';
import { type Verdict, verdictOf } from './verdict.ts';
import { type Clock, clock } from './words.ts';

const TICK_MS = 100;
const QUIET_TICK_MS = 1_000;
/** A page that nobody sees lets its stream go after this. */
const HIDDEN_MS = 60_000;

export interface Zoom {
	readonly from: number;
	readonly to: number;
}

/** So long the node keeps seconds of probes and traffic. */
const SECONDS_MS = 600_000;

export class Dashboard {
	readonly settings: Settings = new Settings();
	#board = $state.raw<Board>(NOTHING_YET);
	#connection = $state.raw<Connection>({
		phase: 'closed',
		nextTryAt: 0,
		reason: undefined,
		lostAt: undefined,
		heardAt: Date.now(),
	});
	#tickMs = $state.raw(Date.now());
	#route = $state.raw<Route>(HOME);
	#places = $state.raw<Places>(NO_PLACES);
	/** A part of the time that all time panels show instead of the latest; undefined: the latest. */
	zoom = $state.raw<Zoom | undefined>(undefined);

	/** Why the playback did not obey, in a sentence; empty when it did. */
	refusal = $state.raw('');

	readonly #stream: LiveStream;

	readonly snapshot: LiveSnapshot | undefined = $derived(this.#board.held?.snapshot ?? this.#board.snapshot);
	readonly silence: Silence | undefined = $derived(silenceOf(this.#connection, this.#board.arrivedMs, this.#tickMs));
	readonly stale: boolean = $derived(this.silence !== undefined && this.snapshot !== undefined);
	readonly problems: readonly LiveMember[] = $derived(problems(this.snapshot?.members ?? []));
	/** The node's clock; it stands while the screen holds and while there is no news. */
	readonly now: number = $derived.by(() => {
		const { held, snapshot, offsetMs, arrivedMs } = this.#board;
		if (held) return held.at;
		if (this.stale && snapshot) return snapshot.at;
		if (snapshot?.playback) return playedTo(snapshot.at, snapshot.playback, this.#tickMs - arrivedMs);
		return this.#tickMs + offsetMs;
	});
	/** `now` for what is drawn in seconds. */
	readonly second: number = $derived(wholeSecond(this.now));
	readonly times: Clock = $derived(clock(this.settings.utc));
	readonly tokens: Tokens = $derived(tokensOf(this.settings.theme));
	readonly verdict: Verdict = $derived(
		verdictOf(this.snapshot, {
			now: this.now,
			times: this.times,
			host: location.host,
			...(this.silence ? { silence: this.silence } : {}),
			restartedAt: this.#board.restartedAt,
		}),
	);
	readonly selected: string | undefined = $derived(
		this.#route.member ?? (this.snapshot ? worstMember(this.snapshot) : undefined),
	);
	readonly selectedMember: LiveMember | undefined = $derived(
		this.snapshot?.members.find(({ ID }) => ID === this.selected),
	);

	/** What the time panels show: the chosen part, or the latest `lengthMs`. */
	span(lengthMs: number): TimeSpan {
		const { zoom, second, settings } = this;
		const clock = (atMs: number, stepMs: number): string => {
			const east = settings.utc ? 0 : -new Date(atMs).getTimezoneOffset();
			return clockText(atMs, east, stepMs);
		};
		if (zoom) return { ...zoom, live: false, clock };
		return { from: second - lengthMs, to: second, live: true, clock };
	}

	/** Of the lanes: as long as the viewer wants. */
	readonly laneSpan: TimeSpan = $derived(this.span(RANGES[this.#route.range]));
	/** For example *10 min*. */
	get spanWords(): string {
		return this.zoom ? 'the chosen time' : RANGE_WORDS[this.#route.range];
	}

	/** Of what the node keeps by the second. */
	readonly secondSpan: TimeSpan = $derived(this.span(SECONDS_MS));

	constructor() {
		const after = (ms: number, run: () => void): (() => void) => {
			const timer = setTimeout(run, ms);
			return () => clearTimeout(timer);
		};
		this.#stream = new LiveStream(
			'./api/v1/live',
			{ fetch: (url, init) => fetch(url, init), now: Date.now, after },
			(document) => this.#take(document),
			(connection) => {
				this.#connection = connection;
				this.#tickMs = Date.now();
			},
		);
	}

	/** Opens the stream and follows the address, the clock and whether anybody looks. Returns what ends it all. */
	start(): () => void {
		this.#route = parseRoute(location.hash);
		const onHash = (): void => {
			this.#route = parseRoute(location.hash);
		};
		const ticker = setInterval(() => this.#tick(), TICK_MS);
		const stopWatching = this.#closeWhileHidden();
		addEventListener('hashchange', onHash);
		this.#stream.open();
		return () => {
			clearInterval(ticker);
			stopWatching();
			removeEventListener('hashchange', onHash);
			this.#stream.close();
		};
	}

	get connection(): Connection {
		return this.#connection;
	}

	get gap(): Board['gap'] {
		return this.#board.gap;
	}

	get route(): Route {
		return this.#route;
	}

	get places(): Places {
		return this.#places;
	}

	get pausedMs(): number | undefined {
		const { held, offsetMs } = this.#board;
		return held && this.#tickMs + offsetMs - held.at;
	}

	get newEvents(): number {
		return newEvents(this.#board);
	}

	tryNow(): void {
		this.#stream.open();
	}

	/** Commands the playback. */
	async order(order: PlaybackCommand): Promise<void> {
		this.refusal = await command(order);
	}

	togglePause(): void {
		const { playback } = this.#board.snapshot ?? {};
		if (playback) {
			void this.order({ play: !playback.playing });
			return;
		}
		this.#board = pause(this.#board, this.now);
		this.#tickMs = Date.now();
	}

	/** Another place on this page; `undefined` takes a value back to what the page itself would choose. */
	go(change: { readonly [K in keyof Route]?: Route[K] | undefined }): void {
		const { member = undefined, at = undefined, ...rest } = { ...this.#route, ...change };
		const route = { ...HOME, ...withoutUndefined(rest), ...withoutUndefined({ member, at }) } as Route;
		const newView = route.view !== this.#route.view;
		this.#route = route;
		// A view is a page one comes back from; a selection is not.
		history[newView ? 'pushState' : 'replaceState'](null, '', routeHash(route));
	}

	select(member: string | undefined): void {
		this.go({ member });
	}

	show(view: View): void {
		this.go({ view });
	}

	/** The next or previous problem; among all members where there is none. */
	step(step: -1 | 1): void {
		const list = this.problems.length > 0 ? this.problems : (this.snapshot?.members ?? []);
		if (list.length === 0) return;
		const at = list.findIndex(({ ID }) => ID === this.selected);
		const next = at < 0 ? 0 : (at + step + list.length) % list.length;
		this.select(list[next]?.ID);
	}

	#take(document: LiveDocument): void {
		const before = this.#board.snapshot;
		this.#board = take(this.#board, document, Date.now());
		const { snapshot } = this.#board;
		if (!snapshot) return;
		const cluster = `places:${snapshot.node.cluster}:${snapshot.node.origin}`;
		const known = before ? this.#places : { ...NO_PLACES, slots: readSlots(recall(cluster)) };
		const places = keepPlaces(known, snapshot);
		if (places.slots !== known.slots) remember(cluster, JSON.stringify(places.slots));
		this.#places = places;
		this.#tickMs = Date.now();
	}

	/** Tenths of a second only while something burns. */
	#tick(): void {
		const now = Date.now();
		const burning = !this.stale && this.snapshot?.members.some(({ Status }) => Status === State.suspect);
		if (now - this.#tickMs >= (burning && !reducedMotion() ? TICK_MS : QUIET_TICK_MS) - TICK_MS / 2) this.#tickMs = now;
	}

	#closeWhileHidden(): () => void {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const onChange = (): void => {
			clearTimeout(timer);
			if (document.hidden) timer = setTimeout(() => this.#stream.close(), HIDDEN_MS);
			else this.#stream.open();
		};
		document.addEventListener('visibilitychange', onChange);
		return () => {
			clearTimeout(timer);
			document.removeEventListener('visibilitychange', onChange);
		};
	}
}

/** As the style sheet has them while this theme is on. */
function tokensOf(_theme: Theme): Tokens {
	const style = getComputedStyle(document.documentElement);
	return readTokens((variable) => style.getPropertyValue(variable));
}

function reducedMotion(): boolean {
	return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function withoutUndefined<T extends object>(values: T): Partial<T> {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

export const dashboard: Dashboard = new Dashboard();
