// What our nodes say of each other: how many members each knows, what was said without cause, and the answer to one question at a time.

import { comes } from '../support/wait.ts';
import { MOST_MS, type Took, type Traffic } from './protocol.ts';

/** What an observer says of a subject: it is here, is dead or has left, has new metadata, did not answer its own probe. */
export type Change = 'joined' | 'gone' | 'retagged' | 'suspected';

interface Question {
	readonly began: number;
	readonly subject: string;
	readonly awaited: Change;
	readonly said: Set<string>;
	firstMs: number;
	lastMs: number;
	suspectMs: number;
}

export class Watch {
	/** Members by the node that knows them, itself included. */
	readonly #known = new Map<string, number>();
	readonly #deadMembers = new Set<string>();
	#suspicions = 0;
	#deadViews = 0;
	#question: Question | undefined;
	#size = 0;
	/** When all nodes knew `#size` members; 0: not yet. */
	#completeAt = 0;

	get harm(): Pick<Traffic, 'suspicions' | 'deadViews' | 'deadMembers'> {
		return { suspicions: this.#suspicions, deadViews: this.#deadViews, deadMembers: this.#deadMembers.size };
	}

	forgetHarm(): void {
		this.#suspicions = 0;
		this.#deadViews = 0;
		this.#deadMembers.clear();
	}

	/** From now on what this node says counts. */
	begin(observer: string): void {
		this.#known.set(observer, 0);
	}

	/** It is about to stop: what it says from now on is nothing that anybody saw. */
	end(observer: string): void {
		this.#known.delete(observer);
	}

	say(observer: string, subject: string, change: Change): void {
		const known = this.#known.get(observer);
		if (known === undefined) return;
		const question = this.#question?.subject === subject && observer !== subject ? this.#question : undefined;
		if (change === 'joined') this.#count(observer, known + 1);
		else if (change === 'gone') {
			this.#count(observer, known - 1);
			if (question === undefined) {
				this.#deadViews++;
				this.#deadMembers.add(subject);
			}
		} else if (change === 'suspected') {
			if (question === undefined) this.#suspicions++;
			else question.suspectMs ||= performance.now() - question.began;
		}
		if (question?.awaited === change) answer(question, observer);
	}

	/** Does something to the subject, and waits until all others have said so. */
	async ask(subject: string, awaited: Change, observers: number, act: () => Promise<unknown>): Promise<Took> {
		const question: Question = {
			began: performance.now(),
			subject,
			awaited,
			said: new Set(),
			firstMs: 0,
			lastMs: 0,
			suspectMs: 0,
		};
		this.#question = question;
		const [isAnswered] = await Promise.all([comes(() => question.said.size === observers, MOST_MS), act()]);
		this.#question = undefined;
		const { firstMs, lastMs, suspectMs, said } = question;
		return { ms: isAnswered ? lastMs : null, firstMs, suspectMs, views: said.size };
	}

	/** From `began` until so many nodes know as many members. */
	async complete(size: number, began: number): Promise<Took> {
		this.#size = size;
		this.#completeAt = 0;
		this.#look();
		const isComplete = await comes(() => this.#completeAt > 0, MOST_MS);
		const ms = isComplete ? this.#completeAt - began : null;
		return { ms, firstMs: 0, suspectMs: 0, views: [...this.#known.values()].filter((known) => known === size).length };
	}

	#count(observer: string, known: number): void {
		this.#known.set(observer, known);
		if (known === this.#size) this.#look();
	}

	#look(): void {
		if (this.#completeAt > 0 || this.#known.size !== this.#size) return;
		for (const known of this.#known.values()) if (known !== this.#size) return;
		this.#completeAt = performance.now();
	}
}

function answer(question: Question, observer: string): void {
	if (question.said.has(observer)) return;
	question.said.add(observer);
	question.lastMs = performance.now() - question.began;
	if (question.said.size === 1) question.firstMs = question.lastMs;
}
