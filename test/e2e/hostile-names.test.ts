// Attack: names and tags that are weapons. They arrive on the wire as they are; table, JSON, metrics, log and page stay safe.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IdentityPool } from '../../src/swim/index.ts';
import { createCodec } from '../../src/wire/index.ts';
import { type AgentProcess, startAgentProcess } from '../support/agent-process.ts';
import { cli, eventually } from '../support/cli.ts';
import { hasChromium, openBrowser, visit } from '../support/dashboard/browser.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Each with what it tries: to end a line, to paint, to be cut off, to be no text, to be markup, to turn the line around. */
const NAMES: readonly (readonly [what: string, name: Uint8Array])[] = [
	['NUL', bytes('nul\0name')],
	['a line break', bytes('line\nbreak\r\nlongbow-0  ● alive')],
	['an escape of the terminal', bytes('\u001b[31mred\u001b[2J\u009b1A')],
	['255 bytes', bytes('x'.repeat(255))],
	['invalid UTF-8', Uint8Array.of(0xff, 0xfe, 0xc3, 0x28, 0x61)],
	['markup', bytes('<img src=x onerror=alert(1)></script>')],
	['quotes and a label', bytes('a",member="b"} 1\n')],
	['a prototype', bytes('__proto__')],
	['a line turned around', bytes('\u202eevil\u2066')],
];

let agent: AgentProcess;

/** Everything says the same of where it is: nobody answers there, and nothing is lost by it. */
async function introduce(): Promise<void> {
	const codec = createCodec({ packetBytes: 1_400 });
	const pool = new IdentityPool((meta) => codec.decodeTags(meta));
	const socket = createSocket('udp4');
	const [host, port] = agent.gossip.split(':');
	for (const [index, [, name]] of NAMES.entries()) {
		const identity = pool.identity({
			name,
			addr: Uint8Array.of(127, 0, 0, 1),
			port: 9 + index,
			meta: codec.encodeTags({ evil: '\u001b]0;owned\u0007\n', '<b>': '</style>' }),
			vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
		});
		const packet = codec.packet();
		packet.message(codec.alive(identity, 9));
		await new Promise((sent) => socket.send(packet.finish({ crc: false }), Number(port), host, sent));
	}
	socket.close();
	await once(socket, 'close');
}

const ask = (args: readonly string[]) => cli(args, { env: { LONGBOW_ADDR: agent.status } });
const get = (path: string): Promise<Response> => fetch(`http://${agent.metrics}${path}`);

interface Listed {
	readonly members: readonly { readonly ID: string; readonly Tags: Record<string, string> }[];
}

beforeAll(async () => {
	agent = await startAgentProcess('a', { env: { LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '5m' } });
	await introduce();
	await eventually('all are known', async () => {
		const { members } = (await (await get('/api/v1/members')).json()) as Listed;
		return members.length === NAMES.length + 1 || undefined;
	});
}, 60_000);

afterAll(() => agent?.end());

/** Control characters that are no line feed: none may reach a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\0-\x09\x0b-\x1f\x7f-\x9f]/;

describe('attack: names with NUL, line breaks, 255 bytes, invalid UTF-8, markup', () => {
	it('a table has one line a member, and moves no cursor', async () => {
		const { code, out } = await ask(['members']);
		expect(code).toBe(0);
		expect(out).not.toMatch(CONTROL);
		expect(out.trimEnd().split('\n')).toHaveLength(1 + NAMES.length + 1);
		expect(out).toContain('\\x1b[31mred');
		for (const command of [['members', '--wide'], ['info'], ['ring', 'key'], ['why', 'nul\0name'.replace('\0', '')]]) {
			expect((await ask(command)).out).not.toMatch(CONTROL);
		}
	});

	it('JSON is valid, and says the names as they are', async () => {
		const printed = JSON.parse((await ask(['members', '--json'])).out) as Listed;
		const served = (await (await get('/api/v1/members')).json()) as Listed;
		for (const { members } of [printed, served]) {
			const names = new Set(members.map(({ ID }) => ID));
			for (const [what, name] of NAMES) expect([what, names.has(new TextDecoder().decode(name))]).toEqual([what, true]);
			const tags = members.find(({ ID }) => ID === '__proto__')?.Tags;
			expect(tags?.evil).toBe('\u001b]0;owned\u0007\n');
		}
	});

	it('metrics are lines that Prometheus reads, none of them longer for it', async () => {
		const page = await (await get('/metrics')).text();
		for (const line of page.split('\n').filter((each) => each !== '')) {
			expect(line).toMatch(/^(# (HELP|TYPE) \S+ .*|[a-z_0-9]+(\{[^{}]*\})? \S+)$/);
		}
		expect(page).not.toContain('evil');
		expect(page).not.toContain('onerror');
	});

	it('the page runs nothing that is not its own', async () => {
		const answer = await get('/');
		const policy = answer.headers.get('Content-Security-Policy') ?? '';
		expect(policy).not.toContain('unsafe-inline');
		expect(policy).toMatch(/default-src '(none|self)'/);
		expect(await answer.text()).not.toContain('onerror');
		expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
	});
});

describe.runIf(hasChromium)('attack: such names on the page, in a browser', () => {
	it('are text: nothing runs, nothing is fetched', { timeout: 90_000 }, async () => {
		const browser = await openBrowser();
		try {
			const { page, problems, foreign } = await visit(browser, `http://${agent.metrics}/`);
			await page.getByText('<img src=x').first().waitFor({ state: 'attached', timeout: 60_000 });
			expect(await page.locator('img[src="x"]').count()).toBe(0);
			expect(problems).toEqual([]);
			expect(foreign).toEqual([]);
		} finally {
			await browser.close();
		}
	});
});
