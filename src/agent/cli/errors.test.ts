// Errors in the words of the user: three parts for people, one line of JSON for scripts.

import { describe, expect, it } from 'vitest';
import { captured } from '../../../test/support/captured-terminal.ts';
import { ConfigError } from '../../config/index.ts';
import { CliError, reportError, usageError } from './errors.ts';

const PLAIN = { json: false, debug: false };

describe('reportError', () => {
	const failure = new CliError('no agent answers at localhost:3001', {
		code: 'NO_AGENT',
		why: 'The connection was refused.',
		hints: ['longbow-mesh agent', 'longbow-mesh members --addr <host>:3001'],
	});

	it('says what happened, why, and what next', () => {
		const { terminal, out, err } = captured();
		expect(reportError(failure, terminal, PLAIN)).toBe(1);
		expect(out()).toBe('');
		expect(err()).toBe(`error: no agent answers at localhost:3001
  The connection was refused.
  try: longbow-mesh agent
       longbow-mesh members --addr <host>:3001
`);
	});

	it('is one line of JSON on stderr', () => {
		const { terminal, out, err } = captured();
		reportError(failure, terminal, { json: true, debug: false });
		expect(out()).toBe('');
		expect(JSON.parse(err())).toEqual({
			error: {
				code: 'NO_AGENT',
				message: 'no agent answers at localhost:3001',
				cause: 'The connection was refused.',
				hint: 'longbow-mesh agent\nlongbow-mesh members --addr <host>:3001',
			},
		});
	});

	it('used wrongly is 2', () => {
		const { terminal, err } = captured();
		expect(reportError(usageError('no command "member"', 'longbow-mesh members'), terminal, PLAIN)).toBe(2);
		expect(err()).toBe('error: no command "member"\n  try: longbow-mesh members\n');
	});

	it('tells every problem of a configuration in a line, warnings first', () => {
		const { terminal, err } = captured();
		const error = new ConfigError(['A="1": bad', 'B="2": worse'], { warnings: ['C is not known'] });
		expect(reportError(error, terminal, PLAIN)).toBe(2);
		expect(err()).toBe('warning: C is not known\nerror: A="1": bad\nerror: B="2": worse\n');
	});

	it('calls a bug a bug, without a stack unless asked', () => {
		const bug = new TypeError('undefined is not a function', { cause: new Error('deeper') });
		const quiet = captured();
		expect(reportError(bug, quiet.terminal, PLAIN)).toBe(1);
		expect(quiet.err()).toContain('error: TypeError: undefined is not a function');
		expect(quiet.err()).toContain('Please report this line.');
		expect(quiet.err()).not.toContain(' at ');
		const loud = captured();
		reportError(bug, loud.terminal, { json: false, debug: true });
		expect(loud.err()).toContain('errors.test.ts');
		expect(loud.err()).toContain('caused by Error: deeper');
	});

	it('paints the label alone', () => {
		const { terminal, err } = captured({ isTTY: true });
		reportError(failure, terminal, PLAIN);
		expect(err().startsWith('\x1b[1;31merror:\x1b[0m no agent')).toBe(true);
		expect(err().split('\x1b').length).toBe(3);
	});
});
