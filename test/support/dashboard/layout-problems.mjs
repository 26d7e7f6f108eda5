// What a machine can see of a layout, run inside the page: nothing scrolls, nothing overlaps, no text is cut.

/**
 * @param {boolean} mayScroll whether the page may be longer than the window
 * @returns {string[]} sentences about what is wrong
 */
export function layoutProblems(mayScroll) {
	const problems = [];
	const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
	if (scrollWidth > clientWidth) problems.push(`the page is ${scrollWidth - clientWidth} px too wide`);
	if (!mayScroll && scrollHeight > clientHeight) problems.push(`the page scrolls by ${scrollHeight - clientHeight} px`);
	const name = (element) => {
		const text = element.textContent?.trim().replace(/\s+/g, ' ').slice(0, 60);
		return `${element.tagName.toLowerCase()}.${element.className} “${text}”`;
	};
	const seen = (element) =>
		element.checkVisibility({ visibilityProperty: true }) && !element.closest('.unseen, [aria-hidden="true"], .scroll');
	const panels = [...document.querySelectorAll('main section')].filter(seen);
	for (const [at, one] of panels.entries()) {
		for (const other of panels.slice(at + 1)) {
			if (one.contains(other) || other.contains(one)) continue;
			const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
			const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
			const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
			if (across > 0.5 && down > 0.5) problems.push(`${name(one)} lies on ${name(other)}`);
		}
	}
	// A text is cut where a letter lies outside of any box around it that hides what does not fit.
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node = walker.nextNode(); node; node = walker.nextNode()) {
		const parent = node.parentElement;
		if (!parent || !node.textContent?.trim() || !seen(parent)) continue;
		const range = document.createRange();
		range.selectNodeContents(node);
		const lines = [...range.getClientRects()];
		for (let box = parent; box && box !== document.body; box = box.parentElement) {
			const style = getComputedStyle(box);
			if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
			const edge = box.getBoundingClientRect();
			for (const line of lines) {
				const whollyOut = line.top >= edge.bottom - 1 || line.left >= edge.right - 1;
				const cut = line.right > edge.right + 1 || line.left < edge.left - 1 || line.bottom > edge.bottom + 3;
				if (cut && !whollyOut) problems.push(`${name(parent)} is cut by ${name(box).slice(0, 40)}`);
			}
		}
	}
	return [...new Set(problems)].slice(0, 20);
}
