// Adds up what vitest reported, layer by layer, and notices what the counts do not show.

/**
 * One layer. A file that did not load counts as one failure: its tests are not in the report.
 * @param {{ name: string, folder: string }} layer
 * @param {readonly { name: string, status: string, assertionResults: readonly { status: string }[] }[]} files
 * 	`testResults` of vitest's JSON reporter, with names relative to the repository
 * @returns {{ name: string, passed: number, failed: number, skipped: number }}
 */
export function tally(layer, files) {
	const count = { name: layer.name, passed: 0, failed: 0, skipped: 0 };
	for (const file of files) {
		if (!file.name.startsWith(`${layer.folder}/`)) continue;
		const failedBefore = count.failed;
		for (const { status } of file.assertionResults) {
			count[status === 'passed' || status === 'failed' ? status : 'skipped']++;
		}
		if (file.status === 'failed' && count.failed === failedBefore) count.failed++;
	}
	return count;
}

/**
 * A layer that ran nothing proves nothing. It is wrong when the layer holds no test at all, and on CI, where
 * everything that tests need is installed, also when all of its tests were skipped.
 * @param {readonly { name: string, passed: number, failed: number, skipped: number }[]} counts
 * @param {readonly (number | null)[]} exitCodes of the vitest processes; null = ended by a signal
 * @param {boolean} onCi
 * @returns {string[]} one sentence for each failure that is not a failed test
 */
export function complaints(counts, exitCodes, onCi) {
	const found = [];
	for (const { name, passed, failed, skipped } of counts) {
		if (passed + failed === 0 && (skipped === 0 || onCi)) found.push(`${name}: no test ran`);
	}
	const explained = found.length > 0 || counts.some(({ failed }) => failed > 0);
	if (!explained && exitCodes.some((code) => code !== 0)) {
		found.push('vitest ended with an error outside of any test, see above');
	}
	return found;
}
