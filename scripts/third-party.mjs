// Which third-party packages a bundle contains, and the licence notices that they ask for.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// A new licence family is a decision for a person: the build stops until it stands here.
const ACCEPTED = new Set(['MIT', 'Apache-2.0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0']);

/**
 * The packages of which at least one byte reached the output, in name order.
 * @param {string} root folder that the metafile's paths are relative to
 * @param {import('esbuild').Metafile} metafile
 * @returns {{ name: string, version: string, licence: string, folder: string }[]}
 */
export function bundledPackages(root, metafile) {
	const folders = new Set();
	for (const output of Object.values(metafile.outputs)) {
		for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
			const folder = bytesInOutput > 0 ? path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] : undefined;
			if (folder !== undefined) folders.add(join(root, folder));
		}
	}
	// npm may install one version in several places: a notice needs it once.
	const packages = new Map([...folders].map(describe).map((found) => [`${found.name} ${found.version}`, found]));
	return [...packages.keys()].sort().map((key) => packages.get(key));
}

function describe(folder) {
	const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	if (!ACCEPTED.has(license)) {
		throw new Error(
			`${name} ${version} is under ${JSON.stringify(license)}, which is not among ${[...ACCEPTED].join(', ')}`,
		);
	}
	return { name, version, licence: license, folder };
}

/** The text of THIRD-PARTY.md. */
export function notices(packages) {
	const rows = packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
	return [
		'# Third-party software',
		'',
		'The agent and the command line (`dist/agent`) contain these packages. The library contains none of them.',
		'',
		'| package | version | licence |',
		'|---|---|---|',
		...rows,
		...packages.map(({ name, version, folder }) => `\n## ${name} ${version}\n\n${licenceTexts(folder)}`),
		'',
	].join('\n');
}

function licenceTexts(folder) {
	const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(file));
	if (files.length === 0) return 'The package carries no licence text; its licence is named in the table above.';
	return files.map((file) => `\`\`\`text\n${readFileSync(join(folder, file), 'utf8').trim()}\n\`\`\``).join('\n\n');
}
