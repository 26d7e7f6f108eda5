// The layers of the test suite, in the order in which they run, and which of them depend on real time.

/**
 * A layer is a vitest project. `realTime` layers drive sockets, processes or namespaces and run one file at a time,
 * so that a loaded machine slows them down instead of failing them.
 * @type {readonly { name: string, folder: string, realTime: boolean }[]}
 */
export const LAYERS = [
	{ name: 'unit', folder: 'src', realTime: false },
	{ name: 'property', folder: 'test/property', realTime: false },
	{ name: 'golden', folder: 'test/golden', realTime: false },
	{ name: 'scenarios', folder: 'test/scenarios', realTime: false },
	{ name: 'simulation', folder: 'test/simulation', realTime: false },
	{ name: 'fences', folder: 'test/fences', realTime: true },
	{ name: 'compliance', folder: 'test/compliance', realTime: true },
	{ name: 'interop', folder: 'test/interop', realTime: true },
	{ name: 'netns', folder: 'test/netns', realTime: true },
	{ name: 'package', folder: 'test/package', realTime: true },
	{ name: 'e2e', folder: 'test/e2e', realTime: true },
];

/** Minutes of real load, run on request alone: `npm run soak`. */
export const SOAK = { name: 'soak', folder: 'test/soak', realTime: true };
