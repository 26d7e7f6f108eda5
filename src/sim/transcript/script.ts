// Scripts: paragraphs of comments, commands and, below a line `----`, what every node said.

import { COMMANDS } from './commands.ts';
import { Scene } from './scene.ts';
import { ScriptError, Words } from './words.ts';

interface ScriptLine {
	readonly number: number;
	/** As it stands in the file. */
	readonly text: string;
	/** The words of a command; none in a comment. */
	readonly words: readonly string[];
}

/** A conversation to be had: commands in paragraphs. */
export interface Script {
	/** The first comment line, without its mark. */
	readonly title: string;
	readonly paragraphs: readonly (readonly ScriptLine[])[];
}

/** How a script is run. */
export interface ScriptOptions {
	/** The seed of the run; default 1. */
	readonly seed?: number;
}

const OUTPUT_MARK = '----';

/**
 * Reads a script. What stands below a `----` is output of an earlier run and is passed over.
 * @throws {ScriptError} with the line, on a command that does not exist.
 */
export function parseScript(text: string): Script {
	const paragraphs: ScriptLine[][] = [[]];
	let inOutput = false;
	for (const [index, line] of text.split('\n').entries()) {
		const trimmed = line.trim();
		if (trimmed === '') {
			inOutput = false;
			if (paragraphs.at(-1)!.length > 0) paragraphs.push([]);
		} else if (trimmed === OUTPUT_MARK) inOutput = true;
		else if (!inOutput) paragraphs.at(-1)!.push(parseLine(trimmed, index + 1));
	}
	const first = paragraphs[0]![0]?.text ?? '';
	return {
		title: first.startsWith('#') ? first.replace(/^#\s*/, '') : '',
		paragraphs: paragraphs.filter((paragraph) => paragraph.length > 0),
	};
}

function parseLine(text: string, number: number): ScriptLine {
	if (text.startsWith('#')) return { number, text, words: [] };
	const words = text.split(/\s+/);
	if (!Object.hasOwn(COMMANDS, words[0]!)) {
		throw new ScriptError(`no command "${words[0]}"; there is: ${Object.keys(COMMANDS).join(', ')}`, { line: number });
	}
	return { number, text, words };
}

/**
 * Runs a script; returns it with what every node said written below its commands. Equal to the file that holds
 * it as long as nobody says anything else.
 * @throws {ScriptError} with the line, when a command cannot be carried out or does not come true.
 */
export function runScript(script: Script, { seed = 1 }: ScriptOptions = {}): string {
	const scene = new Scene(seed);
	const paragraphs = script.paragraphs.map((lines) => {
		for (const line of lines) if (line.words.length > 0) perform(scene, line);
		const output = scene.transcript.take();
		return [...lines.map(({ text }) => text), ...(output.length > 0 ? [OUTPUT_MARK, ...output] : [])].join('\n');
	});
	return `${paragraphs.join('\n\n')}\n`;
}

function perform(scene: Scene, { words: [name, ...rest], number }: ScriptLine): void {
	const command = COMMANDS[name!]!;
	const words = new Words(rest);
	try {
		command.run(scene, words);
		words.end();
	} catch (error) {
		if (!(error instanceof ScriptError) && !(error instanceof RangeError)) throw error;
		const said = scene.transcript.take().slice(-LAST_WORDS).join('\n');
		throw new ScriptError(`${error.message}\n  usage: ${command.usage}${said && `\n${said}`}`, {
			line: number,
			cause: error,
		});
	}
}

/** Lines before a failure that are worth seeing with it. */
const LAST_WORDS = 30;
