// Bundles what runs: the library, and with third-party packages inside the agent and the dashboard; writes THIRD-PARTY.md for what came along.

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleAgent } from './bundle-agent.mjs';
import { bundleDashboard } from './bundle-dashboard.mjs';
import { bundleLibrary } from './bundle-library.mjs';
import { describePackages, notices } from './third-party.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
await bundleLibrary(root);
const [agent, dashboard] = (await Promise.all([bundleAgent(root), bundleDashboard(root)])).map(describePackages);
writeFileSync(join(root, 'THIRD-PARTY.md'), notices(agent, dashboard));
console.log(`bundle: dist/agent with ${agent.length} third-party packages, dist/dashboard with ${dashboard.length}`);
