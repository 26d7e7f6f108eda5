// docs/configuration.md is made of the table of options; `npx vitest run test/golden/configuration-page.test.ts -u` writes it anew.

import { expect, it } from 'vitest';
import { CLI_ENVIRONMENT, OPTION_NAMES, OPTIONS, type OptionName } from '../../src/config/index.ts';

const HEAD = `# Configuration

An agent reads flags, environment, file and defaults; the first of them that has a value wins. \`longbow-mesh agent --print-config\` shows each value
in force and where it came from. The file (\`--config mesh.yaml\`, YAML or JSON) is nested by the dots of the names here, which are those of the Helm
values. An empty value counts as absent. Lists are separated by commas; in a file they may be lists, and a flag may be repeated.

A value that cannot be used stops the start with one line that names the variable, the value and what is allowed, and with exit code 2; all such lines
are told at once. A variable that nobody knows is warned about, with the nearest known one.
`;

const TAIL = `
## Discovery

\`LONGBOW_GOSSIP_DISCOVERY_PROVIDER\` names one provider or several (\`static,k8s\`). Static peers are contacted in any case. What providers find are hints:
an answer that fails, is empty or comes late takes nobody out of the mesh, and members that are known stay known while no provider answers.

- \`static\`: the peers of \`LONGBOW_GOSSIP_STATIC_PEERS\`. One without a port is looked for at this node's own, \`LONGBOW_GOSSIP_PORT\`. All addresses of a name count; names are resolved again every 30 s, and names that do not
  resolve are tried for ever, after 0.5 s at first and every 30 s in the end.
- \`dns\`: the record of \`LONGBOW_GOSSIP_DNS_RECORD\`, fully qualified. A name whose first character is \`_\` is asked for SRV, and its targets and ports are the peers;
  any other name is asked for A and AAAA, with the gossip port. It is asked again when the smallest TTL of the addresses is over, between 1 s and 30 s.
- \`k8s\`: the running pods of \`LONGBOW_GOSSIP_NAMESPACE\` that match \`LONGBOW_GOSSIP_LABEL_SELECTOR\`. It needs the package \`@kubernetes/client-node\`, which the
  image has, and a Role that may list and watch pods.

\`longbow-mesh info\`, the action \`DiscoveryStatus\` and the metrics \`gossip_discovery_*\` tell what each provider found, when, and what is wrong with it;
the log has one line for each change, with \`"component":"discovery"\`.

## The advertised address

The others are told \`LONGBOW_GOSSIP_ADVERTISE_ADDR\`, else the bound address; where the port is bound to all addresses, they are told \`POD_IP\`, else
\`NODE_IP\` (the downward API of Kubernetes), else the address of the interface with the default route, else the first external one. It is chosen once, at
the start. An agent whose host has no address yet, although its peers are elsewhere, waits for one for 10 s; without one it does not start, and neither
when it would advertise loopback to a static peer on another host (exit code 1).

## Readiness

\`/readyz\` answers 200 once the node holds the state of a peer and its view was equal to another member's, or once it is known to be alone: discovery
has answered, and no known address has for 3 s. After that, only leaving, a name that another process took, or the end of the process makes it 503; the answer
says why in a sentence.
`;

const SECTIONS: readonly (readonly [title: string, holds: (name: OptionName) => boolean])[] = [
	['The node and its doors', (name) => !name.startsWith('gossip.')],
	['Gossip', (name) => name.startsWith('gossip.') && !name.startsWith('gossip.discovery.')],
	['First peers', (name) => name.startsWith('gossip.discovery.')],
];

function section(title: string, names: readonly OptionName[]): string {
	const rows = names.map((name) => {
		const { env, flag, about, kind } = OPTIONS[name];
		const cells = [
			`\`${env}\``,
			flag === undefined ? '' : `\`${flag}\``,
			`\`${name}\``,
			kind.allowed,
			defaultOf(name),
			about,
		];
		return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
	});
	return `
## ${title}

| variable | flag | in the file | value | default | what it is |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

const COMMANDS = `
## The commands

The commands that ask an agent (\`members\`, \`why\`, \`doctor\`, …) read these two, and \`LONGBOW_META_TLS_CA\`, \`…_CERT\`, \`…_KEY\` and \`…_SERVER_NAME\` where the
status API speaks TLS.

| variable | flag | what it is |
|---|---|---|
${Object.entries(CLI_ENVIRONMENT)
	.map(([name, { flag, about }]) => `| \`${name}\` | ${flag === undefined ? '' : `\`${flag}\``} | ${about} |`)
	.join('\n')}
`;

function defaultOf(name: OptionName): string {
	const { default: value, defaultText, kind } = OPTIONS[name] as { [K in OptionName]: (typeof OPTIONS)[K] }[OptionName];
	if (defaultText !== undefined) return defaultText;
	const text = value === undefined ? '' : (kind.format as (value: unknown) => string)(value);
	return text === '' ? 'none' : `\`${text}\``;
}

it('seed 11: docs/configuration.md tells every option', async () => {
	const told = SECTIONS.map(([title, holds]) => [title, OPTION_NAMES.filter(holds)] as const);
	expect(told.flatMap(([, names]) => names)).toHaveLength(OPTION_NAMES.length);
	const page = `${HEAD}${told.map(([title, names]) => section(title, names)).join('')}${COMMANDS}${TAIL}`;
	await expect(page).toMatchFileSnapshot('../../docs/configuration.md');
});
