// The floors of the house: which folder may import which, and which folder owns which npm package.

const PARTS = ['wire', 'net', 'discovery', 'ring'];
const VIEWS = ['status', 'journal', 'serf'];
const TWINS = ['mesh', 'sim'];
const SURFACES = ['flight', 'http', 'metrics', 'dashboard', 'config'];

/** A folder imports only what stands beside its name, and only through that folder's index.ts. */
const mayImport = {
	swim: [],
	words: [],

	wire: ['swim'],
	net: ['swim'],
	discovery: ['swim'],
	ring: ['swim'],

	status: ['swim', ...PARTS],
	journal: ['swim', ...PARTS],
	serf: ['swim', ...PARTS],

	mesh: ['swim', 'words', ...PARTS, ...VIEWS],
	sim: ['swim', ...PARTS, ...VIEWS],

	flight: ['swim', ...PARTS, ...VIEWS, ...TWINS],
	http: ['swim', ...PARTS, ...VIEWS, ...TWINS],
	metrics: ['swim', ...PARTS, ...VIEWS, ...TWINS],
	dashboard: ['swim', 'ring', 'status'], // it runs in a browser: only what knows no platform
	config: ['swim', 'words', ...PARTS, ...VIEWS, ...TWINS],

	agent: ['swim', 'words', ...PARTS, ...VIEWS, ...TWINS, ...SURFACES],
};

/** An npm package is imported by one folder, so replacing it touches one folder. What is not named here is not imported. */
const owner = {
	commander: 'agent',
	pino: 'agent',
	'@grpc/grpc-js': 'flight',
	'@grpc/proto-loader': 'flight',
	'prom-client': 'metrics',
	hono: 'http',
	'@hono/node-server': 'http',
	yaml: 'config',
	'@kubernetes/client-node': 'discovery',
	svelte: 'dashboard',
	'@fontsource/ibm-plex-mono': 'dashboard',
	'@fontsource/ibm-plex-sans-condensed': 'dashboard',
};

const TEST = '\\.test\\.ts$';
const anyOf = (names) => `(${names.join('|')})`;
const inPackage = (name) => `(^|/)node_modules/${name}/`;

const floors = Object.entries(mayImport).map(([folder, below]) => ({
	name: `floor-${folder}`,
	comment: `src/${folder} imports ${below.length === 0 ? 'no other folder' : `only from ${below.join(', ')}`}.`,
	severity: 'error',
	from: { path: `^src/${folder}/`, pathNot: TEST },
	to: { path: '^src/', pathNot: `^src/${anyOf([folder, ...below])}/` },
}));

const owners = Object.entries(owner).map(([name, folder]) => ({
	name: `owner-${name}`,
	comment: `Only src/${folder} imports ${name}.`,
	severity: 'error',
	from: { path: '^src/', pathNot: `^src/${folder}/` },
	to: { path: inPackage(name) },
}));

const fences = [
	{
		name: 'only-listed-folders',
		comment: 'A folder of src stands in the table of floors.',
		severity: 'error',
		from: { path: '^src/', pathNot: `^src/${anyOf(Object.keys(mayImport))}/` },
		to: {},
	},
	{
		name: 'through-the-index',
		comment: 'What another folder offers stands in its index.ts.',
		severity: 'error',
		from: { path: '^src/([^/]+)/', pathNot: TEST },
		to: { path: '^src/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
	},
	{
		name: 'no-cycles',
		comment: 'Files that import each other cannot be read one after the other.',
		severity: 'error',
		from: { path: '^src/' },
		to: { circular: true },
	},
	{
		name: 'only-owned-packages',
		comment: 'An npm package that src imports has an owner in the table of owners.',
		severity: 'error',
		from: { path: '^src/', pathNot: TEST },
		to: { path: '(^|/)node_modules/', pathNot: inPackage(anyOf([...Object.keys(owner), '@types/node'])) },
	},
	{
		name: 'pure',
		comment: 'swim, ring and status know no platform.',
		severity: 'error',
		from: { path: '^src/(swim|ring|status)/', pathNot: TEST },
		to: { dependencyTypes: ['core'] },
	},
	{
		name: 'ring-without-events',
		comment: 'The ring is a pure function of its members; only its follower knows of mesh events.',
		severity: 'error',
		from: { path: '^src/ring/', pathNot: ['^src/ring/(index|ring-follower)\\.ts$', TEST] },
		to: { path: '^src/ring/ring-follower\\.ts$' },
	},
	{
		name: 'packages-by-name',
		comment:
			'Only our own modules are imported while the program runs: a bundled package of CommonJS loses its names so.',
		severity: 'error',
		from: { path: '^src/', pathNot: TEST },
		to: { dynamic: true, path: '(^|/)node_modules/', pathNot: inPackage('@kubernetes/client-node') },
	},
	{
		name: 'no-test-code',
		comment: 'Nothing that is shipped imports a test.',
		severity: 'error',
		from: { path: '^src/', pathNot: TEST },
		to: { path: [TEST, '^test/'] },
	},
	{
		name: 'resolvable',
		comment: 'An import that leads nowhere is not checked by any other rule.',
		severity: 'error',
		from: { path: '^src/' },
		to: { couldNotResolve: true },
	},
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
	forbidden: [...floors, ...owners, ...fences],
	options: {
		doNotFollow: { path: 'node_modules' },
		tsPreCompilationDeps: true, // `import type` counts: a type is knowledge too
		enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
	},
};
