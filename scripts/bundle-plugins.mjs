// How the bundle of the agent is cut so that a look command loads little: two rewritings of our own sources, on their way into esbuild.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * - A name that comes through a folder's index.ts is imported from the file that declares it: esbuild otherwise counts the whole
 *   folder as used by whoever uses one name of it, and puts all of it into what every command loads.
 * - What is imported late also reaches the commands, which are loaded by then. So whatever they share lands in one chunk with them;
 *   otherwise each late import cuts off a chunk of its own, a millisecond of start-up each.
 *
 * @param {string} root the repository
 * @param {string} commands the file that every command line loads, and a name that it exports
 * @returns {import('esbuild').Plugin}
 */
export function narrowChunks(root, commands, name) {
	const sources = join(root, 'src');
	const core = join(root, commands);
	const late = new Set();
	return {
		name: 'narrow-chunks',
		setup(build) {
			build.onResolve({ filter: /^\..*\.ts$/ }, ({ kind, path, resolveDir }) => {
				if (kind === 'dynamic-import') late.add(join(resolveDir, path));
				return undefined;
			});
			build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
				if (!path.startsWith(sources)) return undefined;
				const contents = withDirectImports(path);
				const reach = late.has(path) ? `\nexport { ${name} as __core } from ${JSON.stringify(core)};\n` : '';
				return { contents: contents + reach, loader: 'ts', resolveDir: dirname(path) };
			});
		},
	};
}

const IMPORT = /^import \{([^}]*)\} from '(\.[^']*\/index\.ts)';$/gm;

/** The file with each import of values through an index.ts written as imports of the declaring files. */
function withDirectImports(path) {
	return readFileSync(path, 'utf8').replace(IMPORT, (line, names, index) => {
		const folder = join(dirname(path), dirname(index));
		const declared = exportsOf(join(dirname(path), index));
		const values = listed(names);
		if (!values.every(({ from }) => declared.has(from))) return line;
		return values
			.map(({ from, to }) => {
				const { file, local } = declared.get(from);
				return `import { ${local} as ${to} } from ${JSON.stringify(join(folder, file))};`;
			})
			.join(' ');
	});
}

const known = new Map();
const EXPORT = /^export \{([^}]*)\} from '(\.\/[^']*\.ts)';$/gm;

/** Where an index.ts has each of its values from. */
function exportsOf(index) {
	const before = known.get(index);
	if (before) return before;
	const declared = new Map();
	for (const [, names, file] of readFileSync(index, 'utf8').matchAll(EXPORT))
		for (const { from, to } of listed(names)) declared.set(to, { file, local: from });
	known.set(index, declared);
	return declared;
}

/** The values of `a, type B, c as d`. */
function listed(names) {
	return names
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '' && !name.startsWith('type '))
		.map((name) => {
			const [from, to = from] = name.split(' as ');
			return { from, to };
		});
}
