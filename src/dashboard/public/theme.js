// Sets the remembered theme before the page is painted, so that it does not flash in the other one.
try {
	const theme = localStorage.getItem('theme');
	if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch {
	// A browser that keeps nothing gets the theme of its system.
}
