// `keygen`: a fresh gossip key on stdout, and nothing else.

import { randomBytes } from 'node:crypto';
import { oneOf } from '../../config/index.ts';
import { flagValue } from './client.ts';
import type { Command } from './command.ts';

export const keygen: Command = {
	name: 'keygen',
	group: 'other',
	summary: 'a fresh gossip key, in base64',
	examples: [
		['longbow-mesh keygen > gossip.keys', 'for LONGBOW_GOSSIP_KEYS_FILE'],
		['longbow-mesh keygen | tee new.key | longbow-mesh keys install --all', 'install it on every member'],
	],
	options: [
		{
			flags: '--bits <bits>',
			about: '128, 192 or 256 (256): AES-128, AES-192 or AES-256',
			values: ['128', '192', '256'],
		},
	],
	exitOne: 'it could not be made',
	async run(invocation) {
		const { json, terminal } = invocation;
		const bits = Number(flagValue(invocation, 'bits', oneOf(['128', '192', '256'])) ?? '256');
		const key = randomBytes(bits / 8).toString('base64');
		terminal.out(json ? JSON.stringify({ schema: 1, bits, key }) : key);
		if (terminal.statusWidth !== undefined) {
			terminal.note('Keep it secret. LONGBOW_GOSSIP_KEYS=<this>; rotate with: keys install, use, remove');
		}
		return 0;
	},
};
