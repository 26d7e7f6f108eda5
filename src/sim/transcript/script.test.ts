// Scripts: what is read, what is refused, and that a run is the text of its file.

import { describe, expect, it } from 'vitest';
import { parseScript, runScript } from './script.ts';
import { ScriptError } from './words.ts';

function run(text: string, seed?: number): string {
	return runScript(parseScript(text), seed === undefined ? {} : { seed });
}

function failure(text: string): ScriptError {
	try {
		run(text);
	} catch (error) {
		if (error instanceof ScriptError) return error;
		throw error;
	}
	throw new Error('the script did not fail');
}

describe('a script', () => {
	it('takes its title from its first comment', () => {
		expect(parseScript('# seed 01: a ping\n\nrun 1s\n').title).toBe('seed 01: a ping');
		expect(parseScript('run 1s').title).toBe('');
	});

	it('run again from its own output is the same text', () => {
		const once = run('# two nodes\nshow packets\ncluster a b\n\nrun 300ms\n\nviews\n');
		expect(once).toContain('a → b  ping #');
		expect(run(once)).toBe(once);
	});

	it('another seed is another run', () => {
		const text = 'cluster a b c\n\nshow packets\n\nrun 1s\n';
		expect(run(text, 7)).toBe(run(text, 7));
		expect(run(text, 7)).not.toBe(run(text, 8));
	});

	it('shows what was lost, what was rejected, and what came from nowhere', () => {
		const text = run('cluster a b streams=off\n\ncut a -> b\n\nshow packets events\n\nrun 300ms\n\ntell a bytes 63\n');
		expect(text).toMatch(/a ↛ b {2}ping #\d+/);
		expect(text).toContain('somebody → a  garbage (unknown-type)');
		expect(text).toContain('rejected (unknown-type)');
	});

	it('expands ranges of names', () => {
		expect(run('nodes n8..n11\n')).toMatch(/n8 .*\n.*n9 .*\n.*n10 .*\n.*n11 /);
	});
});

describe('a script that cannot be run says where and why', () => {
	it.each([
		['# title\n\nfly a\n', 3, 'no command "fly"'],
		['nodes a\njoin b a\n', 2, 'there is no node b'],
		['nodes a\nrun fast\n', 2, '"fast" is not a duration'],
		['nodes a colour=red\n', 1, 'no option colour'],
		['nodes a\nloss 120%\n', 2, '"120%" is not a share'],
		['nodes a b\nuntil a sees b alive within 1s\n', 2, 'not within 1000 ms: a sees b alive'],
		['nodes a b\nsettle within 1s\n', 2, 'the views do not agree within 1000 ms'],
		['nodes a ack-timeout=5s\n', 1, 'ackTimeoutMs'],
		['nodes a\ncrash a\nleave a\n', 3, 'a does not run'],
		['run 1s 2s\n', 1, '"2s" is too much'],
		['nodes a\nstart a\n', 2, 'a runs there already'],
		['nodes streams=off\n', 1, 'a name is missing'],
		['nodes a\nshow smells\n', 2, '"smells" is none of'],
		['nodes a\ncut a b\n', 2, '"->" is expected'],
	])('%j', (text, line, message) => {
		const error = failure(text);
		expect(error.line).toBe(line);
		expect(error.message).toContain(message);
	});
});
