// The shell of a report: one self-contained HTML file, without scripts and without anything from elsewhere.

import { HATCH, STYLE } from './style.ts';
import { escapeText, type Markup } from './svg.ts';

export function page(title: string, ...content: readonly Markup[]): Markup {
	return [
		'<!doctype html>',
		'<html lang="en">',
		'<meta charset="utf-8">',
		'<meta name="viewport" content="width=device-width,initial-scale=1">',
		`<title>${escapeText(title)}</title>`,
		`<style>${STYLE}</style>`,
		HATCH,
		'<main>',
		...content.filter((part) => part !== ''),
		'</main>',
		'</html>',
		'',
	].join('\n');
}

export function heading(verdict: string, ok: boolean, ...lines: readonly Markup[]): Markup {
	const paragraphs = lines.map((line) => `<p>${line}</p>`).join('');
	return `<header><h1${ok ? '' : ' class="bad"'}>${escapeText(verdict)}</h1>${paragraphs}</header>`;
}

export function section(title: string, note: string, ...content: readonly Markup[]): Markup {
	const about = note === '' ? '' : `<p>${escapeText(note)}</p>`;
	return `<section><h2>${escapeText(title)}</h2>${about}${content.join('')}</section>`;
}

/** Key figures in one row: what, the figure, and a smaller remark. */
export function figures(rows: readonly (readonly [what: string, figure: string, remark?: string])[]): Markup {
	const items = rows.map(
		([what, value, remark = '']) =>
			`<div><dt>${escapeText(what)}</dt><dd>${escapeText(value)} <small>${escapeText(remark)}</small></dd></div>`,
	);
	return `<dl class="stats">${items.join('')}</dl>`;
}

export interface Cell {
	readonly text: string;
	readonly style?: string;
}

/** The first column holds names, the others figures. */
export function table(titles: readonly string[], rows: readonly (readonly (string | Cell)[])[]): Markup {
	const head = titles.map((title, i) => `<th${i > 0 ? ' class="n"' : ''}>${escapeText(title)}</th>`).join('');
	const body = rows.map((cells) => {
		const marked = cells.map((cell, i) => {
			const { text, style = '' } = typeof cell === 'string' ? { text: cell } : cell;
			return `<td class="${i > 0 ? 'n ' : ''}${style}">${escapeText(text)}</td>`;
		});
		return `<tr>${marked.join('')}</tr>`;
	});
	return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

/** What the fills mean: a swatch and a word each. */
export function legend(entries: readonly (readonly [style: string, word: string])[]): Markup {
	const items = entries.map(([style, word]) => {
		const swatch = style.includes('line')
			? `<line class="${style}" x1="0" x2="14" y1="6" y2="6"/>`
			: `<rect class="${style}" width="14" height="12"/>`;
		return `<span><svg viewBox="0 0 14 12" aria-hidden="true">${swatch}</svg>${escapeText(word)}</span>`;
	});
	return `<div class="legend">${items.join('')}</div>`;
}
