// `sim`: what a cluster would do, in simulated time, network and faults.

import type { Command } from './command.ts';

export const sim: Command = {
	name: 'sim',
	group: 'run',
	summary: 'what a cluster would do, in simulated time and weather',
	examples: [
		['longbow-mesh sim', '64 nodes for 10 simulated minutes'],
		['longbow-mesh sim --nodes 200 --weather storm', 'in bad weather; the seed that is printed repeats it'],
		['longbow-mesh sim --loss 0.03 --rtt 2ms --partition 30s@2m --crash n3@1m', 'your network, your faults'],
		['longbow-mesh sim --weather cloud --html report.html', 'and a report to look at'],
		['longbow-mesh sim --scenario run.json', 'what --json printed of a run, edited and run again'],
		['longbow-mesh sim --crash n3@1m --out run.lbj', 'then: longbow-mesh replay run.lbj --why n3'],
		['longbow-mesh sim --nodes 24 --for 2m --open', 'then the dashboard over it: play, step, from whose view you like'],
		['longbow-mesh sim --hunt 5m', 'look for a seed that breaks an invariant'],
		['longbow-mesh sim --sweep loss=0..0.3 --html curves.html', 'how detection and load depend on loss'],
	],
	options: [
		{ flags: '--nodes <n>', about: 'hosts at the start (64)' },
		{ flags: '--for <duration>', about: 'how long faults may happen, simulated (10m; each run of a sweep 2m)' },
		{ flags: '--seed <n>', about: 'the same seed and flags are the same run, byte for byte (drawn)' },
		{
			flags: '--weather <name>',
			about: 'calm, lan, cloud, storm (lan), or drawn by the seed, nodes included',
			values: ['calm', 'lan', 'cloud', 'storm', 'drawn'],
		},
		{
			flags: '--scenario <file>',
			about: 'weather and faults from a file, as --json tells them; instead of --weather',
			values: 'file',
		},
		{ flags: '--loss <share>', about: 'share of packets that vanish, 0 to 1' },
		{ flags: '--duplication <share>', about: 'share of packets that arrive twice, 0 to 1' },
		{ flags: '--rtt <duration>', about: 'round trip on all links, without jitter' },
		{ flags: '--jitter <duration>', about: 'mean of the delay added to one way, with a long tail' },
		{ flags: '--udp-only', about: 'nothing but UDP passes: no TCP fallback for probes' },
		{ flags: '--partition <for@at>', about: 'cut the cluster in halves: 30s@2m; may be repeated', repeated: true },
		{ flags: '--crash <host@at>', about: 'end a process without a word: n3@2m; may be repeated', repeated: true },
		{ flags: '--period <duration>', about: 'protocol period (200ms)' },
		{ flags: '--ack-timeout <duration>', about: 'before helpers are asked (100ms)' },
		{ flags: '--suspicion-timeout <duration>', about: 'of a confirmed suspicion (5s)' },
		{ flags: '--checks <names>', about: 'which invariants are watched, separated by commas (all)' },
		{ flags: '--until <duration>', about: 'end the run there, without healing' },
		{ flags: '--sweep <flag=a..b:steps>', about: 'one run for each of so many values (7)' },
		{
			flags: '--hunt <duration>',
			about: 'one seed after the other, 30s each in drawn weather, until something breaks',
		},
		{ flags: '--html <path>', about: 'write a report, one file', values: 'file' },
		{ flags: '--out <path>', about: 'write the journal of one host, for replay', values: 'file' },
		{ flags: '--view <host>', about: 'whose journal --out is (n0)' },
		{ flags: '--open', about: 'then serve the dashboard over the run on a free port of loopback, until Ctrl-C' },
	],
	exitOne: 'an invariant was broken, or the views did not become equal in time; 130 Ctrl-C, with what was found so far',
	async run(invocation) {
		const { runSim } = await import('../sim/run.ts');
		return runSim(invocation);
	},
};
