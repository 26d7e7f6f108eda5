// Which third-party packages a bundle contains, and the licence notices that they ask for.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// A new licence family is a decision for a person: the build stops until it stands here.
const ACCEPTED = new Set([
	'MIT',
	'Apache-2.0',
	'ISC',
	'0BSD',
	'BSD-2-Clause',
	'BSD-3-Clause',
	'BlueOak-1.0.0',
	'OFL-1.1', // fonts: may be shipped with software, their licence beside them
]);

/**
 * The folders of the packages to which files of a bundle belong.
 * @param {string} root folder that the paths are relative to
 * @param {readonly string[]} files
 * @returns {string[]}
 */
export function packageFolders(root, files) {
	const folders = files.flatMap((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []);
	return [...new Set(folders)].map((folder) => join(root, folder));
}

/**
 * The packages in these folders, in name order.
 * @param {readonly string[]} folders
 * @returns {{ name: string, version: string, licence: string, folder: string }[]}
 */
export function describePackages(folders) {
	// npm may install one version in several places: a notice needs it once.
	const packages = new Map(folders.map(describe).map((found) => [`${found.name} ${found.version}`, found]));
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
export function notices(agent, dashboard) {
	const texts = [...agent, ...dashboard].map(
		({ name, version, folder }) => `\n## ${name} ${version}\n\n${licenceTexts(folder)}`,
	);
	return [
		'# Third-party software',
		'',
		'The agent and the command line (`dist/agent`) contain these packages. The library contains none of them.',
		'',
		...table(agent),
		'',
		'The dashboard (`dist/dashboard`) contains these.',
		'',
		...table(dashboard),
		...texts,
		'',
	].join('\n');
}

function table(packages) {
	const rows = packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
	return ['| package | version | licence |', '|---|---|---|', ...rows];
}

function licenceTexts(folder) {
	const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(file));
	if (files.length === 0) return 'The package carries no licence text; its licence is named in the table above.';
	return files.map((file) => `\`\`\`text\n${readFileSync(join(folder, file), 'utf8').trim()}\n\`\`\``).join('\n\n');
}
