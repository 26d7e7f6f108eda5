// Writes the software bill of materials of the published package (CycloneDX): what is bundled into dist, with versions, licences and hashes.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** `name@version` of each package in the table of THIRD-PARTY.md, which the bundler has written. */
function bundled() {
	const page = readFileSync(join(root, 'THIRD-PARTY.md'), 'utf8');
	const rows = [...page.matchAll(/^\| ([^|\s]+) \| (\d[^|\s]*) \| [^|]+ \|$/gm)];
	return new Set(rows.map(([, name, version]) => `${name}@${version}`));
}

/** npm knows all that is installed here, tools of the build included; `overrides` because it takes the folder's name for ours. */
function installed() {
	const { stdout, stderr, status } = spawnSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
		cwd: root,
		encoding: 'utf8',
		maxBuffer: 64 * 1024 * 1024,
	});
	if (status !== 0) throw new Error(`npm sbom: ${stderr}`);
	return JSON.parse(stdout);
}

/** The document without what is not shipped. @throws {Error} naming a package that npm does not know. */
export function billOfMaterials() {
	const wanted = bundled();
	const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	const all = installed();
	const components = all.components
		.filter((component) => wanted.has(component['bom-ref']))
		// Here they are tools; in the package they are part of it.
		.map(({ properties: _, ...component }) => component);
	const known = new Set(components.map((component) => component['bom-ref']));
	const missing = [...wanted].filter((reference) => !known.has(reference));
	if (missing.length > 0) throw new Error(`npm sbom knows nothing of ${missing.join(', ')}`);
	const self = { ...all.metadata.component, name };
	const dependencies = [
		{ ref: self['bom-ref'], dependsOn: [...known] },
		...all.dependencies
			.filter(({ ref }) => known.has(ref))
			.map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => known.has(other)) })),
	];
	return { ...all, metadata: { ...all.metadata, component: self }, components, dependencies };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const path = process.argv[2] ?? join(root, 'dist/sbom.cdx.json');
	mkdirSync(dirname(path), { recursive: true });
	const document = billOfMaterials();
	writeFileSync(path, `${JSON.stringify(document, null, '\t')}\n`);
	console.log(`sbom: ${path}, ${document.components.length} packages`);
}
