// What a terminal shows, and what is left where it is none.

import { describe, expect, it } from 'vitest';
import { captured } from '../../../test/support/captured-terminal.ts';
import { asciiText, printable } from './terminal.ts';

const UTF8 = { LANG: 'C.UTF-8' };

describe('colour', () => {
	const paints = (options: Parameters<typeof captured>[0]): boolean =>
		captured(options).terminal.paint('x', 'red').includes('\x1b');

	it.each([
		['a terminal', { isTTY: true, env: UTF8 }, true],
		['a pipe', { env: UTF8 }, false],
		['NO_COLOR', { isTTY: true, env: { NO_COLOR: '1' } }, false],
		['an empty NO_COLOR', { isTTY: true, env: { NO_COLOR: '' } }, true],
		['TERM=dumb', { isTTY: true, env: { TERM: 'dumb' } }, false],
		['--color never', { isTTY: true, color: 'never' }, false],
		['--color always on a pipe', { color: 'always' }, true],
		['FORCE_COLOR on a pipe', { env: { FORCE_COLOR: '1' } }, true],
		['FORCE_COLOR=0 on a pipe', { env: { FORCE_COLOR: '0' } }, false],
	] as const)('%s', (_, options, expected) => {
		expect(paints(options)).toBe(expected);
	});
});

describe('glyphs', () => {
	it.each([
		[{ LANG: 'en_GB.UTF-8' }, '● alive'],
		[{ LC_ALL: 'C', LANG: 'en_GB.UTF-8' }, '+ alive'],
		[{ LC_CTYPE: 'de_DE.utf8' }, '● alive'],
		[{ LANG: 'C' }, '+ alive'],
		[{}, '+ alive'],
		[{ LANG: 'C.UTF-8', TERM: 'linux' }, '+ alive'],
		[{ LANG: 'C.UTF-8', TERM: 'dumb' }, '+ alive'],
	])('%j', (env, text) => {
		const { terminal, out } = captured({ env });
		terminal.out(terminal.state('alive'));
		expect(out()).toBe(`${text}\n`);
	});

	it('have ASCII forms that nothing else has', () => {
		expect(asciiText('● ◐ ✕ ○ … × →')).toBe('+ ? x - ... x ->');
		expect(asciiText('Müller 😀')).toBe('M\\u{fc}ller \\u{1f600}');
	});

	it('--ascii forces them', () => {
		const { terminal, out } = captured({ env: UTF8, ascii: true });
		terminal.out('◐ suspect …');
		expect(out()).toBe('? suspect ...\n');
	});
});

describe('printable', () => {
	it('lets nobody move the cursor, ring the bell or fake a line', () => {
		expect(printable('evil\x1b[2J\x07\nname\x9b')).toBe('evil\\x1b[2J\\x07\\x0aname\\x9b');
		expect(printable('zone=eu-1a Ω')).toBe('zone=eu-1a Ω');
	});
});

describe('time', () => {
	it('has milliseconds, and is UTC when asked', () => {
		const { terminal } = captured({ utc: true });
		expect(terminal.time(Date.UTC(2026, 10, 22, 14, 2, 32, 4))).toBe('14:02:32.004');
		expect(captured({}).terminal.time(0)).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/);
	});
});

describe('streams', () => {
	it('data goes to stdout, talk to stderr, and --quiet silences talk alone', () => {
		const { terminal, out, err } = captured({ quiet: true });
		terminal.out('data');
		terminal.note('talk');
		terminal.err('error: trouble');
		expect([out(), err()]).toEqual(['data\n', 'error: trouble\n']);
	});
});

describe('the line of progress', () => {
	it('is rewritten, and gives way to any other line', () => {
		const { terminal, err } = captured({ isTTY: true, env: UTF8 });
		terminal.status('1 of 9');
		terminal.status('2 of 9');
		terminal.note('done');
		terminal.status('');
		expect(err()).toBe('\r\x1b[K1 of 9\r\x1b[K2 of 9\r\x1b[Kdone\n');
	});

	it.each([
		['a pipe', {}],
		['TERM=dumb', { isTTY: true, env: { TERM: 'dumb' } }],
		['--quiet', { isTTY: true, quiet: true }],
	])('is nothing for %s', (_, options) => {
		const { terminal, err } = captured(options);
		terminal.status('1 of 9');
		expect(err()).toBe('');
	});
});
