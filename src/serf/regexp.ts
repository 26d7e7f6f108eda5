// Regular expressions from the network, in linear time: a program of states, run all at once.
//
// Serf filters queries by Go regular expressions. JavaScript's own engine backtracks, so whoever can
// send a query could stop the process with a pattern of a few characters. Here the work is bounded by
// (length of program) × (length of text), whatever the pattern (Thompson 1968; Go's regexp does the same).

import { type Node, parsePattern, UnsupportedPattern } from './regexp-parser.ts';

/** Most steps that are written out; counted repetitions repeat their steps. */
const MAX_PROGRAM = 1_000;

type Step = Extract<Node, { kind: 'char' | 'assert' }> | { readonly kind: 'jump'; readonly to: number[] };

/**
 * Whether `pattern` occurs anywhere in `text`.
 * @throws {UnsupportedPattern}
 */
export function matches(pattern: string, text: string): boolean {
	return run(compile(parsePattern(pattern)), [...text]);
}

function compile(tree: Node): readonly Step[] {
	const program: Step[] = [];
	let work = 0;
	const emit = (node: Node): void => {
		// Counts the walk and not only the steps: empty groups repeat at no length.
		if (++work > MAX_PROGRAM) throw new UnsupportedPattern('too large');
		switch (node.kind) {
			case 'char':
			case 'assert':
				program.push(node);
				return;
			case 'sequence':
				for (const part of node.parts) emit(part);
				return;
			case 'choice':
				emitChoice(node.options);
				return;
			case 'repeat':
				emitRepeat(node.part, node.min, node.max);
		}
	};
	const jump = (...to: number[]): number[] => {
		program.push({ kind: 'jump', to });
		return to;
	};
	const emitChoice = (options: readonly Node[]): void => {
		const starts = jump();
		const ends: number[][] = [];
		for (const option of options) {
			starts.push(program.length);
			emit(option);
			ends.push(jump());
		}
		for (const end of ends) end.push(program.length);
	};
	const emitRepeat = (part: Node, min: number, max: number): void => {
		for (let i = 0; i < min; i++) emit(part);
		if (max === Number.POSITIVE_INFINITY) {
			const loop = program.length;
			const exit = jump(loop + 1);
			emit(part);
			jump(loop);
			exit.push(program.length);
			return;
		}
		const exits: number[][] = [];
		for (let i = min; i < max; i++) {
			exits.push(jump(program.length + 1));
			emit(part);
		}
		for (const exit of exits) exit.push(program.length);
	};
	emit(tree);
	return program;
}

function run(program: readonly Step[], text: readonly string[]): boolean {
	// `reached[step]` is the last position, plus 1, at which the step was entered: each one once a position.
	const reached = new Uint32Array(program.length);
	let waiting: number[] = [];
	for (let at = 0; at <= text.length; at++) {
		const before = text[at - 1] ?? '';
		const after = text[at] ?? '';
		const next: number[] = [];
		// A match may begin anywhere, so the first step is entered at every position.
		const entered = [...waiting, 0];
		for (let step = entered.pop(); step !== undefined; step = entered.pop()) {
			if (step === program.length) return true;
			if (reached[step] === at + 1) continue;
			reached[step] = at + 1;
			const instruction = program[step] as Step;
			if (instruction.kind === 'jump') entered.push(...instruction.to);
			else if (instruction.kind === 'char') {
				if (after !== '' && instruction.test(after)) next.push(step + 1);
			} else if (instruction.test(before, after)) entered.push(step + 1);
		}
		waiting = next;
	}
	return false;
}
