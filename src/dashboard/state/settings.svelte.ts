// What the viewer likes, remembered by the browser: theme, times, single-letter keys.

export type Theme = 'dark' | 'light';

export class Settings {
	/** Undefined: as the system has it. */
	#chosen = $state.raw<Theme | undefined>(undefined);
	#system = $state.raw<Theme>('dark');
	#utc = $state.raw(false);
	#letters = $state.raw(true);

	constructor() {
		const chosen = recall('theme');
		if (chosen === 'dark' || chosen === 'light') this.#chosen = chosen;
		this.#utc = recall('utc') === 'true';
		this.#letters = recall('letters') !== 'false';
		const light = matchMedia('(prefers-color-scheme: light)');
		this.#system = light.matches ? 'light' : 'dark';
		light.addEventListener('change', () => {
			this.#system = light.matches ? 'light' : 'dark';
		});
	}

	get theme(): Theme {
		return this.#chosen ?? this.#system;
	}

	set theme(theme: Theme) {
		document.documentElement.dataset.theme = theme;
		this.#chosen = theme;
		remember('theme', theme);
	}

	/** Times in UTC instead of the viewer's own. */
	get utc(): boolean {
		return this.#utc;
	}

	set utc(utc: boolean) {
		this.#utc = utc;
		remember('utc', String(utc));
	}

	/** Whether single letters are keys. */
	get letters(): boolean {
		return this.#letters;
	}

	set letters(letters: boolean) {
		this.#letters = letters;
		remember('letters', String(letters));
	}
}

/** Browsers may refuse to keep anything; then nothing is remembered. */
export function recall(key: string): string | null {
	try {
		return localStorage.getItem(key);
	} catch {
		return null;
	}
}

export function remember(key: string, value: string): boolean {
	try {
		localStorage.setItem(key, value);
		return true;
	} catch {
		return false;
	}
}
