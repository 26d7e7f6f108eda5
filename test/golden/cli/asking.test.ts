// What the commands print that ask an agent: on a terminal and piped, for people and as JSON.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { FlightServer } from '../../../src/flight/index.ts';
import { NOW_MS, openMesh } from './asking-mesh.ts';
import { expectGolden, run, shown } from './golden.ts';

/** How a line ends that is run on a terminal; without it, the output goes into a pipe. */
const ON_TERMINAL = ' # on a terminal';

const LINES: Readonly<Record<string, readonly string[]>> = {
	members: [
		'members',
		`members${ON_TERMINAL}`,
		'members -o wide',
		`members -o wide${ON_TERMINAL}`,
		'members -o name',
		'members --state alive --tag role=store --no-headers',
		'members --sort rtt',
		'members --json',
		`members --json${ON_TERMINAL}`,
		'members --expect 9 --within 1ms',
		'members --expect 9 --within 1ms --json',
		'members --state ill',
		`members --within 3s${ON_TERMINAL}`,
	],
	info: [
		'info',
		`info${ON_TERMINAL}`,
		'info longbow-17',
		`info longbow-17${ON_TERMINAL}`,
		'info longbow-09',
		'info --json',
		`info longbow-17 --json${ON_TERMINAL}`,
		'info longbow-71',
		'info longbow-71 --json',
	],
	ring: [
		'ring user:4711',
		`ring user:4711 --count 3${ON_TERMINAL}`,
		'ring',
		`ring${ON_TERMINAL}`,
		'ring --member longbow-03',
		'ring --diff',
		`ring --diff${ON_TERMINAL}`,
		'ring user:4711 --count 2 --json',
		`ring --json${ON_TERMINAL}`,
		'ring --diff --json',
		`ring --member longbow-71${ON_TERMINAL}`,
		'ring user:4711 --diff',
		`ring user:4711 --count 0${ON_TERMINAL}`,
	],
	join: [
		'join 10.42.0.3:7946 10.42.0.12:7946',
		`join 10.42.0.3:7946 10.42.0.12:7946${ON_TERMINAL}`,
		'join 10.42.0.3:7946 --json',
		`join 10.42.0.3:7946 --json${ON_TERMINAL}`,
		'join',
	],
	leave: [
		'leave --yes',
		`leave --yes${ON_TERMINAL}`,
		'leave',
		`leave${ON_TERMINAL}`,
		'leave --yes --json',
		`leave --yes --json${ON_TERMINAL}`,
		'leave --remove longbow-09',
		'leave --remove longbow-09 --json',
		`leave --remove longbow-03${ON_TERMINAL}`,
		'leave --remove longbow-71',
	],
	why: [
		'why longbow-17',
		`why longbow-17${ON_TERMINAL}`,
		'why longbow-09',
		`why longbow-12${ON_TERMINAL}`,
		'why longbow-03',
		'why longbow-07',
		'why longbow-11 --at 14:01:43',
		`why longbow-11 --at 14:02:05.900 --all --json${ON_TERMINAL}`,
		'why longbow-17 --at 0s',
		'why longbow-03 --at 8s',
		'why longbow-03 --at 14:02:10',
		'why longbow-03 --at 14:02:10 --json',
		`why longbow-03 --at noon${ON_TERMINAL}`,
		'why longbow-17 --json',
		`why longbow-12 --json${ON_TERMINAL}`,
		`why longbow-71${ON_TERMINAL}`,
		'why longbow-71 --json',
		'why',
	],
	keys: ['keys list', `keys list${ON_TERMINAL}`, 'keys list --json', `keys list --json${ON_TERMINAL}`, 'keys'],
	doctor: [
		'doctor',
		`doctor${ON_TERMINAL}`,
		'doctor --json',
		`doctor --json${ON_TERMINAL}`,
		'doctor --peer longbow-71',
		`doctor --only udp${ON_TERMINAL}`,
	],
};

let mesh: FlightServer;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS });
	mesh = await openMesh();
});

afterAll(async () => {
	await mesh.close();
	vi.useRealTimers();
});

async function session(line: string): Promise<string> {
	const isTTY = line.endsWith(ON_TERMINAL);
	const words = line.replace(ON_TERMINAL, '').split(' ');
	const env = { LONGBOW_ADDR: mesh.address, TERM: 'xterm-256color' };
	return shown(`longbow-mesh ${line}`, await run([...words, '--utc'], { isTTY, env }));
}

/** What differs from run to run. */
function steady(text: string): string {
	return text.replaceAll(/"tookMs":\d+/g, '"tookMs":<ms>').replaceAll(/(members known), .*/g, '$1, <ms>');
}

it.each(Object.entries(LINES))('%s', async (command, lines) => {
	const sessions: string[] = [];
	for (const line of lines) sessions.push(await session(line));
	await expectGolden(command, steady(sessions.join('\n')));
});

it.each(Object.entries(LINES))('%s is shown to people and programs, on a terminal and in a pipe', (_command, lines) => {
	const kinds = new Set(lines.map((line) => `${line.includes('--json')} ${line.endsWith(ON_TERMINAL)}`));
	expect([...kinds].sort()).toEqual(['false false', 'false true', 'true false', 'true true']);
});
