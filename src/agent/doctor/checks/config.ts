// Check `config`: values that are valid and still do not fit together, and names in the environment that nobody reads.

import { type AgentConfig, ConfigError, loadConfig, OPTION_NAMES, OPTIONS } from '../../../config/index.ts';
import { durationText } from '../../../status/index.ts';
import type { Surroundings } from '../context.ts';
import { type Finding, fail, pass, warn } from '../finding.ts';

/** Fewer periods than that, and a member that is only slow is declared dead. */
const LEAST_PERIODS = 5;

export function checkConfig({ config, env }: Surroundings): Finding {
	const { suspicionTimeout, protocolPeriod, ackTimeout } = config.gossip;
	if (ackTimeout >= protocolPeriod) {
		return fail(
			`ackTimeout ${durationText(ackTimeout)} is not shorter than protocolPeriod ${durationText(protocolPeriod)}`,
			{
				try: [`LONGBOW_GOSSIP_PROTOCOL_PERIOD=${2 * ackTimeout}ms`],
			},
		);
	}
	if (suspicionTimeout !== 'auto' && suspicionTimeout < LEAST_PERIODS * protocolPeriod) {
		return warn(
			`suspicionTimeout ${durationText(suspicionTimeout)} is less than ${LEAST_PERIODS} periods of ${durationText(protocolPeriod)}`,
			{
				why: 'Members that are only slow will be declared dead.',
				try: [`LONGBOW_GOSSIP_SUSPICION_TIMEOUT=${2 * LEAST_PERIODS * protocolPeriod}ms`],
			},
		);
	}
	const [typo, ...more] = unknownNames(env);
	if (typo !== undefined) {
		return warn(typo, {
			why: 'Its value has no effect.',
			...(more.length > 0 && { try: more.map((each) => `also: ${each}`) }),
		});
	}
	const changed = changedValues(config);
	return pass(`valid; ${changed} of ${OPTION_NAMES.length} values differ from their defaults`, { changed });
}

/** Configuration that could not be read at all, as `--offline` meets it. */
export function badConfig(error: ConfigError): Finding {
	const [first = '', ...more] = error.problems;
	return fail(first, more.length > 0 ? { why: more.join('; ') } : {});
}

/** Sentences about names like ours that no option has. The values do not matter here: the agent runs with good ones. */
function unknownNames(env: Surroundings['env']): readonly string[] {
	const warnings = (): readonly string[] => {
		try {
			return loadConfig({ env, hostName: 'doctor' }).warnings;
		} catch (error) {
			if (error instanceof ConfigError) return error.warnings;
			throw error;
		}
	};
	return warnings().filter((each) => each.includes(' is not known'));
}

function changedValues(config: AgentConfig): number {
	const values = config as unknown as Record<string, unknown>;
	return OPTION_NAMES.filter((name) => {
		const value = name.split('.').reduce<unknown>((group, key) => (group as typeof values)[key], values);
		return JSON.stringify(value) !== JSON.stringify(OPTIONS[name].default);
	}).length;
}
